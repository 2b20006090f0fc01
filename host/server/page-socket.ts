/** One document of a page as seen by the host: its frames in both directions, for the lifetime of its WebSocket. */
import type { WebSocket } from 'ws';
import type { HostFrame, PageFrame } from '../wire/frames.ts';
import { readPageFrame } from './page-frame.ts';

/** Called with every frame that crosses; lets tests check what must never cross. */
export type WireTap = (direction: 'to-main' | 'to-page', text: string) => void;

export class PageSocket {
  private readonly socket: WebSocket;
  private readonly tap: WireTap;

  constructor(socket: WebSocket, tap: WireTap) {
    this.socket = socket;
    this.tap = tap;
  }

  send(frame: HostFrame): void {
    const text = JSON.stringify(frame);
    this.tap('to-page', text);
    // As in Electron, messages to a page that is going away are lost.
    this.socket.send(text, () => undefined);
  }

  /** Starts receiving. `closed` runs once, after the last frame. */
  listen(heard: (frame: PageFrame) => void, closed: () => void): void {
    this.socket.on('message', (data, isBinary) => {
      if (isBinary || !Buffer.isBuffer(data)) return;
      const text = data.toString('utf8');
      this.tap('to-main', text);
      const frame = readPageFrame(text);
      // The runtime in the page never sends such frames, so this comes from something else.
      if (frame === null) this.socket.terminate();
      else heard(frame);
    });
    this.socket.on('close', closed);
    this.socket.on('error', () => this.socket.terminate());
  }

  terminate(): void {
    this.socket.terminate();
  }
}
