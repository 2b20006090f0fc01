/**
 * Which messages a page wants to hear of: those of the chats that it has asked for. Of the others it holds none, and would
 * throw the news away.
 */
import type { PushEvent } from '#contract/ipc/push.ts';
import { isOfAccount } from '#contract/ipc/coalesce.ts';

export class PageInterest {
  /** Chat ids by account. */
  readonly #chats = new Map<string, Set<string>>();

  /** The page asks for a chat's messages, or writes one. From the question on, so that nothing falls between the answer and the first event. */
  add(accountId: string, chatId: string): void {
    const chats = this.#chats.get(accountId) ?? new Set();
    this.#chats.set(accountId, chats.add(chatId));
  }

  wants(push: PushEvent): boolean {
    if (!isOfAccount(push) || push.event.kind !== 'messages') return true;
    return this.#chats.get(push.accountId)?.has(push.event.chatId) ?? false;
  }

  /** The page is gone, and what it held with it. */
  clear(): void {
    this.#chats.clear();
  }
}
