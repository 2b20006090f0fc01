/** The unread sum over all open accounts: what the badge, the tray and the title show. */
import type { UnreadView } from '#contract/ipc/views.ts';

/** Adds up the accounts' counts. Pure. */
export function sumUnread(accounts: Iterable<UnreadView>): UnreadView {
  let messages = 0;
  let chats = 0;
  for (const unread of accounts) {
    messages += unread.messages;
    chats += unread.chats;
  }
  return { messages, chats };
}

export class UnreadSum {
  readonly #changed: (sum: UnreadView) => void;
  readonly #accounts = new Map<string, UnreadView>();
  #sum: UnreadView = { messages: 0, chats: 0 };

  /** `changed` receives the sum each time it changes. */
  constructor(changed: (sum: UnreadView) => void) {
    this.#changed = changed;
  }

  /** Sets the count of one account. */
  set(accountId: string, unread: UnreadView): void {
    this.#accounts.set(accountId, unread);
    this.#add();
  }

  /** The account was closed: its messages no longer count. */
  delete(accountId: string): void {
    this.#accounts.delete(accountId);
    this.#add();
  }

  #add(): void {
    const sum = sumUnread(this.#accounts.values());
    if (sum.messages === this.#sum.messages && sum.chats === this.#sum.chats) return;
    this.#sum = sum;
    this.#changed(sum);
  }
}
