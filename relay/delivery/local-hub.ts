/** The connections of this process, by user. */
import { createListeners } from '../listeners.ts';
import type { Audience, Connection, Hub } from './ports.ts';

/** Wraps a callback so that only the first call counts. */
function once(run: () => void): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    run();
  };
}

function isFor(connection: Connection, { only, except = [] }: Audience): boolean {
  const isNamed = (name: string): boolean => connection.isNamed?.(name) ?? false;
  return (only === undefined || isNamed(only)) && !except.some(isNamed);
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
    send(userId, text, onSent, audience) {
      const first = onSent && once(onSent);
      // A connection that reads too slowly is removed while this runs; a set allows that.
      for (const connection of connections.get(userId) ?? []) {
        if (!audience || isFor(connection, audience)) connection.send(text, first);
      }
    },
    has: (userId) => connections.has(userId),
    hasNamed: (userId, name) => [...(connections.get(userId) ?? [])].some((one) => one.isNamed?.(name)),
    get size() {
      return connections.size;
    },
    onChange: changes.add,
  };
}
