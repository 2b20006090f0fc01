/** Who is typing where. A word that somebody stopped may get lost, so each one ends by itself. */
import type { Clock, Disposer } from '../ports.ts';

/** After this long without another word, typing has ended. */
export const TYPING_ENDS_MS = 6_000;
/** People shown at once in one chat. */
const MOST = 20;

export class TypingTracker {
  readonly #clock: Clock;
  readonly #tell: (chatId: string, users: { id: string; name: string }[]) => void;
  readonly #chats = new Map<string, Map<string, { name: string; end: Disposer }>>();

  constructor(clock: Clock, tell: (chatId: string, users: { id: string; name: string }[]) => void) {
    this.#clock = clock;
    this.#tell = tell;
  }

  start(chatId: string, userId: string, name: string): void {
    const chat = this.#chats.get(chatId) ?? new Map<string, { name: string; end: Disposer }>();
    this.#chats.set(chatId, chat);
    const known = chat.get(userId);
    known?.end();
    if (!known && chat.size >= MOST) return;
    chat.set(userId, { name, end: this.#clock.after(TYPING_ENDS_MS, () => this.stop(chatId, userId)) });
    if (!known) this.#say(chatId);
  }

  stop(chatId: string, userId: string): void {
    const chat = this.#chats.get(chatId);
    const known = chat?.get(userId);
    if (!chat || !known) return;
    known.end();
    chat.delete(userId);
    if (chat.size === 0) this.#chats.delete(chatId);
    this.#say(chatId);
  }

  /** Nobody is known to be typing any more: the connection is gone. */
  clear(): void {
    for (const [chatId, chat] of [...this.#chats]) {
      for (const { end } of chat.values()) end();
      this.#chats.delete(chatId);
      this.#say(chatId);
    }
  }

  #say(chatId: string): void {
    this.#tell(
      chatId,
      [...(this.#chats.get(chatId) ?? [])].map(([id, { name }]) => ({ id, name })),
    );
  }
}
