/** One document of a page, seen from the host: its frames in and out, for as long as its WebSocket lives. */
import type { WebSocket } from 'ws';
import type { HostFrame, PageFrame } from '../wire/frames.ts';
import { readPageFrame } from './page-frame.ts';

/** Hears each frame as it crosses; for tests that look for what must never cross. */
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
    // What is sent to a page that is going is lost, as with Electron.
    this.socket.send(text, () => undefined);
  }

  /** Starts to hear. `closed` runs once, after the last frame. */
  listen(heard: (frame: PageFrame) => void, closed: () => void): void {
    this.socket.on('message', (data, isBinary) => {
      if (isBinary || !Buffer.isBuffer(data)) return;
      const text = data.toString('utf8');
      this.tap('to-main', text);
      const frame = readPageFrame(text);
      // The runtime in the page sends no other frames: somebody else speaks.
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
