/**
 * Presence. A user is online from the first connection until shortly after the last one is gone (a reconnect is not an
 * absence). Everybody who shares a chat with them is notified of both.
 */
import { iso } from './views.ts';

export interface PresenceOptions {
  /** Milliseconds between the end of the last connection and the notification that the user is away. */
  graceMs: number;
  isConnected: (userId: string) => boolean;
  peersOf: (userId: string) => Promise<string[]>;
  send: (userId: string, text: string) => void;
  saveSeen: (userId: string, at: number) => void;
  /** Called when somebody's peers could not be found: they are not notified then. */
  onError: (error: unknown) => void;
  now: () => number;
}

export interface Presence {
  changed: (userId: string, connected: boolean) => void;
  /** True during the grace period too. */
  isOnline: (userId: string) => boolean;
  close(): void;
}

export function createPresence(options: PresenceOptions): Presence {
  const { graceMs, isConnected, peersOf, send, saveSeen, onError, now } = options;
  const leaving = new Map<string, NodeJS.Timeout>();

  // One after the other: a coming and a going are told in the order in which they happened.
  let told = Promise.resolve();

  async function tell(userId: string, online: boolean, lastSeenAt: number): Promise<void> {
    const data = { userId, online, lastSeenAt: iso(lastSeenAt) };
    const text = JSON.stringify({ type: 'presence', data });
    for (const peer of await peersOf(userId)) if (isConnected(peer)) send(peer, text);
  }

  function announce(userId: string, online: boolean, lastSeenAt: number): void {
    told = told.then(() => tell(userId, online, lastSeenAt)).catch(onError);
  }

  function gone(userId: string, at: number): void {
    leaving.delete(userId);
    announce(userId, false, at);
  }

  return {
    changed(userId, connected) {
      const timer = leaving.get(userId);
      if (connected) {
        clearTimeout(timer);
        leaving.delete(userId);
        // Back within the grace period: the absence was never announced, so neither is the return.
        if (!timer) announce(userId, true, now());
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
