/**
 * Notifies the user outside the page: a notification for what is new in any open account, and the one unread count on
 * the tray and the badge. It receives the same events as the page, so that the two never disagree.
 */
import type { AccountEvent } from '#contract/ipc/push.ts';
import type { ChatView } from '#contract/ipc/views.ts';
import { errorName } from '../../lib/emitter.ts';
import type { Clock, Logger, Disposer } from '../ports.ts';
import { decide, type Notice } from './decide.ts';

/** What the system shows. */
export interface SystemNotifications {
  /** Shows it; a click calls `clicked`. The disposer removes it. */
  notify(notice: Notice, clicked: () => void): Disposer;
  /** Unread messages over all accounts: for the badge, the tray's picture and its tooltip. */
  unread(messages: number): void;
}

export interface NotificationsOptions {
  clock: Clock;
  /** The time of the account's server, milliseconds since the epoch; null until it is known. */
  serverNow(accountId: string): number | null;
  logger: Logger;
  system: SystemNotifications;
  /** True while the user is looking at the app. */
  watching(): boolean;
  /** True while the user shares a screen, where others would read a notification. */
  presenting(): boolean;
  fileText(files: number): string;
  /** Distinguishes the account from the others that are open; null while it is the only one. */
  accountName(accountId: string): string | null;
  /** The user clicked: brings the app to the front and goes to the message. */
  open(accountId: string, chatId: string, messageId: string): void;
}

export interface NotificationsService {
  /** An account was opened: these unread counts are its baseline, and nothing new. */
  begin(accountId: string, counts: readonly (readonly [chatId: string, unread: number])[]): void;
  /** Receives the same events of an account as the page. */
  heard(accountId: string, event: AccountEvent): void;
  /** The account was closed: all its notifications are removed. */
  closed(accountId: string): void;
  /** The unread sum over all accounts. */
  unread(messages: number): void;
  /** The user looks at the app: what was shown has served its purpose. */
  looked(): void;
  close(): void;
}

/** The counts and the notifications of one account, by chat. */
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

  /** A failure of the system's notifications must not keep events from the page. */
  function attempt(what: string, work: () => void): void {
    try {
      work();
    } catch (error) {
      logger.warn('notification.system_failed', { what, error: errorName(error) });
    }
  }

  function removeNotification({ shown }: Known, chatId: string): void {
    const dispose = shown.get(chatId);
    shown.delete(chatId);
    if (dispose) attempt('close', dispose);
  }

  function removeAll(known: Known): void {
    for (const chatId of [...known.shown.keys()]) removeNotification(known, chatId);
  }

  function changed(accountId: string, known: Known, chat: ChatView): void {
    const before = known.unread.get(chat.id) ?? 0;
    known.unread.set(chat.id, chat.unread);
    if (chat.unread === 0) removeNotification(known, chat.id);
    const decision = decide(chat, before, {
      now: clock.now(),
      serverNow: options.serverNow(accountId),
      watching: options.watching(),
      presenting: options.presenting(),
      fileText: (files) => options.fileText(files),
    });
    if (!decision.show) {
      if (decision.why !== 'nothing_new') logger.debug('notification.silent', { chat: chat.id, why: decision.why });
      return;
    }
    const { chatId, messageId, title } = decision.notice;
    const account = options.accountName(accountId);
    const notice = account === null ? decision.notice : { ...decision.notice, title: `${title} · ${account}` };
    // One per chat: the newest replaces the previous one.
    removeNotification(known, chat.id);
    attempt('show', () => {
      const dispose = system.notify(notice, () => {
        known.shown.delete(chatId);
        options.open(accountId, chatId, messageId);
      });
      known.shown.set(chat.id, dispose);
    });
  }

  function looked(): void {
    for (const known of accounts.values()) removeAll(known);
  }

  return {
    begin(accountId, counts) {
      const { unread } = knownOf(accountId);
      for (const [chatId, count] of counts) unread.set(chatId, count);
    },
    heard(accountId, event) {
      const known = knownOf(accountId);
      if (event.kind === 'chats:reset') {
        // Everything was reset: counting starts from what is there now.
        removeAll(known);
        known.unread.clear();
        for (const chat of event.chats) known.unread.set(chat.id, chat.unread);
      } else if (event.kind === 'chats') {
        for (const chat of event.upserts) changed(accountId, known, chat);
        for (const chatId of event.removed) {
          known.unread.delete(chatId);
          removeNotification(known, chatId);
        }
      }
    },
    closed(accountId) {
      removeAll(knownOf(accountId));
      accounts.delete(accountId);
    },
    unread: (messages) => attempt('unread', () => system.unread(messages)),
    looked,
    close: looked,
  };
}
