/**
 * The page's end of the WebSocket to the host. Messages sent before it is open are queued in order. Platform functions
 * are captured before any page script runs, so a page that replaces them cannot observe the connection.
 */
import type { HostFrame, PageFrame } from '../wire/frames.ts';

export type FrameOf<K extends HostFrame['kind']> = Extract<HostFrame, { kind: K }>;

const { parse, stringify } = JSON;

export class Link {
  private readonly socket: WebSocket;
  private readonly write: (text: string) => void;
  private waiting: string[] | null = [];
  private readonly listeners = new Set<(frame: HostFrame) => void>();

  constructor(address: string) {
    this.socket = new WebSocket(address);
    this.write = this.socket.send.bind(this.socket);
    this.socket.addEventListener('open', () => {
      const waiting = this.waiting ?? [];
      this.waiting = null;
      for (const text of waiting) this.write(text);
    });
    this.socket.addEventListener('message', (event: MessageEvent<string>) => {
      const frame = parse(event.data) as HostFrame;
      for (const listener of this.listeners) listener(frame);
    });
  }

  send(frame: PageFrame): void {
    const text = stringify(frame);
    if (this.waiting) this.waiting.push(text);
    // Once the host is gone, messages are dropped; under Electron the page would be gone too.
    else if (this.socket.readyState === WebSocket.OPEN) this.write(text);
  }

  /** Subscribes to frames of one kind for the lifetime of the document. */
  on<K extends HostFrame['kind']>(kind: K, run: (frame: FrameOf<K>) => void): void {
    this.listeners.add((frame) => {
      if (isKind(frame, kind)) run(frame);
    });
  }

  /** Runs when the host is gone. */
  onClose(run: () => void): void {
    this.socket.addEventListener('close', run);
  }
}

function isKind<K extends HostFrame['kind']>(frame: HostFrame, kind: K): frame is FrameOf<K> {
  return frame.kind === kind;
}
