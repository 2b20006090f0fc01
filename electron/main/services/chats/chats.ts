/** What the page asks of chats. */
import type { ChannelInput, ChannelName, ChannelOutput } from '#contract/ipc/channels.ts';
import { fail, ok, type Result } from '#contract/model/errors.ts';
import { leavesUnread } from '../../lib/leaves-unread.ts';
import type { OpenAccount } from '../account.ts';
import type { Clock } from '../ports.ts';

/** A word that somebody types is sent again at most so often. */
const TYPING_EVERY_MS = 3_000;

/** Chats of one answer: few enough to be taken in between two frames. */
const REST_CHATS = 200;

type Methods<D extends string> = Extract<ChannelName, `${D}.${string}`>;
type Method<N extends ChannelName> = N extends `${string}.${infer M}` ? M : never;

/** One function for each channel of the domain. */
export type ChatsService = {
  [N in Methods<'chats'> as Method<N>]: (input: ChannelInput<N>) => Promise<Result<ChannelOutput<N>>>;
};

export interface ChatsOptions {
  account: () => Result<OpenAccount>;
  guarded: <T>(work: () => Promise<Result<T>>) => Promise<Result<T>>;
  clock: Clock;
  /** Whether the person wants others to see that they type. */
  sendTyping: () => boolean;
}

/** Makes the service. */
export function createChatsService({ account, guarded, clock, sendTyping }: ChatsOptions): ChatsService {
  /** When each chat was last told that the person types, on the clock that never jumps. */
  const typing = new Map<string, number>();
  const withAccount = <T>(work: (open: OpenAccount) => Promise<Result<T>>): Promise<Result<T>> =>
    guarded(async () => {
      const open = account();
      return open.ok ? work(open.value) : open;
    });
  const view = async (open: OpenAccount, chatId: string): Promise<Result<ChannelOutput<'chats.organise'>>> => {
    const chat = await open.store.writer.chat({ chatId, now: clock.now() });
    return chat ? ok(chat) : fail('not_found', 'no such chat');
  };

  return {
    rest: ({ after }) =>
      withAccount(async (open) => ok(await open.store.writer.chatList({ now: clock.now(), after, limit: REST_CHATS }))),

    create: ({ userId }) =>
      withAccount(async (open) => {
        if (!open.line) return fail('unauthenticated', 'the token has ended');
        const answer = await open.line.api.call('createChat', { body: { userId } });
        if (!answer.ok) return { ok: false, error: answer.error };
        const { changes, fill } = await open.store.writer.applyChats({
          chats: [answer.value.chat],
          justMade: answer.status === 201,
          quiet: leavesUnread(open.line),
          now: clock.now(),
        });
        open.publish(changes);
        open.sync.fillSoon(fill);
        return view(open, answer.value.chat.id);
      }),

    saveDraft: ({ chatId, text, replyTo }) =>
      withAccount(async (open) => {
        const changes = await open.store.writer.saveDraft({ chatId, text, replyTo, now: clock.now() });
        if (!changes) return fail('not_found', 'no such chat');
        open.publish(changes);
        return ok(null);
      }),

    organise: (input) =>
      withAccount(async (open) => {
        const changes = await open.store.writer.organise({ ...input, now: clock.now() });
        if (!changes) return fail('not_found', 'no such chat');
        open.publish(changes);
        if (input.muted !== undefined) await open.unread.start();
        return view(open, input.chatId);
      }),

    opened: ({ chatId }) =>
      withAccount(async (open) => {
        const changes = await open.store.writer.opened({ chatId, now: clock.now() });
        if (!changes) return fail('not_found', 'no such chat');
        open.publish(changes);
        return ok(null);
      }),

    markRead: ({ chatId, messageId }) =>
      withAccount(async (open) => {
        const changes = await open.store.writer.markRead({ chatId, messageId, now: clock.now() });
        if (!changes) return fail('not_found', 'no such message');
        open.publish(changes);
        open.reads.soon();
        return ok(null);
      }),

    setTyping: async ({ chatId, typing: isTyping }) => {
      const open = account();
      if (!open.ok) return open;
      const last = typing.get(chatId);
      if (isTyping) {
        const now = clock.monotonic();
        if (!sendTyping() || (last !== undefined && now - last < TYPING_EVERY_MS)) return ok(null);
        // A word that could not be sent is no loss: the next key press sends it.
        if (open.value.line?.socket.send({ type: 'typing:start', data: { chatId } })) typing.set(chatId, now);
      } else if (last !== undefined) {
        typing.delete(chatId);
        open.value.line?.socket.send({ type: 'typing:stop', data: { chatId } });
      }
      return ok(null);
    },
  };
}
