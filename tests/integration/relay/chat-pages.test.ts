/** The list of chats when it is long: in pages, and whole without holding up everybody else. */
import { mkdtemp, rm } from 'node:fs/promises';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Chat } from '../../../contract/api/chat.ts';
import type { Message } from '../../../contract/api/message.ts';
import { LIMITS } from '../../../contract/model/limits.ts';
import { createRelayClient, startTestRelay, type TestRelay, type TestUser } from '../../helpers/relay.ts';
import { addCrowd, LONGEST } from '../../helpers/relay-crowd.ts';
import { chatBetween, newcomer, pair, say, statusOf } from '../../helpers/relay-scene.ts';

interface Page {
  chats: Chat[];
  next?: string;
}

async function page(user: Pick<TestUser, 'api'>, query: Record<string, string | number>): Promise<Page> {
  const answer = await user.api.get<Page>('/chats', query);
  if (answer.status !== 200) throw new Error(`chats: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
}

describe('pages', () => {
  let relay: TestRelay;
  let time = Date.now();
  beforeAll(async () => {
    relay = await startTestRelay({ now: () => time });
  });
  afterAll(() => relay.close());

  /** Somebody with chats of 1 to `count`, the last one the newest; two of them of the same moment. */
  async function scene(count: number): Promise<{ anna: TestUser; others: TestUser[]; ids: string[] }> {
    const anna = await newcomer(relay);
    const others: TestUser[] = [];
    const ids: string[] = [];
    for (let index = 0; index < count; index += 1) {
      const other = await newcomer(relay);
      others.push(other);
      ids.push(await chatBetween(other, anna));
      if (index !== 1) time += 1000;
    }
    return { anna, others, ids };
  }

  test('walked to the end they are the whole list, each chat once, in its order', async () => {
    const { anna, others, ids } = await scene(7);
    await say(others[2] ?? anna, ids[2] ?? '', 'to the top');
    const whole = await page(anna, {});
    expect([whole.chats.length, whole.next]).toEqual([7, undefined]);
    for (const limit of [1, 2, 3, 7, 200]) {
      const walked: Chat[] = [];
      const sizes: number[] = [];
      let next: string | undefined = undefined;
      do {
        const got: Page = await page(anna, { limit, ...(next === undefined ? {} : { cursor: next }) });
        walked.push(...got.chats);
        sizes.push(got.chats.length);
        next = got.next;
      } while (next !== undefined);
      expect(walked, `by ${limit}`).toEqual(whole.chats);
      expect(sizes.every((size) => size > 0 && size <= limit)).toBe(true);
      expect(sizes).toHaveLength(Math.ceil(7 / limit));
    }
    expect((await page(await newcomer(relay), { limit: 5 })).chats).toEqual([]);
  });

  test('a chat that moves up meanwhile is on no later page and no other one is missed or doubled', async () => {
    const { anna, others, ids } = await scene(6);
    const first = await page(anna, { limit: 2 });
    time += 1000;
    await say(others[0] ?? anna, ids[0] ?? '', 'I was the last');
    const stranger = await chatBetween(await newcomer(relay), anna);
    const second = await page(anna, { limit: 2, cursor: first.next ?? '' });
    const third = await page(anna, { limit: 2, cursor: second.next ?? '' });
    const listed = [first, second, third].flatMap(({ chats }) => chats.map(({ id }) => id));
    expect(listed.toSorted()).toEqual(ids.slice(1).toSorted());
    expect(third.next).toBeUndefined();
    const again = await page(anna, { limit: 2 });
    expect(again.chats.map(({ id }) => id).toSorted()).toEqual([stranger, ids[0]].toSorted());
  });

  test('a last message is a preview there, and marked where it is less than the message; elsewhere it is whole', async () => {
    const { anna, boris, chatId } = await pair(relay);
    const last = async (query: Record<string, string | number> = { limit: 1 }): Promise<Message | null | undefined> =>
      (await page(anna, query)).chats[0]?.lastMessage;
    const long = await say(boris, chatId, LONGEST);
    const cut = { ...long, content: '😀'.repeat(LIMITS.lastMessage.max), shortened: true };
    expect(await last()).toEqual({ ...cut, status: 'delivered' });
    expect((await last({}))?.content).toBe(LONGEST);
    expect(await last({})).not.toHaveProperty('shortened');
    await say(boris, chatId, 'short', { replyToId: long.id });
    expect(await last()).toMatchObject({ content: 'short', replyTo: null, replyToId: long.id, shortened: true });
    const plain = await say(boris, chatId, 'x'.repeat(LIMITS.lastMessage.max));
    expect(await last()).toEqual({ ...plain, status: 'delivered' });
    await anna.api.post(`/messages/${plain.id}/reactions`, { emoji: '👍' });
    expect(await last()).toMatchObject({ reactions: [], shortened: true });
  });

  test('a page delivers what stands on it and nothing else', async () => {
    const { anna, others, ids } = await scene(3);
    const sent: Message[] = [];
    for (const [index, other] of others.entries()) {
      time += 1000;
      sent.push(await say(other, ids[index] ?? '', 'hello'));
    }
    await page(anna, { limit: 1 });
    const statuses = await Promise.all(sent.map(({ id }, index) => statusOf(others[index] ?? anna, id)));
    expect(statuses).toEqual(['sent', 'sent', 'delivered']);
  });

  test.each([
    ['limit=0', 'limit'],
    ['limit=201', 'limit'],
    ['limit=x', 'limit'],
    ['cursor=', 'cursor'],
    ['cursor=abc', 'cursor'],
    ['cursor=_', 'cursor'],
    ['cursor=zzzzzzzzzzzz_abc', 'cursor'],
    ["cursor=1_'%20OR%201=1", 'cursor'],
    [`cursor=1_${'x'.repeat(127)}`, 'cursor'],
  ])('%s is 400 and names the field', async (query, field) => {
    const { api } = await newcomer(relay);
    const answer = await api.get(`/chats?${query}`);
    expect([answer.status, answer.body]).toMatchObject([
      400,
      { error: { fields: { [field]: expect.anything() as unknown } } },
    ]);
  });

  test('a node that does not offer them answers the whole list, whatever is asked', async () => {
    const old = await startTestRelay({ capabilities: ['cursors'] });
    const anna = await newcomer(old);
    for (let index = 0; index < 3; index += 1) await chatBetween(anna, await newcomer(old));
    const answer = await page(anna, { limit: 1 });
    expect([answer.chats.length, answer.next]).toEqual([3, undefined]);
    await old.close();
  });
});

describe('1,100 unauthenticated with 4,000 emoji each', () => {
  let relay: TestRelay;
  let dataDir: string;
  let victim: TestUser;
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'relay-crowd-'));
    const first = await startTestRelay({ dataDir });
    victim = await first.register('victim');
    await first.close();
    await addCrowd(dataDir, victim.user.id, 1100);
    relay = await startTestRelay({ dataDir });
    victim = { ...victim, api: createRelayClient(relay.url, victim.token) };
  });
  afterAll(async () => {
    await relay.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  /** Fetches without reading what comes; answers its bytes. */
  function fetchBytes(path: string): Promise<number> {
    return new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${victim.token}` };
      get(`${relay.url}/api${path}`, { headers, agent: false }, (response) => {
        let bytes = 0;
        response.on('data', (data: Buffer) => (bytes += data.length));
        response.on('end', () => resolve(bytes));
        response.on('error', reject);
      }).on('error', reject);
    });
  }

  /** The most milliseconds of this thread's work between two turns of the event loop; waiting for the processor is none. */
  async function longestTask(work: () => Promise<unknown>): Promise<number> {
    let longest = 0;
    let before = process.threadCpuUsage();
    let watching = true;
    const look = (): void => {
      const { user, system } = process.threadCpuUsage(before);
      longest = Math.max(longest, (user + system) / 1000);
      before = process.threadCpuUsage();
      if (watching) setImmediate(look);
    };
    setImmediate(look);
    await work();
    watching = false;
    return longest;
  }

  test('the published list stays whole, and five of it at once hold the loop for no more than a moment', async () => {
    let sizes: number[] = [];
    const longest = await longestTask(async () => {
      sizes = await Promise.all(Array.from({ length: 5 }, () => fetchBytes('/chats')));
    });
    for (const size of sizes) expect(size).toBeGreaterThan(17 * 1024 * 1024);
    // Without slices: 300 ms and more.
    expect(longest).toBeLessThan(100);
  });

  test('in pages it is small, and every chat is there', async () => {
    const ids = new Set<string>();
    let bytes = 0;
    for (let next: string | undefined = ''; next !== undefined;) {
      const got: Page = await page(victim, next === '' ? { limit: 200 } : { limit: 200, cursor: next });
      for (const { id } of got.chats) ids.add(id);
      bytes = Math.max(bytes, JSON.stringify(got).length);
      next = got.next;
    }
    expect(ids.size).toBe(1100);
    expect(bytes).toBeLessThan(512 * 1024);
  });
});
