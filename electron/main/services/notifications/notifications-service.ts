/**
 * Tells the person outside the page: a notification for what is new in any open account, and the one unread count on the
 * tray and the badge. It hears the same events as the page, so that the two never disagree.
 */
import type { AccountEvent } from '#contract/ipc/push.ts';
import type { ChatView } from '#contract/ipc/views.ts';
import { errorName } from '../../lib/emitter.ts';
import type { Clock, Logger, Disposer } from '../ports.ts';
import { decide, type Notice } from './decide.ts';

/** What the system shows. */
export interface SystemNotifications {
  /** Shows it; a click calls `clicked`. The answer takes it away again. */
  notify(notice: Notice, clicked: () => void): Disposer;
  /** Unread messages over all accounts: for the badge, the tray's picture and its words. */
  unread(messages: number): void;
}

export interface NotificationsOptions {
  clock: Clock;
  /** The time at the account's server, milliseconds since the epoch; null while it has not told. */
  serverNow(accountId: string): number | null;
  logger: Logger;
  system: SystemNotifications;
  /** True while the person looks at the program. */
  watching(): boolean;
  fileText(files: number): string;
  /** What tells the account from the others that are open; null while it is the only one. */
  accountName(accountId: string): string | null;
  /** The person clicked: the program comes to the front and goes to the message. */
  open(accountId: string, chatId: string, messageId: string): void;
}

export interface NotificationsService {
  /** An account was opened: so much was unread in each chat then, and is nothing new. */
  begin(accountId: string, counts: readonly (readonly [chatId: string, unread: number])[]): void;
  /** Hears of an account what the page hears. */
  heard(accountId: string, event: AccountEvent): void;
  /** The account is closed: nothing of it is shown any more. */
  closed(accountId: string): void;
  /** So much is unread over all accounts. */
  unread(messages: number): void;
  /** The person looks at the program: what was shown has done its work. */
  looked(): void;
  close(): void;
}

/** What was counted and is shown of one account, by chat. */
interface Known {
  unread: Map<string, number>;
  shown: Map<string, Disposer>;
}

export function createNotificationsService(options: NotificationsOptions): NotificationsService {
  const { clock, logger, system } = options;
  const accounts = new Map<string, Known>();

  function knownOf(accountId: string): Known {
    const known = accounts.get(accountId) ?? { unread: new Map<string, number>(), shown: new Map<string, Disposer>() };
    accounts.set(accountId, known);
    return known;
  }

  /** What the system cannot show is no reason for the page not to be told. */
  function attempt(what: string, work: () => void): void {
    try {
      work();
    } catch (error) {
      logger.warn('notification.system_failed', { what, error: errorName(error) });
    }
  }

  function takeAway({ shown }: Known, chatId: string): void {
    const dispose = shown.get(chatId);
    shown.delete(chatId);
    if (dispose) attempt('close', dispose);
  }

  function takeAllAway(known: Known): void {
    for (const chatId of [...known.shown.keys()]) takeAway(known, chatId);
  }

  function changed(accountId: string, known: Known, chat: ChatView): void {
    const before = known.unread.get(chat.id) ?? 0;
    known.unread.set(chat.id, chat.unread);
    if (chat.unread === 0) takeAway(known, chat.id);
    const decision = decide(chat, before, {
      now: clock.now(),
      serverNow: options.serverNow(accountId),
      watching: options.watching(),
      fileText: (files) => options.fileText(files),
    });
    if (!decision.show) {
      if (decision.why !== 'nothing_new') logger.debug('notification.silent', { chat: chat.id, why: decision.why });
      return;
    }
    const { chatId, messageId, title } = decision.notice;
    const account = options.accountName(accountId);
    const notice = account === null ? decision.notice : { ...decision.notice, title: `${title} · ${account}` };
    // One for each chat: the newest takes the place of the one before.
    takeAway(known, chat.id);
    attempt('show', () => {
      const dispose = system.notify(notice, () => {
        known.shown.delete(chatId);
        options.open(accountId, chatId, messageId);
      });
      known.shown.set(chat.id, dispose);
    });
  }

  function looked(): void {
    for (const known of accounts.values()) takeAllAway(known);
  }

  return {
    begin(accountId, counts) {
      const { unread } = knownOf(accountId);
      for (const [chatId, count] of counts) unread.set(chatId, count);
    },
    heard(accountId, event) {
      const known = knownOf(accountId);
      if (event.kind === 'chats:reset') {
        // Everything anew: what is there now is where counting begins.
        takeAllAway(known);
        known.unread.clear();
        for (const chat of event.chats) known.unread.set(chat.id, chat.unread);
      } else if (event.kind === 'chats') {
        for (const chat of event.upserts) changed(accountId, known, chat);
        for (const chatId of event.removed) {
          known.unread.delete(chatId);
          takeAway(known, chatId);
        }
      }
    },
    closed(accountId) {
      takeAllAway(knownOf(accountId));
      accounts.delete(accountId);
    },
    unread: (messages) => attempt('unread', () => system.unread(messages)),
    looked,
    close: looked,
  };
}
