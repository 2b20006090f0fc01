/**
 * The unread chats by name, for the tray's menu. It hears the same events as the page; chats beyond the part of the list
 * that was told so far are counted by the badge and have no name here.
 */
import type { AccountEvent } from '#contract/ipc/push.ts';
import type { ChatView } from '#contract/ipc/views.ts';
import type { TrayChat } from '../../lib/tray-state.ts';

/** A menu has room for that many. */
const MOST_CHATS = 8;

type Known = Pick<ChatView, 'title' | 'unread' | 'activityAt' | 'muted'>;

function isMuted(muted: Known['muted'], now: number): boolean {
  return muted !== null && (muted.until === null || muted.until > now);
}

export class UnreadChats {
  readonly #accounts = new Map<string, Map<string, Known>>();

  /** True if the event may have changed what `list` returns. */
  heard(accountId: string, event: AccountEvent): boolean {
    if (event.kind !== 'chats' && event.kind !== 'chats:reset') return false;
    const known = this.#accounts.get(accountId) ?? new Map<string, Known>();
    this.#accounts.set(accountId, known);
    if (event.kind === 'chats:reset') {
      known.clear();
      for (const chat of event.chats) this.#take(known, chat);
    } else {
      for (const chat of event.upserts) this.#take(known, chat);
      for (const chatId of event.removed) known.delete(chatId);
    }
    return true;
  }

  closed(accountId: string): void {
    this.#accounts.delete(accountId);
  }

  /** @param now this computer's time, milliseconds since the epoch. */
  list(now: number): TrayChat[] {
    const all = [...this.#accounts].flatMap(([accountId, chats]) =>
      [...chats].map(([chatId, known]) => ({ accountId, chatId, ...known })),
    );
    return all
      .filter(({ muted }) => !isMuted(muted, now))
      .sort((a, b) => b.activityAt - a.activityAt)
      .slice(0, MOST_CHATS)
      .map(({ accountId, chatId, title, unread }) => ({ accountId, chatId, title, unread }));
  }

  /** True while a muted chat has something unread. @param now as for `list`. */
  hasMuted(now: number): boolean {
    return [...this.#accounts.values()].some((chats) => [...chats.values()].some(({ muted }) => isMuted(muted, now)));
  }

  #take(known: Map<string, Known>, { id, title, unread, activityAt, muted }: ChatView): void {
    if (unread > 0) known.set(id, { title, unread, activityAt, muted });
    else known.delete(id);
  }
}
