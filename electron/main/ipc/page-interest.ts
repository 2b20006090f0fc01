/**
 * Which message events a page wants: those of the chats it has asked for. It holds no messages of other chats and would
 * discard their events.
 */
import type { PushEvent } from '#contract/ipc/push.ts';
import { isOfAccount } from '#contract/ipc/coalesce.ts';

export class PageInterest {
  /** Chat ids by account. */
  readonly #chats = new Map<string, Set<string>>();

  /**
   * The page asks for a chat's messages or sends one. Added with the request, so that nothing is lost between the
   * answer and the first event.
   */
  add(accountId: string, chatId: string): void {
    const chats = this.#chats.get(accountId) ?? new Set();
    this.#chats.set(accountId, chats.add(chatId));
  }

  wants(push: PushEvent): boolean {
    if (!isOfAccount(push) || push.event.kind !== 'messages') return true;
    return this.#chats.get(push.accountId)?.has(push.event.chatId) ?? false;
  }

  /** The page is gone, and so is everything it held. */
  clear(): void {
    this.#chats.clear();
  }
}
