/** The connections of this process, by user. */
import { createListeners } from '../listeners.ts';
import type { Connection, Hub } from './ports.ts';

/** Wraps a callback so that only the first call counts. */
function once(run: () => void): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    run();
  };
}

/** @param maxPerUser maximum connections per user. */
export function createHub(maxPerUser: number): Hub {
  const connections = new Map<string, Set<Connection>>();
  const changes = createListeners<[userId: string, online: boolean]>();

  return {
    add(userId, connection) {
      const own = connections.get(userId) ?? new Set();
      if (own.size >= maxPerUser) return false;
      own.add(connection);
      connections.set(userId, own);
      if (own.size === 1) changes.tell(userId, true);
      return true;
    },
    remove(userId, connection) {
      const own = connections.get(userId);
      if (!own?.delete(connection) || own.size > 0) return;
      connections.delete(userId);
      changes.tell(userId, false);
    },
    send(userId, text, onSent) {
      const first = onSent && once(onSent);
      // A connection that reads too slowly is removed while this runs; a set allows that.
      for (const connection of connections.get(userId) ?? []) connection.send(text, first);
    },
    has: (userId) => connections.has(userId),
    get size() {
      return connections.size;
    },
    onChange: changes.add,
  };
}
