/** The page's end of the WebSocket to the host. What is sent before it is open waits in order. */
import type { HostFrame, PageFrame } from '../wire/frames.ts';

export type FrameOf<K extends HostFrame['kind']> = Extract<HostFrame, { kind: K }>;

export class Link {
  private readonly socket: WebSocket;
  private waiting: string[] | null = [];
  private readonly listeners = new Set<(frame: HostFrame) => void>();

  constructor(address: string) {
    this.socket = new WebSocket(address);
    this.socket.addEventListener('open', () => {
      const waiting = this.waiting ?? [];
      this.waiting = null;
      for (const text of waiting) this.socket.send(text);
    });
    this.socket.addEventListener('message', (event: MessageEvent<string>) => {
      const frame = JSON.parse(event.data) as HostFrame;
      for (const listener of this.listeners) listener(frame);
    });
  }

  send(frame: PageFrame): void {
    const text = JSON.stringify(frame);
    if (this.waiting) this.waiting.push(text);
    // A page whose host is gone speaks to nobody; under Electron it would be gone too.
    else if (this.socket.readyState === WebSocket.OPEN) this.socket.send(text);
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
