/** What was never scrolled through is found all the same, and finding it tells nobody that it was read. */
import { afterEach, describe, expect, it } from 'vitest';
import type { Capability } from '../../../contract/api/capabilities.ts';
import { ALL_CAPABILITIES, createPerson, must, type Person } from '../../helpers/data-world.ts';
import { startTestRelay, type TestRelay, type TestUser } from '../../helpers/relay.ts';

/** More than one first look at a chat reads. */
const COUNT = 130;

let relay: TestRelay;
let boris: Person;
afterEach(async () => {
  await boris.close();
  await relay.close();
});

/** A chat in which Anna wrote a lot, most of which Boris has read on another device; `unread` of it he has not. */
async function world(capabilities: Capability[], unread: number): Promise<{ chatId: string; anna: TestUser }> {
  relay = await startTestRelay({ capabilities });
  const [anna, his] = [await relay.register('anna'), await relay.register('boris')];
  const made = await anna.api.post<{ chat: { id: string } }>('/chats', { userId: his.user.id });
  const chatId = made.body.chat.id;
  const write = (n: number) =>
    anna.api.post('/messages/send', { chatId, content: n === 0 ? 'The needle in the hay' : `straw ${n}` });
  for (let n = 0; n < COUNT - unread; n += 1) await write(n);
  await his.api.get(`/chats/${chatId}/messages?limit=50&offset=0`);
  for (let n = COUNT - unread; n < COUNT; n += 1) await write(n);
  boris = await createPerson({ url: relay.url, ...his, capabilities });
  boris.open();
  await boris.page.until('live', () => boris.data.connection.phase === 'live');
  return { chatId, anna };
}

const find = async (query: string, chatId: string | null) =>
  must(await boris.data.search.messages({ query, chatId, limit: 30, offset: 0 }));

describe('a search further than what is here', () => {
  it('says how far it reached, and finds the rest without reading it for anybody', async () => {
    const { chatId, anna } = await world(ALL_CAPABILITIES, 40);
    const before = await find('needle', chatId);
    expect(before.hits).toEqual([]);
    expect(before.reach).toMatchObject({ chats: 1, complete: 0, spared: 0, further: true });
    expect(before.reach.since).toBeGreaterThan(0);

    const read = must(await boris.data.search.further({ query: 'needle', chatId: null }));
    expect(read.added).toBeGreaterThan(0);
    expect(read.reach).toEqual({ chats: 1, complete: 1, since: null, spared: 0, further: false });
    const after = await find('needle', null);
    expect(after.hits.map(({ excerpt }) => excerpt)).toEqual(['The needle in the hay']);
    expect(after.needles).toEqual({ phrases: [], prefix: 'needle' });

    const hers = await anna.api.get<{ messages: { status: string }[] }>(`/chats/${chatId}/messages?limit=40&offset=0`);
    expect(new Set(hers.body.messages.map(({ status }) => status))).toEqual(new Set(['delivered']));
  });

  it('leaves an unread chat alone at a server of the published interface', async () => {
    const { chatId } = await world([], 40);
    const read = must(await boris.data.search.further({ query: 'needle', chatId: null }));
    expect(read).toMatchObject({ added: 0, reach: { complete: 0, spared: 1, further: false } });
    expect((await find('needle', chatId)).hits).toEqual([]);
  });

  it('reads on by counted pages where nothing is unread', async () => {
    const { chatId } = await world([], 0);
    const read = must(await boris.data.search.further({ query: 'needle', chatId }));
    expect(read.reach).toMatchObject({ complete: 1, further: false });
    expect((await find('needle', chatId)).hits).toHaveLength(1);
  });

  it('says that it needs the connection', async () => {
    const { chatId } = await world(ALL_CAPABILITIES, 0);
    boris.dropSocket();
    await boris.page.until('not live', () => boris.data.connection.phase !== 'live');
    expect((await find('needle', chatId)).reach).toMatchObject({ complete: 0, further: false });
    expect(await boris.data.search.further({ query: 'needle', chatId })).toMatchObject({
      ok: false,
      error: { code: 'offline' },
    });
  });
});
