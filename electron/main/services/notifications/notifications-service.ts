/**
 * Tells the person outside the page: a notification for what is new, and the one unread count on the tray and the
 * badge. It hears the same events as the page, so that the two never disagree.
 */
import type { PushEvent } from '#contract/ipc/push.ts';
import type { ChatView } from '#contract/ipc/views.ts';
import { errorName } from '../../lib/emitter.ts';
import type { Clock, Logger, Undo } from '../ports.ts';
import { decide, type Notice } from './decide.ts';

/** What the system shows. */
export interface Outside {
  /** Shows it; a click calls `clicked`. The answer takes it away again. */
  notify(notice: Notice, clicked: () => void): Undo;
  /** Unread messages: for the badge, the tray's picture and its words. */
  unread(messages: number): void;
}

export interface NotificationsOptions {
  clock: Clock;
  /** The time at the server, milliseconds since the epoch; null while it has not told. */
  serverNow(): number | null;
  logger: Logger;
  outside: Outside;
  /** True while the person looks at the program. */
  watching(): boolean;
  fileText(files: number): string;
  /** The person clicked: the program comes to the front and goes to the message. */
  open(chatId: string, messageId: string): void;
}

export interface NotificationsService {
  /** An account was opened: so much was unread in each chat then, and is nothing new. */
  begin(counts: readonly (readonly [chatId: string, unread: number])[]): void;
  /** Hears what the page hears. */
  heard(event: PushEvent): void;
  /** The person looks at the program: what was shown has done its work. */
  looked(): void;
  close(): void;
}

export function createNotificationsService(options: NotificationsOptions): NotificationsService {
  const { clock, logger, outside } = options;
  const unread = new Map<string, number>();
  const shown = new Map<string, Undo>();

  /** What the system cannot show is no reason for the page not to be told. */
  function attempt(what: string, work: () => void): void {
    try {
      work();
    } catch (error) {
      logger.warn('notification.system_failed', { what, error: errorName(error) });
    }
  }

  function takeAway(chatId: string): void {
    const undo = shown.get(chatId);
    shown.delete(chatId);
    if (undo) attempt('close', undo);
  }

  function changed(chat: ChatView): void {
    const before = unread.get(chat.id) ?? 0;
    unread.set(chat.id, chat.unread);
    if (chat.unread === 0) takeAway(chat.id);
    const decision = decide(chat, before, {
      now: clock.now(),
      serverNow: options.serverNow(),
      watching: options.watching(),
      fileText: (files) => options.fileText(files),
    });
    if (!decision.show) {
      if (decision.why !== 'nothing_new') logger.debug('notification.silent', { chat: chat.id, why: decision.why });
      return;
    }
    const { notice } = decision;
    // One for each chat: the newest takes the place of the one before.
    takeAway(chat.id);
    attempt('show', () => {
      const undo = outside.notify(notice, () => {
        shown.delete(notice.chatId);
        options.open(notice.chatId, notice.messageId);
      });
      shown.set(chat.id, undo);
    });
  }

  function takeAllAway(): void {
    for (const chatId of [...shown.keys()]) takeAway(chatId);
  }

  return {
    begin(counts) {
      for (const [chatId, count] of counts) unread.set(chatId, count);
    },
    heard(event) {
      switch (event.kind) {
        case 'chats:reset':
          // Another account, or everything anew: what is there now is where counting begins.
          takeAllAway();
          unread.clear();
          for (const chat of event.chats) unread.set(chat.id, chat.unread);
          break;
        case 'chats':
          for (const chat of event.upserts) changed(chat);
          for (const chatId of event.removed) {
            unread.delete(chatId);
            takeAway(chatId);
          }
          break;
        case 'unread':
          attempt('unread', () => outside.unread(event.unread.messages));
          break;
        default:
          break;
      }
    },
    looked: takeAllAway,
    close: takeAllAway,
  };
}
