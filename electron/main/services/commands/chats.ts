/** Commands on chats: create, organise, read, draft, type. */
import type { ChatView } from '#contract/ipc/views.ts';
import { fail, ok, type Result } from '#contract/model/errors.ts';
import { leavesUnread } from '../../lib/leaves-unread.ts';
import type { Account } from '../accounts/account.ts';
import type { ChangeSet } from '../store/protocol.ts';
import type { Commands } from './command.ts';
import { withConnection } from './with-connection.ts';

/** Chats per answer: few enough to be processed between two frames. */
const REST_CHATS = 200;

async function view(account: Account, chatId: string): Promise<Result<ChatView>> {
  const chat = await account.store.writer.chat({ chatId, now: account.clock.now() });
  return chat ? ok(chat) : fail('not_found', 'no such chat');
}

/** Publishes an operation's changes; null means that there was nothing to change. */
function published(account: Account, changes: ChangeSet | null, missing: string): Result<null> {
  if (!changes) return fail('not_found', missing);
  account.publish(changes);
  return ok(null);
}

export const chatCommands: Commands<'chats'> = {
  rest: async (account, { after }) =>
    ok(await account.store.writer.chatList({ now: account.clock.now(), after, limit: REST_CHATS })),

  create: (account, { userId }) =>
    withConnection(account, async (connection) => {
      const answer = await connection.api.call('createChat', { body: { userId } });
      if (!answer.ok) return { ok: false, error: answer.error };
      const { changes, fill } = await account.store.writer.applyChats({
        chats: [answer.value.chat],
        justMade: answer.status === 201,
        quiet: leavesUnread(connection),
        now: account.clock.now(),
      });
      account.publish(changes);
      account.sync.fillSoon(fill);
      return view(account, answer.value.chat.id);
    }),

  saveDraft: async (account, { chatId, text, replyTo }) =>
    published(
      account,
      await account.store.writer.saveDraft({ chatId, text, replyTo, now: account.clock.now() }),
      'no such chat',
    ),

  organise: async (account, input) => {
    const done = published(
      account,
      await account.store.writer.organise({ ...input, now: account.clock.now() }),
      'no such chat',
    );
    if (!done.ok) return done;
    if (input.muted !== undefined) await account.unread.start();
    return view(account, input.chatId);
  },

  opened: async (account, { chatId }) =>
    published(account, await account.store.writer.opened({ chatId, now: account.clock.now() }), 'no such chat'),

  markRead: async (account, { chatId, messageId }) => {
    const done = published(
      account,
      await account.store.writer.markRead({ chatId, messageId, now: account.clock.now() }),
      'no such message',
    );
    if (done.ok) account.reads.soon();
    return done;
  },

  setTyping: async (account, { chatId, typing }) => {
    account.typingReports.set(chatId, typing);
    return ok(null);
  },
};
