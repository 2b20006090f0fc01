/**
 * Typing indicators. A user in a chat is either typing or not. Every start is sent to the others (their clients expire
 * it themselves). Typing ends by a stop, a message, the end of the connection, or a timeout; the others are notified of
 * the end once. It is best effort: a failure is reported and concerns nothing else.
 */
import type { Bus } from '../delivery/ports.ts';
import type { Leases } from './ports.ts';

export interface Typist {
  userId: string;
  chatId: string;
  others: readonly string[];
}

export interface TypingOptions {
  bus: Pick<Bus, 'publish'>;
  /** By user and chat, held by a connection, for as long as typing lasts without being renewed. */
  typists: Leases<Typist>;
  onFault: (error: unknown) => void;
}

export interface Typing {
  /** @param source identifies the connection it came from, among those of all nodes. */
  start(source: string, user: { id: string; username: string }, chatId: string, others: readonly string[]): void;
  stop(userId: string, chatId: string): void;
  /** The connection is gone. */
  left(source: string): void;
  close(): void;
}

export function createTyping({ bus, typists, onFault }: TypingOptions): Typing {
  const keyOf = (userId: string, chatId: string) => `${userId}:${chatId}`;

  function announceEnd({ chatId, userId, others }: Typist): void {
    const text = JSON.stringify({ type: 'typing:stop', data: { chatId, userId } });
    bus.publish(others, () => text);
  }

  const stopListening = typists.onExpire(announceEnd);

  return {
    start(source, user, chatId, others) {
      const data = { chatId, userId: user.id, username: user.username };
      const text = JSON.stringify({ type: 'typing:start', data });
      typists
        .hold(keyOf(user.id, chatId), source, { userId: user.id, chatId, others })
        .then(() => bus.publish(others, () => text))
        .catch(onFault);
    },
    stop(userId, chatId) {
      typists
        .release(keyOf(userId, chatId))
        .then((typist) => {
          if (typist) announceEnd(typist);
        })
        .catch(onFault);
    },
    left(source) {
      typists
        .releaseOf(source)
        .then((all) => {
          for (const typist of all) announceEnd(typist);
        })
        .catch(onFault);
    },
    close() {
      stopListening();
      typists.close();
    },
  };
}
