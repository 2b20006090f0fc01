/**
 * Ends connections a few per turn. When a proxy restarts or a cable is pulled, the ends of thousands are read in one turn
 * of the event loop, and to close all of them in it would hold up everybody else.
 */
import type { Duplex } from 'node:stream';
import { createSlices, type Turns } from '../turns.ts';

/** Connections closed per turn: the first ones, which find cold code, take a quarter of a millisecond each. */
const AT_ONCE = 50;

export interface Ends {
  /** Whatever listens now for the end of what the peer sends is told in a turn of its own, unless it is closed by then. */
  delay(socket: Duplex): void;
}

export function createEnds(turns: Turns): Ends {
  const closings = createSlices(turns, AT_ONCE);
  return {
    delay(socket) {
      const listeners = socket.listeners('end');
      socket.removeAllListeners('end');
      socket.once('end', () => {
        void closings.next().then(() => {
          if (socket.destroyed) return;
          for (const listener of listeners) listener.call(socket);
        });
      });
    },
  };
}
