/** Nothing counts as read before a person could have seen it: whatever comes while the background reads stays unread. */
import { afterEach, describe, expect, it } from 'vitest';
import type { Capability } from '../../../contract/api/capabilities.ts';
import type { Message } from '../../../contract/api/message.ts';
import { startFaultProxy, type FaultProxy } from '../../chaos/fault-proxy.ts';
import { ALL_CAPABILITIES, createPerson, must, type Person } from '../../helpers/data-world.ts';
import { startTestRelay, type TestRelay, type TestUser } from '../../helpers/relay.ts';
import { chatOf, say, statusOf } from '../../helpers/relay-scene.ts';

const NO_WORD_FOR_READING = ALL_CAPABILITIES.filter((name) => name !== 'message-read');

let undos: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const undo of undos.reverse()) await undo();
  undos = [];
});

interface Scene {
  relay: TestRelay;
  anna: TestUser;
  boris: TestUser;
  chatId: string;
  proxy: FaultProxy;
  /** Boris at his desktop, not yet connected. */
  desktop: Person;
  /** Runs before a request of the desktop goes on to the relay. */
  before: (what: RegExp, run: () => Promise<unknown>) => void;
  /** What the desktop asked for. */
  asked: string[];
}

async function scene(capabilities: Capability[]): Promise<Scene> {
  const relay = await startTestRelay({ capabilities });
  undos.push(() => relay.close());
  const anna = await relay.register('anna');
  const boris = await relay.register('boris');
  const { body } = await anna.api.post<{ chat: { id: string } }>('/chats', { userId: boris.user.id });
  const hooks: { what: RegExp; run: () => Promise<unknown> }[] = [];
  const asked: string[] = [];
  const proxy = await startFaultProxy({
    target: relay.port,
    random: () => 1,
    chance: 0,
    lateMs: 0,
    hold: async (what) => {
      asked.push(what);
      const at = hooks.findIndex((hook) => hook.what.test(what));
      if (at >= 0) await hooks.splice(at, 1)[0]?.run();
    },
  });
  undos.push(() => proxy.close());
  const desktop = await createPerson({ url: proxy.url, ...boris, capabilities, data: { settleMs: 50 } });
  undos.push(() => desktop.close());
  const before: Scene['before'] = (what, run) => void hooks.push({ what, run });
  return { relay, anna, boris, chatId: body.chat.id, proxy, desktop, before, asked };
}

const isLive = ({ desktop }: Scene) => desktop.page.until('live', () => desktop.data.connection.phase === 'live');
const unread = ({ desktop, chatId }: Scene): number => desktop.page.chats.get(chatId)?.unread ?? 0;

/** Where a request that has an effect would be seen: nothing further is asked, and nothing is read. */
async function stillUnread(at: Scene, sent: readonly Message[]): Promise<void> {
  // The list is asked again and again applied: what the background does of itself has been done by then.
  await at.desktop.page.until('counted', () => unread(at) === sent.length);
  const asked = at.asked.filter((what) => what.includes('/messages?')).length;
  at.desktop.dropSocket();
  at.desktop.resume();
  await at.desktop.page.until('left', () => at.desktop.data.connection.phase !== 'live');
  await isLive(at);
  await expect.poll(() => at.asked.filter((what) => what.includes('/messages?')).length).toBeGreaterThanOrEqual(asked);
  expect((await chatOf(at.boris, at.chatId)).unreadCount).toBe(sent.length);
  for (const { id } of sent) expect(await statusOf(at.anna, id)).toBe('delivered');
  expect(unread(at)).toBe(sent.length);
}

describe.each([
  ['a server with a word for reading', ALL_CAPABILITIES],
  ['a server with cursors alone', NO_WORD_FOR_READING],
  ['a server as published', []],
] as [string, Capability[]][])('%s', (_what, capabilities) => {
  it("a chat's first message that comes between the list and the history stays unread", async () => {
    const at = await scene(capabilities);
    const sent: Message[] = [];
    const speak = async (): Promise<void> => void sent.push(await say(at.anna, at.chatId, 'the first'));
    // Whichever is asked next: the history, had it been asked for, or nothing at all.
    at.before(/\/messages\?/, speak);
    at.desktop.open();
    await isLive(at);
    if (sent.length === 0) await speak();
    await stillUnread(at, sent);
  });

  it('what was missed stays unread until the chat is opened, and is counted right', async () => {
    const at = await scene(capabilities);
    const first = await say(at.anna, at.chatId, 'seen');
    at.desktop.open();
    await isLive(at);
    await at.desktop.page.until('counted', () => unread(at) === 1);
    must(await at.desktop.data.chats.markRead({ chatId: at.chatId, messageId: first.id }));
    await expect.poll(() => statusOf(at.anna, first.id)).toBe('read');
    at.desktop.dropSocket();
    const sent: Message[] = [];
    for (let n = 0; n < 4; n += 1) sent.push(await say(at.anna, at.chatId, `missed ${n}`));
    at.desktop.resume();
    await isLive(at);
    await stillUnread(at, sent);

    // Opened: everything is here, and the mark stands where it stood.
    const opened = async () =>
      must(await at.desktop.data.messages.page({ chatId: at.chatId, anchor: { at: 'latest' }, limit: 50 }));
    const page = await opened();
    if (page.older === 'gap')
      must(await at.desktop.data.messages.fill({ chatId: at.chatId, edge: 'older', key: page.items[0]?.key ?? null }));
    expect((await opened()).items.map(({ text }) => text)).toEqual(['seen', ...sent.map(({ content }) => content)]);
    expect(unread(at)).toBe(4);
    must(await at.desktop.data.chats.markRead({ chatId: at.chatId, messageId: sent[1]?.id ?? '' }));
    expect(unread(at)).toBe(2);
  });

  it('reading one message tells of no later one', async () => {
    const at = await scene(capabilities);
    at.desktop.open();
    await isLive(at);
    const sent: Message[] = [];
    for (let n = 0; n < 5; n += 1) sent.push(await say(at.anna, at.chatId, `message ${n}`));
    await at.desktop.page.until('here', () => at.desktop.page.texts(at.chatId).length === 5);
    must(await at.desktop.data.chats.markRead({ chatId: at.chatId, messageId: sent[2]?.id ?? '' }));
    await expect.poll(() => statusOf(at.anna, sent[2]?.id ?? '')).toBe('read');
    expect(await statusOf(at.anna, sent[3]?.id ?? '')).toBe('delivered');
  });
});

describe('an unanswered send on a server without keys', () => {
  it('is found without reading what nobody has seen', async () => {
    const at = await scene([]);
    await say(at.anna, at.chatId, 'before');
    at.desktop.open();
    await isLive(at);
    await at.desktop.page.until('counted', () => unread(at) === 1);
    // It arrives, and its answer is lost with the line; meanwhile somebody writes, and nobody looks.
    const { promise: written, resolve: allWritten } = Promise.withResolvers<void>();
    at.before(/POST .*\/messages\/send/, async () => {
      at.desktop.dropSocket();
      at.proxy.refuse();
      for (const [who, text] of [
        [at.boris, 'mine'],
        [at.anna, 'after'],
        [at.anna, 'last'],
      ] as const)
        await say(who, at.chatId, text);
      allWritten();
      throw new Error('the line is cut');
    });
    const mine = must(await at.desktop.data.messages.send({ chatId: at.chatId, text: 'mine', replyTo: null }));
    const state = () => at.desktop.page.messages.get(mine.key)?.state;
    await at.desktop.page.until('unanswered', () => state() === 'unknown');
    // Whoever is back before that hears of it as it comes.
    await written;
    await at.proxy.accept();
    at.desktop.resume();
    await isLive(at);
    await at.desktop.page.until('looked for', () => at.asked.filter((what) => what.endsWith(' /api/chats')).length > 2);
    expect(state()).toBe('unknown');
    expect((await chatOf(at.boris, at.chatId)).unreadCount).toBe(3);
    expect(unread(at)).toBe(3);

    // The person opens the chat: now it is found.
    const page = must(await at.desktop.data.messages.page({ chatId: at.chatId, anchor: { at: 'latest' }, limit: 50 }));
    must(await at.desktop.data.messages.fill({ chatId: at.chatId, edge: 'older', key: page.items[0]?.key ?? null }));
    const found = async () =>
      must(await at.desktop.data.messages.page({ chatId: at.chatId, anchor: { at: 'latest' }, limit: 50 })).items.find(
        ({ key }) => key === mine.key,
      );
    await expect.poll(async () => (await found())?.state).toBe('sent');
  });
});
