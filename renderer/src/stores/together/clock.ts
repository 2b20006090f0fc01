/** The clocks of both sides: questions go out, their answers come in, and the estimate follows. */
import { estimate, withExchange, type ClockOffset } from '../../engines/together/clock-offset.ts';
import type { TogetherMessage } from '../../engines/together/message.ts';

/** Questions in quick succession at the begin, milliseconds apart, then more slowly. */
const FIRST = 8;
const FIRST_EVERY = 200;
const EVERY = 2_000;
/** Questions that wait for their answer. */
const MOST_OPEN = 16;

export interface ClockParts {
  readonly send: (message: TogetherMessage) => void;
  /** Monotonic, in milliseconds. */
  readonly now: () => number;
}

export interface PeerClock {
  /** Null while it is unknown. */
  estimate(): ClockOffset | null;
  /** There is another connection, and maybe another page behind it. */
  reset(): void;
  /** Time passes: asks when it is time. */
  tick(): void;
  hear(message: TogetherMessage & { kind: 'ping' | 'pong' }): void;
}

/** Measures as long as it is ticked. */
export function createPeerClock({ send, now }: ClockParts): PeerClock {
  let known: readonly ClockOffset[] = [];
  const open = new Map<number, number>();
  let asked = 0;
  let askedAt = Number.NEGATIVE_INFINITY;
  let soon = FIRST;

  return {
    estimate: () => estimate(known),
    reset() {
      known = [];
      open.clear();
      [askedAt, soon] = [Number.NEGATIVE_INFINITY, FIRST];
    },
    tick() {
      const time = now();
      if (time - askedAt < (soon > 0 ? FIRST_EVERY : EVERY)) return;
      askedAt = time;
      soon -= 1;
      asked += 1;
      open.set(asked, time);
      for (const id of [...open.keys()].slice(0, Math.max(0, open.size - MOST_OPEN))) open.delete(id);
      send({ kind: 'ping', id: asked, sent: time });
    },
    hear(message) {
      const time = now();
      if (message.kind === 'ping') return send({ kind: 'pong', id: message.id, received: time, sent: time });
      const sent = open.get(message.id);
      // An answer to nothing, or a second one.
      if (sent === undefined) return;
      open.delete(message.id);
      known = withExchange(known, { asked: sent, received: message.received, answered: message.sent, returned: time });
    },
  };
}
