/** Who is typing where. A stop frame may get lost, so each entry ends by itself. */
import type { Clock, Disposer } from '../ports.ts';

/** Milliseconds without another frame after which typing has ended. */
export const TYPING_ENDS_MS = 6_000;
/** Maximum number of people shown at once in one chat. */
const MOST = 20;

export class TypingTracker {
  readonly #clock: Clock;
  readonly #onChange: (chatId: string, users: { id: string; name: string }[]) => void;
  readonly #chats = new Map<string, Map<string, { name: string; end: Disposer }>>();

  constructor(clock: Clock, onChange: (chatId: string, users: { id: string; name: string }[]) => void) {
    this.#clock = clock;
    this.#onChange = onChange;
  }

  start(chatId: string, userId: string, name: string): void {
    const chat = this.#chats.get(chatId) ?? new Map<string, { name: string; end: Disposer }>();
    this.#chats.set(chatId, chat);
    const known = chat.get(userId);
    known?.end();
    if (!known && chat.size >= MOST) return;
    chat.set(userId, { name, end: this.#clock.after(TYPING_ENDS_MS, () => this.stop(chatId, userId)) });
    if (!known) this.#notify(chatId);
  }

  stop(chatId: string, userId: string): void {
    const chat = this.#chats.get(chatId);
    const known = chat?.get(userId);
    if (!chat || !known) return;
    known.end();
    chat.delete(userId);
    if (chat.size === 0) this.#chats.delete(chatId);
    this.#notify(chatId);
  }

  /** The connection is gone: it is no longer known who is typing. */
  clear(): void {
    for (const [chatId, chat] of [...this.#chats]) {
      for (const { end } of chat.values()) end();
      this.#chats.delete(chatId);
      this.#notify(chatId);
    }
  }

  #notify(chatId: string): void {
    this.#onChange(
      chatId,
      [...(this.#chats.get(chatId) ?? [])].map(([id, { name }]) => ({ id, name })),
    );
  }
}
