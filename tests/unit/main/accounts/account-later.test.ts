/** Messages of one account that wait until the other one is online: whatever tells that they are, the message goes. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Chat } from '../../../../contract/api/chat.ts';
import { until } from '../../../helpers/main-parts.ts';
import { accountsWorld, ANNA, type HandSocket } from './accounts-world.ts';

vi.mock('../../../../electron/main/services/store/account-store.ts', async (original) => {
  const { inThread } = await import('./store-in-thread.ts');
  return inThread(await original());
});

type World = Awaited<ReturnType<typeof accountsWorld>>;
let world: World;
let account: Awaited<ReturnType<World['open']>>['account'];
let socket: HandSocket;

/** The chat with Boris as the server tells it; what is not said of him is not known. */
async function hear(boris: { online?: boolean; bio?: string } = {}): Promise<void> {
  const chat: Chat = {
    id: 'c',
    participants: [
      { id: 'anna', username: 'anna', firstName: 'Anna', lastName: 'A' },
      { id: 'boris', username: 'boris', firstName: 'Boris', lastName: 'B', ...boris },
    ],
    createdAt: '2026-06-01T12:00:00.000Z',
  };
  const now = world.clock.now();
  const { changes } = await account.store.writer.applyChats({ chats: [chat], justMade: true, now });
  account.publish(changes);
}

const presence = (online: boolean) => socket.frame({ type: 'presence', data: { userId: 'boris', online } });
const add = (when: Parameters<typeof account.later.add>[0]['when']) =>
  account.later.add({ chatId: 'c', text: 'are you there?', replyTo: null, when });
const waits = () => account.later.list().map(({ text }) => text);
const gone = () => until('it has gone', () => waits().length === 0);
/** As much as the looks take that have begun. */
const looked = async () => {
  for (let n = 0; n < 20; n += 1) await new Promise(setImmediate);
};

beforeEach(async () => {
  // No pause between two tries at a server that is away would be a loop.
  world = await accountsWorld({ random: () => 0.5 });
  ({ account, socket } = await world.open(ANNA));
  await hear();
});
afterEach(() => world.end());

describe('a message that waits for somebody', () => {
  test('goes when the list tells that they are online, without another word of them', async () => {
    await add({ kind: 'online' });
    await looked();
    expect(waits()).toEqual(['are you there?']);
    await hear({ online: true });
    await gone();
    expect(world.last('later')?.messages).toEqual([]);
  });

  test('goes at once when they are online already: by the list, or by a word that the store has not had yet', async () => {
    await hear({ online: true });
    await add({ kind: 'online' });
    await gone();
    await hear({ online: false });
    await add({ kind: 'online' });
    await looked();
    expect(waits()).toHaveLength(1);
    await account.later.remove(account.later.list()[0]?.localId ?? '');
    // What is heard before the account has caught up waits, and the store does not know of it.
    presence(true);
    await add({ kind: 'online' });
    await gone();
  });

  test('of one who has left again, or after the line broke, stays', async () => {
    presence(true);
    presence(false);
    await add({ kind: 'online' });
    await looked();
    expect(waits()).toHaveLength(1);
    await account.later.remove(account.later.list()[0]?.localId ?? '');
    presence(true);
    socket.close();
    await add({ kind: 'online' });
    await looked();
    expect(waits()).toHaveLength(1);
  });

  test('knows nothing of them by an earlier connection', async () => {
    presence(true);
    ({ socket } = await world.open(ANNA));
    await add({ kind: 'online' });
    await looked();
    expect(waits()).toHaveLength(1);
  });

  test('goes when it was to go tomorrow, and is set to wait for one who is online', async () => {
    await hear({ online: true });
    const added = await add({ kind: 'at', at: world.clock.now() + 86_400_000 });
    await looked();
    expect(waits()).toHaveLength(1);
    const localId = added.ok ? added.value.localId : '';
    await account.later.change(localId, 'still there?', { kind: 'online' });
    await gone();
    expect(await account.store.writer.outboxHeads({})).toMatchObject([{ localId }]);
  });
});

describe('what is told of connections', () => {
  test('an account that is being closed tells no more states, while its calls still end', async () => {
    const call = Promise.withResolvers<void>();
    vi.spyOn(account.calls, 'close').mockReturnValue(call.promise);
    const from = world.events.length;
    const closed = account.close();
    expect(account.connection).not.toBeNull();
    socket.become('closed', 'offline');
    socket.open('anna');
    account.expired();
    call.resolve();
    await closed;
    expect(world.events.slice(from).filter(({ event }) => event.kind === 'connection')).toEqual([]);
  });
});
