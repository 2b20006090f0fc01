/** Who is connected, and the way to reach all of a person's connections. Knows nothing of what is sent. */

/** One authenticated socket. */
export interface Connection {
  /** Hands a frame's text to the socket; `onSent` runs once the system has taken it, and never when it has not. */
  send(text: string, onSent?: () => void): void;
  close(code: number, reason: string): void;
}

export interface Hub {
  /** False when the person has as many connections as they may. */
  add(userId: string, connection: Connection): boolean;
  remove(userId: string, connection: Connection): void;
  /** To every connection of the person; `onSent` runs once, after the first of them took it. */
  send(userId: string, text: string, onSent?: () => void): void;
  isOnline: (userId: string) => boolean;
  /** People with a connection. */
  readonly online: number;
  /** The first connection of a person came (true), the last one went (false). */
  onChange(listener: (userId: string, online: boolean) => void): void;
}

export function createHub(maxPerUser: number): Hub {
  const connections = new Map<string, Set<Connection>>();
  const listeners: ((userId: string, online: boolean) => void)[] = [];

  function tell(userId: string, online: boolean): void {
    for (const listener of listeners) listener(userId, online);
  }

  return {
    add(userId, connection) {
      const own = connections.get(userId) ?? new Set();
      if (own.size >= maxPerUser) return false;
      own.add(connection);
      connections.set(userId, own);
      if (own.size === 1) tell(userId, true);
      return true;
    },
    remove(userId, connection) {
      const own = connections.get(userId);
      if (!own?.delete(connection) || own.size > 0) return;
      connections.delete(userId);
      tell(userId, false);
    },
    send(userId, text, onSent) {
      const own = connections.get(userId);
      if (!own) return;
      let told = false;
      const once =
        onSent &&
        (() => {
          if (told) return;
          told = true;
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
