/**
 * The page's end of the WebSocket to the host. What is sent before it is open waits in order. The platform's functions
 * are held as they are before any script of the page has run: a page that changes them hears nothing of the link.
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
    // A page whose host is gone speaks to nobody; under Electron it would be gone too.
    else if (this.socket.readyState === WebSocket.OPEN) this.write(text);
  }

  /** Hears frames of one kind for the life of the document. */
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
