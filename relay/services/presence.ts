/**
 * Who is there. A person is there from the first connection until a little after the last one went (a reconnect is no
 * absence); those who share a chat with them hear of both.
 */
import { iso } from './views.ts';

export interface PresenceOptions {
  /** Milliseconds between the last connection's end and the word that the person is away. */
  graceMs: number;
  isConnected: (userId: string) => boolean;
  peersOf: (userId: string) => string[];
  send: (userId: string, text: string) => void;
  saveSeen: (userId: string, at: number) => void;
  now: () => number;
}

export interface Presence {
  changed: (userId: string, connected: boolean) => void;
  /** True also while the grace runs. */
  isOnline: (userId: string) => boolean;
  close(): void;
}

export function createPresence(options: PresenceOptions): Presence {
  const { graceMs, isConnected, peersOf, send, saveSeen, now } = options;
  const leaving = new Map<string, NodeJS.Timeout>();

  function tell(userId: string, online: boolean, lastSeenAt: number): void {
    const data = { userId, online, lastSeenAt: iso(lastSeenAt) };
    const text = JSON.stringify({ type: 'presence', data });
    for (const peer of peersOf(userId)) if (isConnected(peer)) send(peer, text);
  }

  function gone(userId: string, at: number): void {
    leaving.delete(userId);
    tell(userId, false, at);
  }

  return {
    changed(userId, connected) {
      const timer = leaving.get(userId);
      if (connected) {
        clearTimeout(timer);
        leaving.delete(userId);
        // Back within the grace: nobody heard of an absence, so nobody hears of the return.
        if (!timer) tell(userId, true, now());
        return;
      }
      saveSeen(userId, now());
      leaving.set(userId, setTimeout(gone, graceMs, userId, now()).unref());
    },
    isOnline: (userId) => isConnected(userId) || leaving.has(userId),
    close() {
      for (const timer of leaving.values()) clearTimeout(timer);
      leaving.clear();
    },
  };
}
