/**
 * Presence. A user is online from the first connection until shortly after the last one is gone (a reconnect is not an
 * absence). Everybody who shares a chat with them is notified of both.
 */
import type { Bus } from '../delivery/ports.ts';
import { createSlices, type Turns } from '../turns.ts';
import type { Leases } from './ports.ts';
import { iso } from './views.ts';

/** A user whose last connection is gone. */
export interface Absence {
  userId: string;
  /** When it went, in milliseconds since the epoch. */
  since: number;
}

export interface PresenceOptions {
  bus: Pick<Bus, 'online' | 'publish'>;
  /** By user; held as long as an absence is not announced yet. */
  absences: Leases<Absence>;
  peersOf: (userId: string) => Promise<readonly string[]>;
  saveSeen: (userId: string, at: number) => void;
  /** Paces the announcements. */
  turns: Turns;
  onFault: (error: unknown) => void;
  now: () => number;
}

export interface Presence {
  /** The user's first connection is there, or the last one is gone. */
  changed: (userId: string, connected: boolean) => void;
  /** Those of the given users who are online, including those within the grace period. */
  online(userIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** Announces nothing any more. */
  close(): void;
}

/** Peers notified per turn of the event loop. */
const PEERS_AT_ONCE = 100;
/** People whose announcement begins per turn: when thousands go at once, each looks up their peers. */
const PEOPLE_AT_ONCE = 10;

export function createPresence(options: PresenceOptions): Presence {
  const { bus, absences, peersOf, saveSeen, turns, onFault, now } = options;
  // The announcement each user's next one waits for: the last one must be the last to arrive.
  const lines = new Map<string, Promise<void>>();
  const begins = createSlices(turns, PEOPLE_AT_ONCE);
  let closed = false;

  function inLine(userId: string, task: () => Promise<void>): void {
    const before = lines.get(userId) ?? Promise.resolve();
    const mine: Promise<void> = before
      .then(task)
      .catch(onFault)
      .finally(() => {
        if (lines.get(userId) === mine) lines.delete(userId);
      });
    lines.set(userId, mine);
  }

  async function announce(userId: string, online: boolean, lastSeenAt: number): Promise<void> {
    await begins.next();
    if (closed) return;
    const data = { userId, online, lastSeenAt: iso(lastSeenAt) };
    const text = JSON.stringify({ type: 'presence', data });
    const peers = await peersOf(userId);
    for (let start = 0; start < peers.length; start += PEERS_AT_ONCE) {
      // The first ones are of the turn in which it began: what one peer is told of many then goes out together.
      if (start > 0) await turns.next();
      if (closed) return;
      bus.publish(peers.slice(start, start + PEERS_AT_ONCE), () => text);
    }
  }

  async function arrived(userId: string, at: number): Promise<void> {
    // Back within the grace period: the absence was never announced, so neither is the return.
    if (await absences.release(userId)) return;
    inLine(userId, () => announce(userId, true, at));
  }

  const stopListening = absences.onExpire(({ userId, since }) =>
    inLine(userId, async () => {
      // They may have returned at the very end of the grace period.
      const back = await bus.online([userId]);
      if (!back.has(userId)) await announce(userId, false, since);
    }),
  );

  return {
    changed(userId, connected) {
      const at = now();
      if (connected) {
        arrived(userId, at).catch(onFault);
        return;
      }
      saveSeen(userId, at);
      absences.hold(userId, userId, { userId, since: at }).catch(onFault);
    },
    async online(userIds) {
      const [connected, leaving] = await Promise.all([bus.online(userIds), absences.held(userIds)]);
      return new Set([...connected, ...leaving]);
    },
    close() {
      closed = true;
      stopListening();
      absences.close();
    },
  };
}
