/** Sync at a server that counts its events: gaps, too much at once, and what leads from one state to the next. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Capability } from '../../../../contract/api/capabilities.ts';
import type { ServerFrame } from '../../../../contract/ws/server-frames.ts';
import { applyEvents } from '../../../../electron/main/services/store/ops/event-operations.ts';
import { syncPoint } from '../../../../electron/main/services/store/ops/message-operations.ts';
import { MOST_WAITING } from '../../../../electron/main/services/sync/event-queue.ts';
import { CHAT, ME, message, OTHER } from '../store/open-store.ts';
import { NOTHING_APPLIED, Refused, scripted, type Script, type ScriptedOptions } from './scripted-relay.ts';

const ALL: Capability[] = ['sync', 'cursors', 'message-read', 'idempotency'];
const users = [ME, OTHER].map((id) => ({ id, username: id }));
const list = { chats: [{ id: CHAT, participants: users, lastMessage: message(1), unreadCount: 0 }] };
const frame = (n: number, seq: number): ServerFrame => ({ type: 'message:new', data: message(n), seq });

let relay: ReturnType<typeof scripted>;
let answers: Partial<Record<string, unknown>>;
const script: Script = (route) => answers[route];
beforeEach(() => {
  answers = { chats: list, history: { messages: [], total: 1 }, sync: { events: [], seq: 10, epoch: 'e' } };
});
afterEach(() => relay.end());

/** Opens an account that was never read: by the list, then live after the number 10. */
async function live(options: ScriptedOptions = {}, capabilities = ALL): Promise<void> {
  relay = scripted(script, capabilities, options);
  relay.hello();
  await relay.settle(30);
  expect(relay.sync.mode).toBe('live');
  relay.requests.length = 0;
  relay.asked.length = 0;
  relay.modes.length = 0;
}
const stored = () =>
  relay.store.context.sql.all<{ id: string }>('SELECT id FROM messages ORDER BY at').map(({ id }) => id);
const ids = (...numbers: number[]) => numbers.map((n) => message(n).id);

describe('events', () => {
  it('are stored as they come, and the number of the last one with them', async () => {
    await live();
    for (const n of [11, 12, 13]) relay.frame(frame(n, n));
    await relay.settle();
    expect(stored()).toEqual(ids(1, 11, 12, 13));
    expect(syncPoint(relay.store.context, {})).toEqual({ seq: 13, epoch: 'e' });
    expect(relay.requests).toEqual([]);
    expect(relay.published.at(-1)?.messages.map(({ chatId }) => chatId)).toEqual([CHAT]);
  });

  it('of each kind that changes what is stored are handed over, and no others', async () => {
    const types: string[] = [];
    await live({
      store: {
        applyEvents: async ({ frames }) => {
          types.push(...frames.map(({ type }) => type));
          return NOTHING_APPLIED;
        },
      },
    });
    const reaction = { id: 'r1', emoji: '👍', userId: OTHER };
    const at = { chatId: CHAT, messageId: message(1).id };
    const frames: ServerFrame[] = [
      { type: 'message:new', data: message(2), seq: 11 },
      { type: 'message:status', data: { ...at, status: 'read' }, seq: 12 },
      { type: 'reaction:new', data: { ...at, reaction }, seq: 13 },
      { type: 'reaction:removed', data: { ...at, reactionId: 'r1' }, seq: 14 },
      { type: 'chat:read', data: { ...at, unreadCount: 0 }, seq: 15 },
      { type: 'presence', data: { userId: OTHER, online: true } },
      { type: 'typing:stop', data: { chatId: CHAT, userId: OTHER } },
      { type: 'auth:error', data: null },
    ];
    for (const one of frames) relay.frame(one);
    await relay.settle();
    expect(types).toEqual(frames.slice(0, 6).map(({ type }) => type));
  });

  it('that were told before are not stored a second time', async () => {
    await live();
    relay.frame(frame(11, 11));
    await relay.settle();
    relay.frame({ type: 'message:new', data: message(11, { content: 'other words' }), seq: 11 });
    await relay.settle();
    expect(relay.store.context.sql.all('SELECT content FROM messages WHERE id = ?', message(11).id)).toEqual([
      { content: 'message 11' },
    ]);
  });

  it('that come while everything is read wait, and are stored behind it', async () => {
    const answer = Promise.withResolvers<void>();
    relay = scripted(script, ALL, {
      store: {
        setSyncPoint: async () => {
          await answer.promise;
          return null;
        },
      },
    });
    relay.hello();
    await relay.settle();
    for (const n of [11, 12]) relay.frame(frame(n, n));
    await relay.settle();
    expect(relay.sync.mode).toBe('catching_up');
    expect(stored()).toEqual(ids(1));
    answer.resolve();
    await relay.settle();
    expect(stored()).toEqual(ids(1, 11, 12));
    expect(relay.logger.of('sync.live').at(-1)?.fields).toMatchObject({ how: 'history', buffered: 2 });
  });

  it('of a live socket that has closed are stored all the same, and those that waited for reading are not', async () => {
    await live();
    relay.frame(frame(11, 11));
    relay.close();
    await relay.settle();
    expect(stored()).toEqual(ids(1, 11));
    answers['chats'] = undefined;
    answers['sync'] = undefined;
    relay.hello({ epoch: 'f' });
    await relay.settle();
    relay.frame(frame(12, 12));
    relay.close();
    await relay.settle();
    expect(stored()).toEqual(ids(1, 11));
  });

  it('are handed over five hundred at a time', async () => {
    const sizes: number[] = [];
    await live({
      store: {
        applyEvents: async ({ frames }) => {
          sizes.push(frames.length);
          return NOTHING_APPLIED;
        },
      },
    });
    for (let n = 0; n < 1_200; n += 1) relay.frame(frame(2, 11 + n));
    await relay.settle(40);
    expect(Math.max(...sizes)).toBe(500);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(1_200);
  });
});

describe('a gap in the numbers', () => {
  it('is seen: what stands behind it waits, and the events are read from the last one that came', async () => {
    await live();
    answers['sync'] = {
      events: [frame(11, 11), frame(12, 12)],
      seq: 12,
      epoch: 'e',
    };
    relay.frame(frame(13, 13));
    await relay.settle(30);
    expect(relay.asked[0]).toEqual({ route: 'sync', query: { since: 10 }, params: {} });
    expect(relay.modes).toEqual(['catching_up', 'live']);
    expect(stored()).toEqual(ids(1, 11, 12, 13));
    expect(syncPoint(relay.store.context, {})).toEqual({ seq: 13, epoch: 'e' });
    expect(relay.logger.of('sync.again')).toMatchObject([{ fields: { reason: 'gap', after: 10, wait: 0 } }]);
    expect(relay.logger.of('sync.gap_not_filled')).toEqual([]);
    expect(relay.logger.of('sync.live').at(-1)?.fields).toMatchObject({ how: 'events' });
  });

  it('of one is a gap, and none of one is not', async () => {
    await live();
    relay.frame(frame(11, 11));
    await relay.settle();
    expect(relay.requests).toEqual([]);
    relay.frame(frame(13, 13));
    await relay.settle();
    expect(relay.requests).toContain('sync');
  });

  it('that the events do not tell is read from the histories', async () => {
    await live();
    relay.frame(frame(13, 13));
    await relay.settle(30);
    expect(relay.requests.slice(0, 2)).toEqual(['sync', 'chats']);
    expect(relay.logger.of('sync.gap_not_filled')).toMatchObject([{ fields: { before: 13 } }]);
    expect(relay.sync.mode).toBe('live');
    expect(stored()).toEqual(ids(1, 13));
    expect(syncPoint(relay.store.context, {})).toEqual({ seq: 13, epoch: 'e' });
  });

  it('after another is waited for, longer each time, and at once again after a minute of peace', async () => {
    await live();
    const waits = (): unknown[] => relay.logger.of('sync.again').map(({ fields }) => fields['wait']);
    for (const seq of [20, 30, 40]) {
      relay.frame(frame(seq, seq));
      await relay.run(1);
    }
    expect(waits()).toEqual([0, 250, 500]);
    await relay.run(61);
    relay.frame(frame(50, 50));
    await relay.run(1);
    expect(waits()).toEqual([0, 250, 500, 0]);
    expect(stored()).toEqual(ids(1, 20, 30, 40, 50));
  });

  it('means nothing where the server does not count', async () => {
    await live({}, ['cursors', 'message-read']);
    relay.frame(frame(13, 13));
    relay.frame(frame(20, 20));
    await relay.settle();
    expect(stored()).toEqual(ids(1, 13, 20));
    expect(relay.requests).toEqual([]);
  });
});

describe('more than may wait', () => {
  it('on a live account leads back to reading at once', async () => {
    await live();
    relay.frame(frame(11, 11), 9 * 1024 * 1024);
    expect(relay.modes).toEqual(['catching_up']);
    await relay.settle(30);
    expect(relay.logger.of('sync.buffer_full')).toHaveLength(1);
    expect(relay.logger.of('sync.again')).toMatchObject([{ fields: { reason: 'overflow' } }]);
    expect(relay.requests[0]).toBe('sync');
    expect(relay.modes).toEqual(['catching_up', 'live']);
    // The event that fits again is a gap now, and is read for.
    relay.frame(frame(13, 13));
    await relay.run(2);
    expect(stored()).toContain(message(13).id);
  });

  it('while everything is read is read again afterwards, before the account counts as live', async () => {
    const chats = Promise.withResolvers<void>();
    let isMarkedForQuarantine = true;
    relay = scripted(script, ALL, {
      store: {
        setSyncPoint: async () => {
          if (isMarkedForQuarantine) await chats.promise;
          isMarkedForQuarantine = false;
          return null;
        },
      },
    });
    relay.hello();
    await relay.settle(30);
    for (let n = 0; n <= MOST_WAITING; n += 1) relay.frame(frame(2, 11 + n), 10);
    relay.frame(frame(3, 40_000), 10);
    expect(relay.logger.of('sync.buffer_full')).toHaveLength(1);
    chats.resolve();
    await relay.settle(30);
    expect(relay.logger.of('sync.again')).toMatchObject([{ fields: { reason: 'overflow' } }]);
    expect(relay.count('chats')).toBe(2);
    expect(relay.modes).toEqual(['catching_up', 'live']);
    expect(stored()).toEqual(ids(1));
  });
});

describe('a store that does not take the events', () => {
  it('has them read again from the server', async () => {
    let isBroken = false;
    await live({
      store: {
        applyEvents: async (input) => {
          if (!isBroken) return applyEvents(relay.store.context, input);
          isBroken = false;
          throw new Error('disk');
        },
      },
    });
    isBroken = true;
    answers['sync'] = { events: [frame(11, 11)], seq: 11, epoch: 'e' };
    relay.frame(frame(11, 11));
    await relay.settle(30);
    expect(relay.logger.of('sync.events_not_applied')).toMatchObject([{ level: 'error', fields: { reason: 'disk' } }]);
    expect(relay.logger.of('sync.again')).toMatchObject([{ fields: { reason: 'not_applied' } }]);
    expect(relay.asked[0]).toEqual({ route: 'sync', query: { since: 10 }, params: {} });
    expect(stored()).toEqual(ids(1, 11));
    expect(relay.sync.mode).toBe('live');
  });
});

describe('reading that fails', () => {
  it('is tried again, ever later, and at once when something says that it may go now', async () => {
    answers['chats'] = new Refused('server_error');
    relay = scripted(script, ALL);
    relay.hello();
    await relay.settle();
    expect(relay.sync.mode).toBe('catching_up');
    const asked = [relay.requests.length];
    for (const wait of [250, 500, 1_000]) {
      relay.clock.advance(wait - 1);
      await relay.settle();
      asked.push(relay.requests.length);
      relay.clock.advance(1);
      await relay.settle();
      asked.push(relay.requests.length);
    }
    expect(asked).toEqual([1, 1, 2, 2, 3, 3, 4]);
    expect(relay.logger.of('sync.failed').map(({ fields }) => fields['tries'])).toEqual([1, 2, 3, 4]);
    relay.sync.check();
    await relay.settle();
    expect(relay.requests).toHaveLength(5);
    expect(relay.logger.of('sync.failed').at(-1)?.fields).toMatchObject({ tries: 1, wait: 250, code: 'server_error' });
    expect(relay.clock.pending).toBe(1);
  });

  it('waits as long as the server says', async () => {
    answers['chats'] = new Refused('rate_limited', 7_000);
    relay = scripted(script, ALL);
    relay.hello();
    await relay.settle();
    relay.clock.advance(6_999);
    await relay.settle();
    expect(relay.requests).toHaveLength(1);
    relay.clock.advance(1);
    await relay.settle();
    expect(relay.requests).toHaveLength(2);
  });

  it('for a token that has ended is not tried again: the account hears of it', async () => {
    answers['chats'] = new Refused('unauthenticated');
    relay = scripted(script, ALL);
    relay.hello();
    await relay.settle();
    expect(relay.refused).toBe(1);
    await relay.run(60);
    expect(relay.requests).toHaveLength(1);
  });

  it('because the store did is tried again after a second and more', async () => {
    let asked = 0;
    relay = scripted(script, ALL, {
      store: {
        syncPoint: async () => {
          asked += 1;
          throw new Error('disk');
        },
      },
    });
    relay.hello();
    await relay.settle();
    expect(relay.logger.of('sync.broke')).toMatchObject([{ level: 'error', fields: { reason: 'disk' } }]);
    relay.clock.advance(1_249);
    await relay.settle();
    expect(asked).toBe(1);
    relay.clock.advance(1);
    await relay.settle();
    expect(asked).toBe(2);
  });

  it('is forgotten once it has worked: the next failure waits the shortest time', async () => {
    answers['chats'] = new Refused('server_error');
    relay = scripted(script, ALL);
    relay.hello();
    await relay.run(1);
    answers['chats'] = list;
    await relay.run(5);
    expect(relay.sync.mode).toBe('live');
    answers['chats'] = new Refused('server_error');
    answers['sync'] = new Refused('server_error');
    relay.sync.check();
    await relay.settle();
    expect(relay.logger.of('sync.failed').at(-1)?.fields).toMatchObject({ tries: 1, wait: 250 });
  });
});
