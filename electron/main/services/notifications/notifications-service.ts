/**
 * Notifies the user outside the page: a notification for what is new in any open account, and the one unread count on
 * the tray and the badge. It receives the same events as the page, so that the two never disagree.
 */
import { createHash } from 'node:crypto';
import type { SilenceReason } from '#contract/ipc/desktop-views.ts';
import type { AccountEvent } from '#contract/ipc/push.ts';
import type { ChatView } from '#contract/ipc/views.ts';
import { errorName } from '../../lib/emitter.ts';
import type { Clock, Logger, Disposer } from '../ports.ts';
import { decide, type Notice, type NoticeWords } from './decide.ts';
import type { Faces } from './faces.ts';
import type { NoticeRules } from './notice-rules.ts';
import type { Silences } from './silences.ts';

export interface NoticeAnswers {
  /** An answer was written in the notification. */
  readonly reply: (text: string) => void;
  readonly read: () => void;
}

/** What a notification offers beside its click. */
export interface NoticeOffers {
  /** The same for every notification of a chat: the newest replaces the one before it. */
  readonly key: string;
  /** The same for all of an account. */
  readonly group: string;
  /** What can be done in the notification; null where nobody may act in the user's name, as while locked. */
  readonly answers: NoticeAnswers | null;
  /** A picture of whoever wrote, PNG or JPEG; null when there is none. */
  readonly picture: Uint8Array | null;
  /** The system showed nothing. */
  readonly notShown: (why: 'system_failed' | 'unsupported') => void;
}

/** What the system shows. */
export interface SystemNotifications {
  /** Shows it; a click calls `clicked`. The disposer removes it. */
  notify(notice: Notice, clicked: () => void, offers: NoticeOffers): Disposer;
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
  /** What the settings say now. */
  rules(): NoticeRules;
  /** The application is locked: that something came is told, and nothing of it. */
  locked(): boolean;
  words(): NoticeWords;
  silences: Silences;
  /** Fetches a picture; resolves soon, whatever comes of it. */
  faces: Faces;
  /** Distinguishes the account from the others that are open; null while it is the only one. */
  accountName(accountId: string): string | null;
  /** The user clicked: brings the app to the front and goes to the message. */
  open(accountId: string, chatId: string, messageId: string): void;
  /** An answer to a message, written in its notification. */
  reply(accountId: string, chatId: string, messageId: string, text: string): void;
  /** The message counts as read. */
  read(accountId: string, chatId: string, messageId: string): void;
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
  /** What waits for a picture, by chat: the newest of each. */
  waiting: Map<string, Notice>;
  /** The newest message that was decided on: none is shown twice, nor made up for later. */
  decided: Map<string, string>;
}

/** Stands for an account or a chat where the system keeps it: without the address of a server. */
function keyOf(...names: string[]): string {
  return createHash('sha256').update(names.join('\n')).digest('hex').slice(0, 32);
}

export function createNotificationsService(options: NotificationsOptions): NotificationsService {
  const { clock, logger, system } = options;
  const accounts = new Map<string, Known>();

  function knownOf(accountId: string): Known {
    const known = accounts.get(accountId) ?? {
      unread: new Map<string, number>(),
      shown: new Map<string, Disposer>(),
      waiting: new Map<string, Notice>(),
      decided: new Map<string, string>(),
    };
    accounts.set(accountId, known);
    return known;
  }

  /** A failure of the system's notifications must not keep events from the page. */
  function attempt(what: string, work: () => void): boolean {
    try {
      work();
      return true;
    } catch (error) {
      logger.warn('notification.system_failed', { what, error: errorName(error) });
      return false;
    }
  }

  function removeNotification({ shown, waiting }: Known, chatId: string): void {
    const dispose = shown.get(chatId);
    waiting.delete(chatId);
    shown.delete(chatId);
    if (dispose) attempt('close', dispose);
  }

  function removeAll(known: Known): void {
    for (const chatId of [...known.shown.keys(), ...known.waiting.keys()]) removeNotification(known, chatId);
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
      rules: options.rules(),
      words: options.words(),
    });
    const why = decision.show ? null : decision.why;
    if (why === 'nothing_new') return;
    const newest = chat.last?.key ?? '';
    const isRepeated = known.decided.get(chat.id) === newest;
    known.decided.set(chat.id, newest);
    if (isRepeated) silent(chat.id, 'repeated');
    else if (decision.show) showSoon(accountId, known, decision.notice);
    else if (why !== null) silent(chat.id, why);
  }

  function silent(chatId: string, why: SilenceReason): void {
    options.silences.silent(why);
    logger.debug('notification.silent', { chat: chatId, why });
  }

  /** Shows it with the picture of whoever wrote, if that comes in time. */
  function showSoon(accountId: string, known: Known, notice: Notice): void {
    const { chatId, face } = notice;
    const isWaiting = known.waiting.has(chatId);
    if (face === null && !isWaiting) return show(accountId, known, notice, null);
    // Whoever writes fast does not put off what came first.
    known.waiting.set(chatId, notice);
    if (face === null || isWaiting) return;
    void options.faces(face).then((picture) => {
      const newest = known.waiting.get(chatId);
      known.waiting.delete(chatId);
      // Read meanwhile, or its account was closed.
      if (!newest) return;
      show(accountId, known, newest, newest.face === face ? picture : null);
    });
  }

  function show(accountId: string, known: Known, decided: Notice, picture: Uint8Array | null): void {
    const { chatId, messageId, title } = decided;
    const account = options.locked() ? null : options.accountName(accountId);
    const notice = account === null ? decided : { ...decided, title: `${title} · ${account}` };
    // One per chat: the newest replaces the previous one.
    removeNotification(known, chatId);
    let isShown = true;
    const offers: NoticeOffers = {
      key: keyOf(accountId, chatId),
      group: keyOf(accountId),
      picture,
      answers: options.locked()
        ? null
        : {
            reply(text) {
              known.shown.delete(chatId);
              options.reply(accountId, chatId, messageId, text);
            },
            read() {
              known.shown.delete(chatId);
              options.read(accountId, chatId, messageId);
            },
          },
      notShown(reason) {
        if (isShown) silent(chatId, reason);
        isShown = false;
      },
    };
    const worked = attempt('show', () => {
      const dispose = system.notify(
        notice,
        () => {
          known.shown.delete(chatId);
          options.open(accountId, chatId, messageId);
        },
        offers,
      );
      known.shown.set(chatId, dispose);
      if (isShown) options.silences.shown();
    });
    if (!worked) offers.notShown('system_failed');
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
        for (const chat of event.chats) if (chat.last) known.decided.set(chat.id, chat.last.key);
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
    unread: (messages) => void attempt('unread', () => system.unread(messages)),
    looked,
    close: looked,
  };
}
