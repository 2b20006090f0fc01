/** Commands on calls. */
import type { CallView } from '#contract/ipc/call-views.ts';
import { ok } from '#contract/model/errors.ts';
import { recordOf } from '../../lib/call-records.ts';
import { toUserView } from '../../lib/user-view.ts';
import type { Account } from '../accounts/account.ts';
import type { Commands } from './command.ts';
import { withConnection } from './with-connection.ts';

/** The other person of a chat, as the store knows them. */
async function peerOf(account: Account, chatId: string): Promise<CallView['peer'] | null> {
  const peer = (await account.store.writer.chat({ chatId, now: account.clock.now() }))?.peer;
  return peer ? { id: peer.id, name: peer.name, avatarUrl: peer.avatarUrl } : null;
}

export const callCommands: Commands<'calls'> = {
  start: (account, input) => account.calls.start(input),
  accept: (account, input) => account.calls.accept(input),
  decline: async (account, input) => account.calls.decline(input),
  end: async (account, input) => account.calls.end(input),
  signal: async (account, input) => account.calls.signal(input),
  media: async (account, input) => account.calls.media(input),

  iceServers: (account) =>
    withConnection(account, async (connection) => {
      if (!connection.has('turn')) return ok([]);
      const answer = await connection.api.call('iceServers', {});
      if (!answer.ok) return { ok: false, error: answer.error };
      return ok(await account.calls.reachable(answer.value.iceServers));
    }),

  history: (account, { before, limit }) =>
    withConnection(account, async (connection) => {
      if (!connection.has('calls')) return ok({ calls: [], more: false });
      const until = before === null ? {} : { before: Math.max(0, Math.ceil(before)) };
      const answer = await connection.api.call('calls', { query: { limit, ...until } });
      if (!answer.ok) return { ok: false, error: answer.error };
      const { calls } = answer.value;
      const chatIds = [...new Set(calls.map(({ chatId }) => chatId))];
      const peers = new Map(await Promise.all(chatIds.map(async (id) => [id, await peerOf(account, id)] as const)));
      const records = calls.flatMap((call) => {
        const { id, name, avatarUrl } = toUserView(call.initiator, account.id);
        const peer = peers.get(call.chatId) ?? (id === account.me ? null : { id, name, avatarUrl });
        const record = peer && recordOf(call, account.me, peer);
        return record ? [record] : [];
      });
      return ok({ calls: records, more: calls.length === limit });
    }),
};
