/** What was missed, read into the store: by the events that the server kept, else by the list and the histories. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Capability } from '../../../../contract/api/capabilities.ts';
import type { Chat } from '../../../../contract/api/chat.ts';
import type { ServerFrame } from '../../../../contract/ws/server-frames.ts';
import { syncPoint } from '../../../../electron/main/services/store/ops/message-operations.ts';
import { ME, message, NOW, OTHER } from '../store/open-store.ts';
import { Partly, Refused, scripted, type Script, type ScriptedOptions } from './scripted-relay.ts';

const ALL: Capability[] = ['sync', 'cursors', 'message-read', 'idempotency'];
const users = [ME, OTHER].map((id) => ({ id, username: id }));
const idOf = (n: number): string => `c${String(n)}`;
/** Chat n with its last message, which is number n * 100 of all. */
const chat = (n: number, more: Partial<Chat> = {}): Chat => ({
  id: idOf(n),
  participants: users,
  unreadCount: 0,
  lastMessage: message(n * 100, { chatId: idOf(n) }),
  ...more,
});
const read = (n: number, seq: number): ServerFrame => ({
  type: 'chat:read',
  data: { chatId: idOf(n), messageId: message(n * 100).id, unreadCount: 0 },
  seq,
});

let relay: ReturnType<typeof scripted>;
let answers: Partial<Record<string, unknown>>;
const script: Script = (route, input) => {
  const answer = answers[route];
  return typeof answer === 'function' ? (answer as Script)(route, input) : answer;
};
beforeEach(() => {
  answers = {
    chats: { chats: [chat(1)] },
    history: { messages: [], total: 1 },
    sync: { events: [], seq: 10, epoch: 'e' },
  };
});
afterEach(() => relay.end());

function begin(options: ScriptedOptions = {}, capabilities = ALL): void {
  relay = scripted(script, capabilities, options);
  relay.hello();
}
/** An account that is live, and whose connection has ended. */
async function known(options: ScriptedOptions = {}, capabilities = ALL): Promise<void> {
  begin(options, capabilities);
  await relay.settle(40);
  expect(relay.sync.mode).toBe('live');
  relay.close();
  await relay.settle();
  relay.requests.length = 0;
  relay.asked.length = 0;
  relay.modes.length = 0;
  relay.steps.length = 0;
}
async function again(hello: Parameters<typeof relay.hello>[0] = {}): Promise<void> {
  relay.hello(hello);
  await relay.settle(40);
}
const point = () => syncPoint(relay.store.context, {});
const filled = () => relay.asked.filter(({ route }) => route === 'history').map(({ params }) => params['chatId']);
const many = (count: number, from = 1): { chats: Chat[] } => ({
  chats: Array.from({ length: count }, (_, n) => chat(from + n)),
});

describe('the way', () => {
  it('is by events where the server keeps them and it is the same life of it; the list is looked at afterwards', async () => {
    await known();
    await again({ seq: 12 });
    expect(relay.requests).toEqual(['sync', 'chats']);
    expect(relay.asked[0]?.query).toEqual({ since: 10 });
    expect(relay.logger.of('sync.live').at(-1)?.fields).toMatchObject({ how: 'events' });
    expect(relay.steps).toEqual(['events-applied', 'chats-applied']);
  });

  it.each([
    ['the server does not keep them', { capabilities: ['cursors', 'message-read'] as Capability[] }, {}],
    ['it is another life of the server', {}, { epoch: 'f' }],
    ['the server does not tell its life', {}, { epoch: null }],
  ])('is by the histories where %s', async (_what, { capabilities = ALL }: { capabilities?: Capability[] }, hello) => {
    await known({}, capabilities);
    await again(hello);
    expect(relay.requests).toEqual(['chats']);
    expect(relay.logger.of('sync.live').at(-1)?.fields).toMatchObject({ how: 'history' });
  });

  it.each([
    ['says that it has forgotten', { reset: true, seq: 12, epoch: 'e' }],
    ['tells another life', { events: [], seq: 12, epoch: 'f' }],
    ['tells an event that makes no sense', new Partly({ events: [], seq: 12, epoch: 'e' }, { dropped: 1 })],
  ])('turns to the histories where the server %s', async (_what, answer) => {
    await known();
    answers['sync'] = answer;
    await again({ seq: 12 });
    expect(relay.requests).toEqual(['sync', 'chats']);
    expect(relay.logger.of('sync.live').at(-1)?.fields).toMatchObject({ how: 'history' });
    expect(point()).toEqual({ seq: 12, epoch: 'e' });
  });

  it('ends where the events cannot be asked for now', async () => {
    await known();
    answers['sync'] = new Refused('rate_limited', 3_000);
    await again();
    expect(relay.requests).toEqual(['sync']);
    expect(relay.logger.of('sync.failed')).toMatchObject([{ fields: { code: 'rate_limited', wait: 3_000 } }]);
  });
});

describe('the number that is remembered', () => {
  it('is the one that the server said hello with, once the histories are read', async () => {
    begin();
    relay.close();
    relay.hello({ seq: 33 });
    await relay.settle(40);
    expect(point()).toEqual({ seq: 33, epoch: 'e' });
  });

  it.each([
    ['the server does not count', {}, ['cursors'] as Capability[]],
    ['the hello has no number', { seq: null }, ALL],
    ['the hello has no life', { epoch: null }, ALL],
  ])('is none where %s', async (_what, hello, capabilities) => {
    begin({}, capabilities);
    relay.close();
    relay.hello(hello);
    await relay.settle(40);
    expect(relay.sync.mode).toBe('live');
    expect(point()).toBeNull();
  });

  it('goes with each page of events', async () => {
    await known();
    const pages = [
      { events: [read(1, 11), read(1, 12)], seq: 12, epoch: 'e', more: true },
      { events: [read(1, 13)], seq: 13, epoch: 'e' },
    ];
    answers['sync'] = () => pages.shift();
    await again({ seq: 13 });
    expect(relay.asked.filter(({ route }) => route === 'sync').map(({ query }) => query)).toEqual([
      { since: 10 },
      { since: 12 },
    ]);
    expect(point()).toEqual({ seq: 13, epoch: 'e' });
    expect(relay.steps).toEqual(['events-applied', 'events-applied', 'chats-applied']);
  });

  it('never goes back, whatever a page says', async () => {
    await known();
    const pages = [
      { events: [read(1, 11)], seq: 20, epoch: 'e', more: true },
      { events: [read(1, 12)], seq: 15, epoch: 'e' },
    ];
    answers['sync'] = () => pages.shift();
    await again();
    expect(point()).toEqual({ seq: 20, epoch: 'e' });
  });
});

describe('pages of events', () => {
  it('change what is stored, presence left out', async () => {
    await known();
    answers['sync'] = {
      events: [
        { type: 'presence', data: { userId: OTHER, online: true } },
        { type: 'message:new', data: message(101, { chatId: 'c1' }), seq: 11 },
        { type: 'call:ended', data: { id: 'x', chatId: 'c1', status: 'ended' }, seq: 12 },
      ],
      seq: 12,
      epoch: 'e',
    };
    const sizes: number[] = [];
    const { length } = relay.published;
    await again();
    for (const { messages } of relay.published.slice(length)) sizes.push(messages.length);
    expect(relay.store.context.sql.all('SELECT 1 FROM messages WHERE id = ?', message(101).id)).toHaveLength(1);
    expect(relay.store.context.presence.size).toBe(0);
    expect(sizes[0]).toBe(1);
  });

  it('without an end are given up for the histories', async () => {
    await known();
    let seq = 10;
    answers['sync'] = () => ({ events: [read(1, (seq += 1))], seq, epoch: 'e', more: true });
    relay.hello();
    await relay.settle(600);
    expect(relay.count('sync')).toBe(200);
    expect(relay.logger.of('sync.events_do_not_end')).toMatchObject([{ fields: { since: 10, seq: 210 } }]);
    expect(relay.sync.mode).toBe('live');
  });

  it.each([
    ['do not get further', { events: [read(1, 10)], seq: 10, epoch: 'e', more: true }],
    ['are empty and go on', { events: [], seq: 99, epoch: 'e', more: true }],
  ])('that %s are given up at once', async (_what, page) => {
    await known();
    answers['sync'] = page;
    await again();
    expect(relay.count('sync')).toBe(1);
    expect(relay.logger.of('sync.events_do_not_end')).toHaveLength(1);
  });

  it('tell the pages that are on their way of reactions that changed', async () => {
    await known();
    const touched: string[] = [];
    relay.history.reactionChanged = (id) => void touched.push(id);
    const reaction = { id: 'r1', emoji: '👍', userId: OTHER };
    answers['sync'] = {
      events: [
        { type: 'reaction:new', data: { messageId: 'm1', chatId: 'c1', reaction }, seq: 11 },
        { type: 'reaction:removed', data: { messageId: 'm2', chatId: 'c1', reactionId: 'r1' }, seq: 12 },
        { type: 'message:status', data: { messageId: 'm3', chatId: 'c1', status: 'read' }, seq: 13 },
      ],
      seq: 13,
      epoch: 'e',
    };
    await again();
    expect(touched).toEqual(['m1', 'm2']);
    relay.frame({ type: 'reaction:new', data: { messageId: 'm4', chatId: 'c1', reaction }, seq: 14 });
    relay.frame({ type: 'reaction:removed', data: { messageId: 'm5', chatId: 'c1', reactionId: 'r1' }, seq: 15 });
    expect(touched).toEqual(['m1', 'm2', 'm4', 'm5']);
  });
});

describe('chats that are new to this device', () => {
  it('are filled before the account is live, forty of them, three at a time; the others afterwards, one by one', async () => {
    answers['chats'] = many(45);
    let underWay = 0;
    let most = 0;
    const atOnce: number[] = [];
    relay = scripted(script, ALL, {
      store: {
        fillStart: async (input) => {
          underWay += 1;
          most = Math.max(most, underWay);
          await new Promise((resolve) => setImmediate(resolve));
          underWay -= 1;
          atOnce.push(underWay);
          return { oldest: null, newest: { ...placeOf(input.chatId), id: 'x' }, starts: false, unread: 0 } as never;
        },
      },
    });
    relay.hello();
    let beforeLive = 0;
    for (let n = 0; n < 60 && relay.sync.mode !== 'live'; n += 1) {
      await relay.settle(1);
      beforeLive = filled().length;
    }
    expect(relay.sync.mode).toBe('live');
    expect(beforeLive).toBeGreaterThanOrEqual(40);
    expect(beforeLive).toBeLessThanOrEqual(41);
    expect(most).toBe(3);
    most = 0;
    await relay.settle(60);
    expect(filled()).toEqual(Array.from({ length: 45 }, (_, n) => idOf(n + 1)));
    expect(most).toBe(1);
  });

  it('come after those that were known', async () => {
    await known();
    answers['chats'] = { chats: [chat(3), chat(1, { lastMessage: message(150, { chatId: 'c1' }) })] };
    await again({ epoch: 'f' });
    expect(filled()).toEqual(['c1', 'c3']);
  });

  it('are filled afterwards alone where to fetch is to read: only then it is known what nobody has seen', async () => {
    answers = { ...answers, chats: many(2), history: undefined };
    begin({}, ['sync']);
    await relay.settle(40);
    // No history has been answered yet.
    expect(filled()).toEqual(['c1']);
    expect(relay.sync.mode).toBe('live');
  });

  it('that cannot be read now are left for the next time, and the account is live all the same', async () => {
    answers['chats'] = many(2);
    answers['history'] = new Refused('server_error');
    begin({}, ['sync']);
    await relay.settle(40);
    expect(relay.sync.mode).toBe('live');
    expect(filled()).toEqual(['c1']);
    expect(relay.logger.of('sync.rest_left')).toMatchObject([{ fields: { code: 'server_error' } }]);
  });

  it('that the server does not show are left out', async () => {
    answers['chats'] = many(2);
    answers['history'] = (_route: string, input: Parameters<Script>[1]) =>
      input.params?.['chatId'] === 'c1' ? new Refused('forbidden') : { messages: [], total: 1 };
    begin();
    await relay.settle(40);
    expect(relay.sync.mode).toBe('live');
    expect(filled()).toEqual(['c1', 'c2']);
  });

  it('whose reading fails hold the account back', async () => {
    answers['chats'] = many(8);
    answers['history'] = new Refused('server_closing', 4_000);
    begin();
    await relay.settle(40);
    expect(relay.sync.mode).toBe('catching_up');
    expect(relay.logger.of('sync.failed')).toMatchObject([{ fields: { code: 'server_closing', wait: 4_000 } }]);
    // Three at a time, and nothing after the first failure.
    expect(filled().length).toBeLessThanOrEqual(3);
  });

  it('are told to the page as something to read anew', async () => {
    begin();
    await relay.settle(40);
    expect(relay.published.filter(({ stale }) => stale.length > 0).map(({ stale }) => stale)).toEqual([['c1']]);
  });
});

describe('reads of other devices', () => {
  it('are taken over from the counts of the list where the server is told of reading', async () => {
    const adopted: unknown[] = [];
    const store: ScriptedOptions['store'] = {
      adoptReads: async ({ chats }) => {
        adopted.push(chats);
        return { messages: [], chats: [], stale: [], unread: null, failed: [], uploads: [] };
      },
    };
    answers['chats'] = { chats: [chat(1, { unreadCount: 4 }), chat(2, { lastMessage: null })] };
    begin({ store });
    await relay.settle(40);
    expect(adopted).toEqual([
      [
        { chatId: 'c1', unread: 4, lastId: message(100).id },
        { chatId: 'c2', unread: 0, lastId: null },
      ],
    ]);
    relay.end();
    begin({ store }, ['sync']);
    await relay.settle(40);
    expect(adopted).toHaveLength(1);
  });
});

describe('the server’s clock', () => {
  it('is told to the store before anything else, and again only when it has moved', async () => {
    const told: number[] = [];
    const options: ScriptedOptions = {
      clockAheadMs: 5_000,
      store: {
        setServerClock: async ({ ahead }) => {
          told.push(ahead);
          return null;
        },
      },
    };
    await known(options);
    expect(told).toEqual([5_000]);
    const pages = [5_000, 6_999, 7_000, 5_001].map((ahead, n) => ({ ahead, seq: 11 + n }));
    answers['sync'] = () => {
      const page = pages.shift();
      options.clockAheadMs = page?.ahead ?? 0;
      return { events: [read(1, page?.seq ?? 0)], seq: page?.seq, epoch: 'e', more: pages.length > 0 };
    };
    await again();
    expect(told).toEqual([5_000, 5_000, 7_000]);
  });

  it('is the computer’s own where the server does not tell', async () => {
    const told: number[] = [];
    begin({
      store: {
        setServerClock: async ({ ahead }) => {
          told.push(ahead);
          return null;
        },
      },
    });
    await relay.settle(40);
    expect(told).toEqual([0]);
  });
});

describe('a last message of which the list told a part', () => {
  const shortened = { chats: [chat(1, { lastMessage: message(100, { chatId: 'c1', shortened: true }) })] };
  const whole = message(100, { chatId: 'c1' });

  it('is read by itself first, and the history from it', async () => {
    answers = { ...answers, chats: shortened, message: { message: whole } };
    begin();
    await relay.settle(40);
    expect(relay.asked.map(({ route, params }) => [route, params])).toEqual([
      ['chats', {}],
      ['message', { messageId: whole.id }],
      ['history', { chatId: 'c1' }],
    ]);
    expect(relay.store.context.sql.all('SELECT id FROM messages')).toEqual([{ id: whole.id }]);
  });

  it.each([
    ['is gone', new Refused('not_found')],
    ['is not for us', new Refused('forbidden')],
    ['comes as one of another chat', { message: { ...whole, chatId: 'c2' } }],
    ['comes as another one', { message: { ...whole, id: 'other' } }],
    ['comes in part again', { message: { ...whole, shortened: true } }],
  ])('that %s is not stored, and the account is live all the same', async (_what, answer) => {
    answers = { ...answers, chats: shortened, message: answer };
    begin();
    await relay.settle(40);
    expect(relay.store.context.sql.all('SELECT id FROM messages')).toEqual([]);
    expect(relay.sync.mode).toBe('live');
  });

  it('that cannot be read now is read the next time', async () => {
    answers = { ...answers, chats: shortened, message: new Refused('rate_limited', 2_000) };
    begin();
    await relay.settle(40);
    expect(relay.sync.mode).toBe('catching_up');
    expect(relay.logger.of('sync.failed')).toMatchObject([{ fields: { code: 'rate_limited', wait: 2_000 } }]);
  });
});

/** Where the last message of a chat stands. */
function placeOf(chatId: string): { at: number; tie: string } {
  const n = Number(chatId.slice(1)) * 100;
  return { at: NOW + n * 1_000, tie: message(n).id };
}
