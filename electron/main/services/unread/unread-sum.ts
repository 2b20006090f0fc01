/** The one unread sum over all open accounts: what the badge, the tray and the title show. */
import type { UnreadView } from '#contract/ipc/views.ts';

export class UnreadSum {
  readonly #changed: (sum: UnreadView) => void;
  readonly #accounts = new Map<string, UnreadView>();
  #sum: UnreadView = { messages: 0, chats: 0 };

  /** `changed` hears the sum each time that it looks different. */
  constructor(changed: (sum: UnreadView) => void) {
    this.#changed = changed;
  }

  get view(): UnreadView {
    return this.#sum;
  }

  /** What one account counts now. */
  set(accountId: string, unread: UnreadView): void {
    this.#accounts.set(accountId, unread);
    this.#add();
  }

  /** The account is closed: its messages count no more. */
  delete(accountId: string): void {
    this.#accounts.delete(accountId);
    this.#add();
  }

  #add(): void {
    let messages = 0;
    let chats = 0;
    for (const unread of this.#accounts.values()) {
      messages += unread.messages;
      chats += unread.chats;
    }
    if (messages === this.#sum.messages && chats === this.#sum.chats) return;
    this.#sum = { messages, chats };
    this.#changed(this.#sum);
  }
}
