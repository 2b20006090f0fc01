/** What the page asks of messages. Reading is local; writing is committed here before it is answered. */
import type { ChannelInput, ChannelName, ChannelOutput } from '#contract/ipc/channels.ts';
import { MessageContent } from '#contract/api/shared.ts';
import { fail, ok, type Result } from '#contract/model/errors.ts';
import { DEFAULT_REACTIONS, LIMITS } from '#contract/model/limits.ts';
import { characterCount } from '#contract/model/text.ts';
import type { OpenAccount } from '../account.ts';
import type { Clock } from '../ports.ts';
import type { CommandResult as Wish } from '../store/ops/outbox/commands.ts';

/** Messages that one fill shows. */
const FILL_LIMIT = 50;

type Methods<D extends string> = Extract<ChannelName, `${D}.${string}`>;
type Method<N extends ChannelName> = N extends `${string}.${infer M}` ? M : never;

/** One function for each channel of the domain. */
export type MessagesService = {
  [N in Methods<'messages'> as Method<N>]: (input: ChannelInput<N>) => Promise<Result<ChannelOutput<N>>>;
};

export interface MessagesOptions {
  /** The open account, or a reason why there is none. */
  account: () => Result<OpenAccount>;
  /** Runs work of the store, and turns its failure into words for the page. */
  guarded: <T>(work: () => Promise<Result<T>>) => Promise<Result<T>>;
  clock: Clock;
  /** The time at the server, milliseconds since the epoch; null while it has not told. */
  serverNow: () => number | null;
  newId: () => string;
}

/** Makes the service. */
export function createMessagesService({ account, guarded, clock, serverNow, newId }: MessagesOptions): MessagesService {
  const withAccount = <T>(work: (open: OpenAccount) => Promise<Result<T>>): Promise<Result<T>> =>
    guarded(async () => {
      const open = account();
      return open.ok ? work(open.value) : open;
    });
  const online = <T>(
    work: (open: OpenAccount, line: NonNullable<OpenAccount['line']>) => Promise<Result<T>>,
  ): Promise<Result<T>> =>
    withAccount(async (open) => (open.line ? work(open, open.line) : fail('unauthenticated', 'the token has ended')));
  /** Carries out a wish concerning the outbox and tells of it. */
  const wished = (work: (open: OpenAccount) => Promise<Wish>): Promise<Result<Extract<Wish, { done: true }>>> =>
    withAccount(async (open) => {
      const wish = await work(open);
      if (!wish.done) return fail(wish.reason, 'the outbox does not hold it in such a state');
      open.publish(wish.changes);
      open.outbox.wake();
      return ok(wish);
    });

  async function enqueue(open: OpenAccount, chatId: string, text: string, replyTo: string | null, files: string[]) {
    const localId = newId();
    open.step('enqueue-asked');
    const queued = await open.store.writer.enqueue({
      localId,
      chatId,
      text,
      replyTo,
      files,
      state: open.line ? 'queued' : 'waiting_auth',
      writtenAt: serverNow() ?? clock.now(),
      now: clock.now(),
    });
    open.step('enqueue-committed');
    if (!queued) return null;
    open.publish(queued.changes);
    open.outbox.wake();
    return queued.view;
  }

  return {
    page: (input) =>
      withAccount(async ({ store }) => {
        const page = await store.writer.page(input);
        return page ? ok(page) : fail('not_found', 'the anchor is not in the store');
      }),

    fill: ({ chatId, edge, key }) =>
      online(async (open, line) => {
        const end = await open.history.beyond(line, chatId, edge, key);
        if (!end.ok) return { ok: false, error: end.error };
        const anchor =
          key === null
            ? { at: 'latest' as const }
            : { at: edge === 'older' ? ('before' as const) : edge === 'newer' ? ('after' as const) : edge, key };
        const page = await open.store.writer.page({ chatId, anchor, limit: FILL_LIMIT });
        return page ? ok(page) : fail('not_found', 'the anchor is not in the store');
      }),

    send: ({ chatId, text, replyTo }) =>
      withAccount(async (open) => {
        if (!MessageContent.safeParse(text).success)
          return fail('validation', 'the text cannot be sent', { fields: { text: 'invalid' } });
        const view = await enqueue(open, chatId, text, replyTo, []);
        return view ? ok(view) : fail('not_found', 'no such chat');
      }),

    cancel: async ({ localId }) => {
      const done = await wished((open) => open.store.writer.cancel({ localId, now: clock.now() }));
      return done.ok ? ok(null) : done;
    },

    edit: async ({ localId, text }) => {
      if (!MessageContent.safeParse(text).success)
        return fail('validation', 'the text cannot be sent', { fields: { text: 'invalid' } });
      const done = await wished((open) => open.store.writer.edit({ localId, text, now: clock.now() }));
      if (!done.ok) return done;
      return done.value.view ? ok(done.value.view) : fail('not_found', 'the message is gone');
    },

    resend: async ({ localId }) => {
      const done = await wished((open) => open.store.writer.resend({ localId, now: clock.now() }));
      if (!done.ok) return done;
      return done.value.view ? ok(done.value.view) : fail('not_found', 'the message is gone');
    },

    discard: async ({ localId }) => {
      const done = await wished((open) => open.store.writer.discard({ localId, now: clock.now() }));
      return done.ok ? ok(null) : done;
    },

    forward: ({ messageIds, chatIds }) =>
      withAccount(async (open) => {
        const sources = await open.store.writer.forwardSources({ messageIds });
        if (sources.length === 0) return fail('not_found', 'none of the messages is here');
        // Of another server, longer than one may be written: all or nothing, and before anything has left.
        if (sources.some(({ text }) => characterCount(text) > LIMITS.content.max))
          return fail('too_large', 'a text is longer than a message may be');
        let sent = 0;
        for (const chatId of chatIds) {
          for (const { text, files } of sources) if (await enqueue(open, chatId, text, null, files)) sent += 1;
        }
        return sent > 0 ? ok({ sent }) : fail('not_found', 'none of the chats is here');
      }),

    react: ({ messageId, emoji }) =>
      online(async (open, line) => {
        const answer = await line.api.call('react', { params: { messageId }, body: { emoji } });
        if (!answer.ok) return { ok: false, error: answer.error };
        open.history.reactionChanged(messageId);
        open.publish(
          await open.store.writer.addReaction({ messageId, emoji, id: answer.value.reaction.id, now: clock.now() }),
        );
        return ok(null);
      }),

    unreact: ({ messageId, emoji }) =>
      online(async (open, line) => {
        const { writer } = open.store;
        let own = await writer.ownReaction({ messageId, emoji });
        if (own?.id === null) {
          // An event told of it without its id: the message itself does.
          const answer = await line.api.call('message', { params: { messageId } });
          if (!answer.ok) return { ok: false, error: answer.error };
          open.publish(await writer.storeOne({ message: answer.value.message, now: clock.now() }));
          own = await writer.ownReaction({ messageId, emoji });
        }
        if (own?.id) {
          const answer = await line.api.call('unreact', { params: { messageId, reactionId: own.id } });
          if (!answer.ok && answer.error.code !== 'not_found') return { ok: false, error: answer.error };
        }
        open.history.reactionChanged(messageId);
        open.publish(await writer.dropReaction({ messageId, emoji, now: clock.now() }));
        return ok(null);
      }),

    details: ({ key }) =>
      withAccount(async ({ store }) => {
        const found = await store.writer.details({ key });
        return found ? ok(found) : fail('not_found', 'no such message');
      }),

    emojis: () =>
      withAccount(async ({ store, line }) => {
        const answer = line ? await line.api.call('reactions', {}) : null;
        if (answer?.ok)
          return ok((await store.writer.emojis({ set: answer.value.reactions })) ?? [...DEFAULT_REACTIONS]);
        return ok((await store.writer.emojis({ set: null })) ?? [...DEFAULT_REACTIONS]);
      }),
  };
}
