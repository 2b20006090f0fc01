/** The list of chats at relays that have pages, that have none, and that never come to an end. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Capability } from '../../../../contract/api/capabilities.ts';
import type { Message } from '../../../../contract/api/message.ts';
import { chat as chatView } from '../../../../electron/main/services/store/ops/chat-operations.ts';
import { readChatList } from '../../../../electron/main/services/sync/chat-list.ts';
import { ME, message, NOW, OTHER } from '../store/open-store.ts';
import { scripted, type Script } from './scripted-relay.ts';

const PAGED: Capability[] = ['chat-pages', 'cursors', 'message-read'];
const users = [ME, OTHER].map((id) => ({ id, username: id }));
const chat = (n: number, last?: Partial<Message>) => {
  const id = `c${String(n)}`;
  return {
    id,
    participants: users,
    unreadCount: 1,
    ...(last ? { lastMessage: message(n, { chatId: id, ...last }) } : {}),
  };
};

let relay: ReturnType<typeof scripted>;
afterEach(() => relay.end());
const known = () => relay.store.context.sql.all<{ id: string }>('SELECT id FROM chats ORDER BY id').map(({ id }) => id);
const history: Script = (route) => (route === 'history' ? { messages: [], total: 0 } : undefined);

describe('pages of the list', () => {
  it('are read to the last one, each with the cursor of the one before', async () => {
    const asked: unknown[] = [];
    relay = scripted((route, input) => {
      if (route !== 'chats') return history(route, input);
      asked.push(input.query);
      const at = asked.length;
      return { chats: [chat(at)], ...(at < 3 ? { next: `k${String(at)}` } : {}) };
    }, PAGED);
    relay.hello();
    await relay.run(1);
    expect(asked).toEqual([{ limit: 200 }, { limit: 200, cursor: 'k1' }, { limit: 200, cursor: 'k2' }]);
    expect(known()).toEqual(['c1', 'c2', 'c3']);
    expect(relay.sync.mode).toBe('live');
    expect(relay.notices).toEqual([]);
  });

  it.each([
    ['repeat a cursor', (n: number) => ({ chats: [chat(n)], next: n % 2 === 0 ? 'a' : 'b' })],
    ['tell of the same chats for ever', (n: number) => ({ chats: [chat(1)], next: `k${String(n)}` })],
    ['are empty and go on', (n: number) => ({ chats: [], next: `k${String(n)}` })],
    ['name a cursor that is none', (n: number) => ({ chats: [chat(n)], next: '../x' })],
  ])('that %s come to an end, and the person is told once', async (_what, answer) => {
    let n = 0;
    relay = scripted((route, input) => (route === 'chats' ? answer((n += 1)) : history(route, input)), PAGED);
    relay.hello();
    await relay.run(1);
    expect(relay.sync.mode).toBe('live');
    expect(relay.count('chats')).toBeLessThanOrEqual(3);
    expect(relay.logger.of('sync.list_not_whole')).toMatchObject([{ fields: { reason: 'cursor' } }]);
    relay.close();
    relay.hello();
    await relay.run(1);
    expect(relay.notices).toEqual(['chats_not_whole']);
  });

  it('are not asked for where the server has none', async () => {
    relay = scripted(
      (route, input) => (route === 'chats' ? { chats: [chat(1)], next: 'k' } : history(route, input)),
      [],
    );
    relay.hello();
    await relay.run(1);
    expect(relay.count('chats')).toBe(1);
  });
});

describe('a last message that is shortened', () => {
  it('is shown, never stored, and read whole with its past', async () => {
    const whole = message(1, { chatId: 'c1', content: 'the whole of a long message' });
    let mayRead = false;
    relay = scripted((route, input) => {
      if (route === 'chats') return { chats: [chat(1, { content: 'the whole…', shortened: true })] };
      if (route === 'message') return mayRead ? { message: whole } : undefined;
      return history(route, input);
    }, PAGED);
    relay.hello();
    await relay.run(1);
    const view = () => chatView(relay.store.context, { chatId: 'c1', now: NOW });
    expect(view()).toMatchObject({
      last: { key: whole.id, text: 'the whole…' },
      activityAt: Date.parse(whole.createdAt),
    });
    expect(relay.store.context.sql.all('SELECT * FROM messages')).toEqual([]);
    mayRead = true;
    relay.close();
    relay.hello();
    await relay.run(1);
    expect(relay.store.context.sql.all('SELECT content FROM messages')).toEqual([{ content: whole.content }]);
    expect(view()?.last).toMatchObject({ key: whole.id, text: whole.content });
    expect(relay.store.context.sql.get('SELECT preview FROM chats')).toEqual({ preview: null });
    // What is here is not read again, and keeps its words.
    relay.requests.length = 0;
    relay.close();
    relay.hello();
    await relay.run(1);
    expect(relay.requests).toEqual(['chats']);
    expect(relay.store.context.sql.all('SELECT content FROM messages')).toEqual([{ content: whole.content }]);
  });
});

describe('a history that holds a message of the year 9999', () => {
  it.each([['cursors' as const], ['sync' as const]])(
    'is stored in the order of the server (%s)',
    async (capability) => {
      const odd = { id: 'odd', createdAt: '9999-12-31T23:59:59Z', chatId: 'c1' };
      const page = [message(4, { chatId: 'c1' }), message(3, odd), message(2, { chatId: 'c1' })];
      relay = scripted(
        (route) => {
          if (route === 'chats')
            return { chats: [{ ...chat(1), unreadCount: 0, lastMessage: message(5, { chatId: 'c1' }) }] };
          return { messages: capability === 'cursors' ? page : [message(5, { chatId: 'c1' }), ...page], total: 4 };
        },
        [capability],
      );
      relay.hello();
      await relay.run(1);
      const order = relay.store.context.sql.all<{ id: string }>('SELECT id FROM messages ORDER BY at, tie');
      expect(order.map(({ id }) => id)).toEqual([message(2).id, 'odd', message(4).id, message(5).id]);
      expect(relay.store.context.sql.all('SELECT starts FROM ranges')).toEqual([{ starts: 1 }]);
    },
  );
});

describe('the reading of the list', () => {
  type Answer = { chats: unknown[]; next?: string | null };
  /** Reads it from a server that gives these answers, one after the other, and says what was stored at once. */
  async function readWith(give: (n: number, take: (chats: never[]) => Promise<void>) => Answer | Promise<Answer>) {
    let n = 0;
    const pieces: number[] = [];
    const read = await readChatList(
      {
        has: (capability: Capability) => capability === 'chat-pages',
        api: {
          call: async (_route: string, _input: unknown, options: { take: (chats: never[]) => Promise<void> }) => ({
            ok: true,
            value: await give((n += 1), options.take),
          }),
        },
      } as never,
      async (chats) => {
        pieces.push(chats.length);
        return chats.map(({ id }) => ({ chatId: id, known: false }));
      },
    );
    return { read, pieces, asked: n };
  }
  const several = (count: number, from = 0) => Array.from({ length: count }, (_, n) => chat(from + n));
  beforeEach(() => {
    relay = scripted(history, PAGED);
  });

  it('hands a hundred at a time to the store, in their order, and counts each chat once', async () => {
    const { read, pieces } = await readWith(() => ({ chats: [...several(250), chat(3)] }));
    expect(pieces).toEqual([100, 100, 51]);
    expect(read).toMatchObject({ kind: 'read', chats: 250, cut: null });
    if (read.kind !== 'read') return;
    expect(read.fill).toHaveLength(251);
    expect(read.counts).toHaveLength(250);
    expect(read.counts[7]).toEqual({ chatId: 'c7', unread: 1, lastId: null });
  });

  it('knows no count where the list tells none, and the last message where it does', async () => {
    const { read } = await readWith(() => ({
      chats: [{ ...chat(1), unreadCount: null }, chat(2, { createdAt: new Date(NOW).toISOString() })],
    }));
    expect(read).toMatchObject({ counts: [{ chatId: 'c2', unread: 1, lastId: message(2).id }] });
  });

  it('stores nothing for an empty list', async () => {
    const { read, pieces } = await readWith(() => ({ chats: [] }));
    expect([pieces, read]).toEqual([[], { kind: 'read', chats: 0, counts: [], fill: [], cut: null }]);
  });

  it('takes what came before the answer had ended', async () => {
    const { read, pieces } = await readWith(async (_n, take) => {
      await take(several(3) as never[]);
      return { chats: several(2, 3) };
    });
    expect(pieces).toEqual([3, 2]);
    expect(read).toMatchObject({ chats: 5 });
  });

  it('ends at a hundred thousand chats', async () => {
    const { read, asked } = await readWith((n) => ({ chats: several(20_000, n * 20_000), next: `k${String(n)}` }));
    expect(asked).toBe(5);
    expect(read).toMatchObject({ chats: 100_000, cut: 'number' });
  });

  it('says that it was cut short when an answer was, whatever comes behind it', async () => {
    let n = 0;
    const answer = await readChatList(
      {
        has: () => true,
        api: {
          call: async () => {
            n += 1;
            return {
              ok: true,
              cut: n === 1,
              value: { chats: several(2, n * 2), next: n < 3 ? `k${String(n)}` : null },
            };
          },
        },
      } as never,
      async () => [],
    );
    expect(answer).toMatchObject({ cut: 'size', chats: 6 });
  });

  it('passes a failure on, with how long to wait', async () => {
    const error = { code: 'rate_limited', message: '', retryAfterMs: 5 };
    const answer = await readChatList(
      { has: () => false, api: { call: async () => ({ ok: false, error, effect: 'not_stored' }) } } as never,
      async () => [],
    );
    expect(answer).toEqual({ kind: 'failed', code: 'rate_limited', retryAfterMs: 5 });
  });
});
