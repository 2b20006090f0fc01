/**
 * Commands on messages: read from the local store; written through the outbox, committed here before they are answered.
 */
import type { MessageView } from '#contract/ipc/views.ts';
import { fail, ok, type Result } from '#contract/model/errors.ts';
import { DEFAULT_REACTIONS, LIMITS, MOST_FILES } from '#contract/model/limits.ts';
import { characterCount } from '#contract/model/text.ts';
import type { Account } from '../accounts/account.ts';
import type { CommandResult } from '../store/ops/outbox/commands.ts';
import type { Commands } from './command.ts';
import { enqueueMessage, textProblem } from './send-message.ts';
import { withConnection } from './with-connection.ts';

/** Messages returned by one fill. */
const FILL_LIMIT = 50;

type Done = Extract<CommandResult, { done: true }>;

/** Publishes the result of an outbox command. */
function settled(account: Account, result: CommandResult): Result<Done> {
  if (!result.done) return fail(result.reason, 'the outbox does not hold it in such a state');
  account.publish(result.changes);
  account.outbox.wake();
  return ok(result);
}

const nothing = (done: Result<Done>): Result<null> => (done.ok ? ok(null) : done);

function changedView(done: Result<Done>): Result<MessageView> {
  if (!done.ok) return done;
  return done.value.view ? ok(done.value.view) : fail('not_found', 'the message is gone');
}

export const messageCommands: Commands<'messages'> = {
  page: async ({ store }, { chatId, anchor, limit }) => {
    const page = await store.writer.page({ chatId, anchor, limit });
    return page ? ok(page) : fail('not_found', 'the anchor is not in the store');
  },

  fill: (account, { chatId, edge, key }) =>
    withConnection(account, async (connection) => {
      const end = await account.history.beyond(connection, chatId, edge, key);
      if (!end.ok) return { ok: false, error: end.error };
      const anchor =
        key === null
          ? { at: 'latest' as const }
          : { at: edge === 'older' ? ('before' as const) : edge === 'newer' ? ('after' as const) : edge, key };
      const page = await account.store.writer.page({ chatId, anchor, limit: FILL_LIMIT });
      return page ? ok(page) : fail('not_found', 'the anchor is not in the store');
    }),

  send: async (account, { chatId, text, replyTo, uploads = [] }) => {
    const problem = textProblem(text, uploads.length > 0);
    if (problem) return problem;
    const view = await enqueueMessage(account, { chatId, text, replyTo, files: [], uploads });
    return view ? ok(view) : fail('not_found', 'no such chat or upload');
  },

  cancel: async (account, { localId }) =>
    nothing(settled(account, await account.store.writer.cancel({ localId, now: account.clock.now() }))),

  edit: async (account, { localId, text }) =>
    textProblem(text, await account.store.writer.hasFiles({ localId })) ??
    changedView(settled(account, await account.store.writer.edit({ localId, text, now: account.clock.now() }))),

  resend: async (account, { localId }) =>
    changedView(settled(account, await account.store.writer.resend({ localId, now: account.clock.now() }))),

  discard: async (account, { localId }) =>
    nothing(settled(account, await account.store.writer.discard({ localId, now: account.clock.now() }))),

  forward: async (account, { messageIds, chatIds }) => {
    const sources = await account.store.writer.forwardSources({ messageIds });
    if (sources.length === 0) return fail('not_found', 'none of the messages is here');
    // A message from another server may be longer than we may send: all or nothing, before anything has left.
    if (sources.some(({ text }) => characterCount(text) > LIMITS.content.max))
      return fail('too_large', 'a text is longer than a message may be');
    if (sources.some(({ files }) => files.length > MOST_FILES))
      return fail('too_many_files', 'a message has more files than we may send');
    let sent = 0;
    for (const chatId of chatIds) {
      for (const { text, files } of sources) {
        if (await enqueueMessage(account, { chatId, text, replyTo: null, files })) sent += 1;
      }
    }
    return sent > 0 ? ok({ sent }) : fail('not_found', 'none of the chats is here');
  },

  react: (account, { messageId, emoji }) =>
    withConnection(account, async ({ api }) => {
      const answer = await api.call('react', { params: { messageId }, body: { emoji } });
      if (!answer.ok) return { ok: false, error: answer.error };
      account.history.reactionChanged(messageId);
      const { id } = answer.value.reaction;
      account.publish(await account.store.writer.addReaction({ messageId, emoji, id, now: account.clock.now() }));
      return ok(null);
    }),

  unreact: (account, { messageId, emoji }) =>
    withConnection(account, async ({ api }) => {
      const { writer } = account.store;
      let own = await writer.ownReaction({ messageId, emoji });
      if (own?.id === null) {
        // An event delivered it without its id: the message itself has it.
        const answer = await api.call('message', { params: { messageId } });
        if (!answer.ok) return { ok: false, error: answer.error };
        account.publish(await writer.storeOne({ message: answer.value.message, now: account.clock.now() }));
        own = await writer.ownReaction({ messageId, emoji });
      }
      if (own?.id) {
        const answer = await api.call('unreact', { params: { messageId, reactionId: own.id } });
        if (!answer.ok && answer.error.code !== 'not_found') return { ok: false, error: answer.error };
      }
      account.history.reactionChanged(messageId);
      account.publish(await writer.dropReaction({ messageId, emoji, now: account.clock.now() }));
      return ok(null);
    }),

  details: async ({ store }, { key }) => {
    const found = await store.writer.details({ key });
    return found ? ok(found) : fail('not_found', 'no such message');
  },

  emojis: async ({ store, connection }) => {
    const answer = connection ? await connection.api.call('reactions', {}) : null;
    const set = answer?.ok ? answer.value.reactions : null;
    return ok((await store.writer.emojis({ set })) ?? [...DEFAULT_REACTIONS]);
  },
};
