/** Loops that a relay's answers could drive: requests are counted in the time of an injected clock. */
import { afterEach, describe, expect, it } from 'vitest';
import type { Capability } from '../../../../contract/api/capabilities.ts';
import type { ServerFrame } from '../../../../contract/ws/server-frames.ts';
import { syncPoint } from '../../../../electron/main/services/store/ops/message-operations.ts';
import { MOST_WAITING_CHARS } from '../../../../electron/main/services/sync/event-queue.ts';
import { CHAT, ME, message, OTHER } from '../store/open-store.ts';
import { Refused, scripted, type Script } from './scripted-relay.ts';

type Relay = ReturnType<typeof scripted>;

const ALL: Capability[] = ['sync', 'cursors', 'message-read', 'idempotency'];
const users = [ME, OTHER].map((id) => ({ id, username: id }));
const chats = { chats: [{ id: CHAT, participants: users, lastMessage: message(1), unreadCount: 0 }] };
const honest: Script = (route) =>
  route === 'chats' ? chats : route === 'history' ? { messages: [], total: 1 } : { events: [], seq: 10, epoch: 'e' };
const stranger = (n: number) => message(n, { chatId: `chat-${String(n)}` });

let relay: Relay;
afterEach(() => relay.end());

async function live(script: Script, capabilities = ALL): Promise<void> {
  let isHonest = true;
  relay = scripted((route, input) => (isHonest ? honest(route, input) : script(route, input)), capabilities);
  relay.hello();
  await relay.run(1);
  expect(relay.sync.mode).toBe('live');
  isHonest = false;
  relay.requests.length = 0;
}

interface Loop {
  name: string;
  script: Script;
  capabilities?: Capability[];
  /** What the relay does at each tenth of a second. */
  each: (relay: Relay, step: number) => void;
  /** Requests of a minute at most. */
  most: number;
}

const LOOPS: Loop[] = [
  {
    name: '`more` with the same number for ever',
    script: (route, input) =>
      route === 'sync' ? { events: [], seq: 10, epoch: 'e', more: true } : honest(route, input),
    each: (one, step) => step === 0 && one.hello(),
    most: 3,
  },
  {
    name: '`more` with a number that grows and tells nothing',
    script: (route, input) =>
      route === 'sync'
        ? { events: [], seq: Number(input.query?.['since']) + 1, epoch: 'e', more: true }
        : honest(route, input),
    each: (one, step) => step === 0 && one.hello(),
    most: 3,
  },
  {
    name: 'events without an end',
    script: (route, input) => {
      const seq = Number(input.query?.['since']) + 1;
      const events = [{ type: 'chat:read', data: { chatId: CHAT, messageId: message(1).id, unreadCount: 0 }, seq }];
      return route === 'sync' ? { events, seq, epoch: 'e', more: true } : honest(route, input);
    },
    each: (one, step) => step === 0 && one.hello(),
    most: 205,
  },
  {
    name: 'a gap that no answer fills, in every frame',
    script: honest,
    each: (one, step) => one.frame({ type: 'message:new', data: message(100 + step), seq: 1000 + step * 10 }),
    most: 25,
  },
  {
    name: 'a reset in answer to every gap',
    script: (route, input) => (route === 'sync' ? { reset: true, seq: 10, epoch: 'e' } : honest(route, input)),
    each: (one, step) => one.frame({ type: 'message:new', data: message(100 + step), seq: 1000 + step * 10 }),
    most: 25,
  },
  {
    name: 'more frames than may wait',
    script: honest,
    each: (one) => {
      for (let n = 0; n < 12; n += 1) one.frame({ type: 'message:new', data: message(1) }, 1024 * 1024);
    },
    most: 25,
  },
  {
    name: 'a chat that nobody knows, in every frame',
    script: honest,
    each: (one, step) => one.frame({ type: 'message:new', data: stranger(100 + step), seq: 11 + step }),
    most: 15,
  },
  {
    name: 'a list that names another last message each time',
    script: (route, input) =>
      route === 'chats'
        ? { chats: [{ ...chats.chats[0], lastMessage: message(1000 + relay.requests.length) }] }
        : route === 'history'
          ? { messages: [message(relay.requests.length + 10)], total: 1_000_000 }
          : honest(route, input),
    capabilities: [],
    each: (one, step) => step === 0 && one.hello(),
    most: 10,
  },
  {
    name: 'an error that says: again, at once',
    script: () => new Refused('rate_limited', 0),
    each: (one, step) => step === 0 && one.hello(),
    most: 15,
  },
  {
    name: 'a token that is refused, and good again',
    script: (() => {
      let asked = 0;
      return (route, input) => ((asked += 1) % 2 === 1 ? new Refused('unauthenticated') : honest(route, input));
    })(),
    each: (one, step) => step === 0 && one.hello(),
    most: 1,
  },
];

describe('in a minute of', () => {
  it.each(LOOPS)('$name: $most requests at most', async ({ script, each, most, capabilities }) => {
    await live(script, capabilities);
    await relay.run(60, (step) => each(relay, step));
    expect(relay.requests.length).toBeGreaterThan(0);
    expect(relay.requests.length).toBeLessThanOrEqual(most);
  });

  it('another life of the server at each of 20 connections: the list once for each', async () => {
    await live(honest);
    await relay.run(60, (step) => {
      if (step % 30 !== 0) return;
      relay.close();
      relay.hello({ epoch: `e${String(step)}`, seq: step });
    });
    expect(relay.count('chats')).toBe(20);
    expect(relay.requests.length).toBeLessThanOrEqual(40);
  });
});

describe('a gap', () => {
  it('that is proven keeps nothing back, and is not asked about again', async () => {
    await live(honest);
    relay.frame({ type: 'message:new', data: message(2), seq: 50 });
    await relay.run(2);
    relay.frame({ type: 'message:new', data: message(3), seq: 51 });
    await relay.run(2);
    expect(relay.sync.mode).toBe('live');
    expect(relay.count('sync')).toBe(1);
    expect(relay.count('chats')).toBe(1);
    expect(syncPoint(relay.store.context, {})).toEqual({ seq: 51, epoch: 'e' });
    const here = relay.store.context.sql.all<{ id: string }>('SELECT id FROM messages ORDER BY at');
    expect(here.map(({ id }) => id)).toEqual([1, 2, 3].map((n) => message(n).id));
  });

  it('that comes again is waited for, and what stands behind it comes all the same', async () => {
    await live(honest);
    for (const n of [2, 3, 4]) relay.frame({ type: 'message:new', data: message(n), seq: n * 100 });
    await relay.run(10);
    expect(relay.sync.mode).toBe('live');
    expect(relay.store.context.sql.get('SELECT count(*) AS n FROM messages')).toEqual({ n: 4 });
  });
});

describe('frames that wait', () => {
  it('while the list is held back take bounded memory: 400 MB of them', async () => {
    const file = { name: 'n'.repeat(1000), mimeType: 'm/m', size: 1 };
    const attachments = Array.from({ length: 200 }, (_, n) => ({ id: `f${String(n)}`, ...file }));
    const text = JSON.stringify({ type: 'message:new', data: message(2, { attachments }) });
    relay = scripted((route, input) => (route === 'chats' ? undefined : honest(route, input)), ALL);
    relay.hello();
    await relay.settle();
    const before = process.memoryUsage().rss;
    for (let came = 0; came < 400 * 1024 * 1024; came += text.length)
      relay.frame(JSON.parse(text) as ServerFrame, text.length);
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024);
  });

  it('are dropped past their bound, and read again once the list has come', async () => {
    let answerList: (() => void) | null = null;
    relay = scripted(
      (route, input) => (route === 'chats' && answerList === null ? undefined : honest(route, input)),
      ALL,
    );
    relay.hello();
    await relay.settle();
    for (let n = 0; n < 100; n += 1)
      relay.frame({ type: 'message:new', data: message(n + 2), seq: n + 11 }, 1024 * 1024);
    expect(relay.logger.of('sync.buffer_full').map(({ fields }) => fields)).toEqual([
      { kept: Math.floor(MOST_WAITING_CHARS / 1024 / 1024) },
    ]);
    answerList = () => undefined;
    relay.close();
    relay.hello();
    await relay.run(2);
    expect(relay.sync.mode).toBe('live');
  });
});
