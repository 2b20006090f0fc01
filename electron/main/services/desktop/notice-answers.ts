/** What a user does in a notification without opening the window: answers, or marks as read. */
import { errorName } from '../../lib/emitter.ts';
import type { ErrorCode, Result } from '#contract/model/errors.ts';
import type { Logger } from '../ports.ts';

export interface NoticeAnswerParts {
  logger: Logger;
  send(accountId: string, input: { chatId: string; text: string; replyTo: null }): Promise<Result<unknown>>;
  markRead(accountId: string, input: { chatId: string; messageId: string }): Promise<Result<unknown>>;
  saveDraft(accountId: string, input: { chatId: string; text: string; replyTo: null }): Promise<Result<unknown>>;
  /** Shows the chat, where an answer could not be sent. */
  open(accountId: string, chatId: string, messageId: string): void;
}

export interface NoticeAnswers {
  /** Sends the answer by the outbox, as one that was written in the chat. */
  reply(accountId: string, chatId: string, messageId: string, text: string): Promise<void>;
  read(accountId: string, chatId: string, messageId: string): Promise<void>;
}

/** Creates both answers. Neither throws. */
export function createNoticeAnswers(parts: NoticeAnswerParts): NoticeAnswers {
  const { logger } = parts;

  async function attempt(what: string, work: () => Promise<Result<unknown>>): Promise<ErrorCode | null> {
    try {
      const result = await work();
      if (result.ok) return null;
      logger.warn('notification.answer_failed', { what, code: result.error.code });
      return result.error.code;
    } catch (error) {
      logger.error('notification.answer_failed', { what, error: errorName(error) });
      return 'internal';
    }
  }

  async function read(accountId: string, chatId: string, messageId: string): Promise<void> {
    await attempt('read', () => parts.markRead(accountId, { chatId, messageId }));
  }

  return {
    read,
    async reply(accountId, chatId, messageId, text) {
      const problem = await attempt('send', () => parts.send(accountId, { chatId, text, replyTo: null }));
      if (problem === null) return read(accountId, chatId, messageId);
      // What was written is not lost: it stands in the composer of the chat that opens.
      await attempt('draft', () => parts.saveDraft(accountId, { chatId, text, replyTo: null }));
      parts.open(accountId, chatId, messageId);
    },
  };
}
