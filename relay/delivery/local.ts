/** Delivery within a single node: every connection is held by this process. */
import type { Connection, Hub } from './ports.ts';

/** @param maxPerUser maximum connections per user. */
export function createHub(maxPerUser: number): Hub {
  const connections = new Map<string, Set<Connection>>();
  const listeners: ((userId: string, online: boolean) => void)[] = [];

  function notify(userId: string, online: boolean): void {
    for (const listener of listeners) listener(userId, online);
  }

  return {
    add(userId, connection) {
      const own = connections.get(userId) ?? new Set();
      if (own.size >= maxPerUser) return false;
      own.add(connection);
      connections.set(userId, own);
      if (own.size === 1) notify(userId, true);
      return true;
    },
    remove(userId, connection) {
      const own = connections.get(userId);
      if (!own?.delete(connection) || own.size > 0) return;
      connections.delete(userId);
      notify(userId, false);
    },
    send(userId, text, onSent) {
      const own = connections.get(userId);
      if (!own) return;
      let notified = false;
      const once =
        onSent &&
        (() => {
          if (notified) return;
          notified = true;
          onSent();
        });
      for (const connection of own) connection.send(text, once);
    },
    isOnline: (userId) => connections.has(userId),
    get online() {
      return connections.size;
    },
    onChange: (listener) => void listeners.push(listener),
  };
}
