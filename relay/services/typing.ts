/**
 * Typing indicators. A user in a chat is either typing or not. Every start is sent to the others (their clients expire
 * it themselves). Typing ends by a stop, a message, the end of the connection, or a timeout; the others are notified of
 * the end once.
 */

interface Typist {
  userId: string;
  chatId: string;
  others: readonly string[];
  source: object;
  timer: NodeJS.Timeout;
}

export interface Typing {
  /** @param source the connection it came from. */
  start(source: object, user: { id: string; username: string }, chatId: string, others: readonly string[]): void;
  stop(userId: string, chatId: string): void;
  /** The connection is gone. */
  left(source: object): void;
  close(): void;
}

/** @param ms milliseconds after which typing times out. */
export function createTyping(ms: number, send: (userId: string, text: string) => void): Typing {
  const typists = new Map<string, Typist>();
  const keyOf = (userId: string, chatId: string) => `${userId}:${chatId}`;

  function end(key: string): void {
    const typist = typists.get(key);
    if (!typist) return;
    clearTimeout(typist.timer);
    typists.delete(key);
    const { chatId, userId, others } = typist;
    const text = JSON.stringify({ type: 'typing:stop', data: { chatId, userId } });
    for (const other of others) send(other, text);
  }

  return {
    start(source, user, chatId, others) {
      const key = keyOf(user.id, chatId);
      clearTimeout(typists.get(key)?.timer);
      const timer = setTimeout(end, ms, key).unref();
      typists.set(key, { userId: user.id, chatId, others, source, timer });
      const data = { chatId, userId: user.id, username: user.username };
      const text = JSON.stringify({ type: 'typing:start', data });
      for (const other of others) send(other, text);
    },
    stop: (userId, chatId) => end(keyOf(userId, chatId)),
    left(source) {
      for (const [key, typist] of typists) if (typist.source === source) end(key);
    },
    close() {
      for (const typist of typists.values()) clearTimeout(typist.timer);
      typists.clear();
    },
  };
}
