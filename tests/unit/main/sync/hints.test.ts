/** What the socket tells that is not stored, chats that nobody knows, and what sync is asked from outside. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Capability } from '../../../../contract/api/capabilities.ts';
import type { ServerFrame } from '../../../../contract/ws/server-frames.ts';
import { applyChats } from '../../../../electron/main/services/store/ops/event-operations.ts';
import { CHAT, ME, message, OTHER } from '../store/open-store.ts';
import { NOTHING_APPLIED, Refused, scripted, type Script, type ScriptedOptions } from './scripted-relay.ts';

const ALL: Capability[] = ['sync', 'cursors', 'message-read', 'idempotency'];
const users = [ME, OTHER].map((id) => ({ id, username: id }));
const listed = (n = 1) => ({ chats: [{ id: CHAT, participants: users, lastMessage: message(n), unreadCount: 0 }] });

let relay: ReturnType<typeof scripted>;
let answers: Partial<Record<string, unknown>>;
const script: Script = (route) => answers[route];
beforeEach(() => {
  answers = { chats: listed(), history: { messages: [], total: 1 }, sync: { events: [], seq: 10, epoch: 'e' } };
});
afterEach(() => relay.end());

async function live(options: ScriptedOptions = {}, capabilities = ALL): Promise<void> {
  relay = scripted(script, capabilities, options);
  relay.hello();
  await relay.settle(30);
  expect(relay.sync.mode).toBe('live');
  relay.asked.length = 0;
  relay.requests.length = 0;
  relay.pushed.length = 0;
  relay.modes.length = 0;
}
const told = (kind: string) => relay.pushed.filter((event) => event.kind === kind);
const typing = (userId: string, username?: string): ServerFrame => ({
  type: 'typing:start',
  data: { chatId: CHAT, userId, ...(username === undefined ? {} : { username }) },
});
const namesTyping = (): string[][] =>
  told('typing').map((event) => (event.kind === 'typing' ? event.users.map(({ id, name }) => `${id}:${name}`) : []));

describe('typing', () => {
  it('is told by name, by id where there is none, and never of oneself', async () => {
    await live();
    relay.frame(typing(OTHER, 'Otto'));
    relay.frame(typing('u3'));
    relay.frame(typing(ME, 'me'));
    expect(namesTyping()).toEqual([[`${OTHER}:Otto`], [`${OTHER}:Otto`, 'u3:u3']]);
  });

  it.each([
    ['a word', { type: 'typing:stop', data: { chatId: CHAT, userId: OTHER } }],
    ['a message of theirs', { type: 'message:new', data: message(11), seq: 11 }],
    [
      'a message that tells its sender as a person',
      {
        type: 'message:new',
        data: message(11, { senderId: null, sender: { id: OTHER, username: 'o' } }),
        seq: 11,
      },
    ],
  ] as [string, ServerFrame][])('ends with %s', async (_what, frame) => {
    await live();
    relay.frame(typing(OTHER, 'Otto'));
    relay.frame(frame);
    expect(namesTyping().at(-1)).toEqual([]);
  });

  it('does not end with somebody else’s message, and ends with the connection', async () => {
    await live();
    relay.frame(typing('u3', 'Una'));
    relay.frame({ type: 'message:new', data: message(11), seq: 11 });
    expect(namesTyping()).toEqual([['u3:Una']]);
    relay.close();
    expect(namesTyping().at(-1)).toEqual([]);
  });
});

describe('presence', () => {
  it.each([
    [true, undefined, null],
    [false, '2026-06-01T10:00:00.000Z', Date.UTC(2026, 5, 1, 10)],
    [false, 'yesterday', null],
  ])('online %s, last seen %s: the page hears it at once', async (online, lastSeenAt, seen) => {
    await live();
    relay.frame({ type: 'presence', data: { userId: OTHER, online, ...(lastSeenAt ? { lastSeenAt } : {}) } });
    expect(told('presence')).toEqual([{ kind: 'presence', userId: OTHER, online, lastSeenAt: seen }]);
  });

  it('is forgotten with the connection, which harms nothing when it fails', async () => {
    let forgotten = 0;
    await live({
      store: {
        forgetPresence: async () => {
          forgotten += 1;
          throw new TypeError('disk');
        },
      },
    });
    relay.close();
    relay.close();
    await relay.settle();
    expect(forgotten).toBe(1);
    expect(relay.logger.of('sync.presence_kept')).toMatchObject([{ level: 'warn', fields: { reason: 'TypeError' } }]);
  });
});

describe('an echo without a key', () => {
  it('waits for the answer of its request, and its number is not counted as stored until then', async () => {
    const request = Promise.withResolvers<void>();
    await live({ inFlight: (chatId) => (chatId === CHAT ? request.promise : null) });
    relay.frame({ type: 'message:new', data: message(11, { senderId: ME }), seq: 11 });
    await relay.settle();
    expect(relay.store.context.sql.all('SELECT id FROM messages')).toHaveLength(1);
    request.resolve();
    await relay.settle();
    expect(relay.store.context.sql.all('SELECT id FROM messages')).toHaveLength(2);
  });

  it('that waits when the connection ends is forgotten: the history will tell of it', async () => {
    const request = Promise.withResolvers<void>();
    await live({ inFlight: () => request.promise });
    relay.frame({ type: 'message:new', data: message(11, { senderId: ME }), seq: 11 });
    await relay.settle();
    relay.close();
    request.resolve();
    await relay.settle();
    expect(relay.store.context.sql.all('SELECT id FROM messages')).toHaveLength(1);
    expect(relay.clock.pending).toBe(0);
  });
});

describe('a chat that nobody knows', () => {
  const stranger = (n: number, seq: number): ServerFrame => ({
    type: 'message:new',
    data: message(n, { chatId: `new-${String(n)}` }),
    seq,
  });

  it('is looked for in the list at once, and its past is read', async () => {
    await live();
    answers['chats'] = {
      chats: [{ id: 'new-11', participants: users, lastMessage: message(11, { chatId: 'new-11' }), unreadCount: 1 }],
    };
    relay.frame(stranger(11, 11));
    await relay.settle();
    relay.clock.advance(0);
    await relay.settle(20);
    expect(relay.requests).toEqual(['chats', 'history']);
    expect(relay.asked[1]).toMatchObject({ params: { chatId: 'new-11' } });
  });

  it('and others that come while it is looked for take one look more, a little later', async () => {
    await live();
    for (const n of [11, 12, 13]) {
      relay.frame(stranger(n, n));
      await relay.settle();
    }
    expect(relay.requests).toEqual([]);
    relay.clock.advance(0);
    await relay.settle(20);
    expect(relay.count('chats')).toBe(1);
    relay.frame(stranger(14, 14));
    await relay.settle();
    relay.clock.advance(249);
    await relay.settle(20);
    expect(relay.count('chats')).toBe(1);
    relay.clock.advance(1);
    await relay.settle(20);
    expect(relay.count('chats')).toBe(2);
  });

  it('and another that comes while the list is read takes a look of its own', async () => {
    const list = Promise.withResolvers<void>();
    let isMarkedForQuarantine = false;
    await live({
      store: {
        applyChats: async (input) => {
          if (isMarkedForQuarantine) await list.promise;
          return applyChats(relay.store.context, input);
        },
      },
    });
    isMarkedForQuarantine = true;
    relay.frame(stranger(11, 11));
    await relay.settle();
    relay.clock.advance(0);
    await relay.settle();
    relay.frame(stranger(12, 12));
    await relay.settle();
    relay.clock.advance(60_000);
    await relay.settle();
    expect(relay.count('chats')).toBe(1);
    list.resolve();
    await relay.settle();
    relay.clock.advance(250);
    await relay.settle(20);
    expect(relay.count('chats')).toBe(2);
    await relay.run(60);
    expect(relay.count('chats')).toBe(2);
  });

  it('is not looked for any more when the connection is gone', async () => {
    await live();
    relay.frame(stranger(11, 11));
    await relay.settle();
    expect(relay.clock.pending).toBe(1);
    relay.close();
    expect(relay.clock.pending).toBe(0);
  });

  it('and cannot be looked for is a line of the log', async () => {
    let isBroken = false;
    await live({
      store: {
        applyChats: async (input) => {
          if (isBroken) throw new TypeError('disk');
          return applyChats(relay.store.context, input);
        },
      },
    });
    isBroken = true;
    relay.frame(stranger(11, 11));
    await relay.settle();
    relay.clock.advance(0);
    await relay.settle(20);
    expect(relay.logger.of('sync.unknown_chats_not_read')).toMatchObject([{ fields: { reason: 'TypeError' } }]);
    expect(relay.sync.mode).toBe('live');
  });
});

describe('asked from outside', () => {
  it('whether something was missed, it asks the server, and only while it is connected', async () => {
    await live();
    relay.sync.check();
    await relay.settle(20);
    expect(relay.asked[0]).toEqual({ route: 'sync', query: { since: 10 }, params: {} });
    expect(relay.modes).toEqual(['catching_up', 'live']);
    relay.close();
    relay.requests.length = 0;
    relay.sync.check();
    await relay.settle(20);
    expect(relay.requests).toEqual([]);
  });

  it('while it is reading, it does not begin again', async () => {
    answers['chats'] = undefined;
    relay = scripted(script, ALL);
    relay.hello();
    await relay.settle();
    relay.sync.check();
    await relay.settle();
    expect(relay.requests).toEqual(['chats']);
  });

  it('to read everything anew, it does, also while it is reading', async () => {
    await live();
    relay.sync.readAnew();
    await relay.settle(1);
    relay.sync.readAnew();
    await relay.settle(30);
    expect(relay.count('sync')).toBe(2);
    relay.close();
    relay.sync.readAnew();
    await relay.settle();
    expect(relay.count('sync')).toBe(2);
    expect(relay.sync.mode).toBe('off');
  });

  it('to fill chats that were just met, it does while it is live', async () => {
    await live();
    relay.sync.fillSoon([]);
    relay.sync.fillSoon([{ chatId: CHAT, known: true }]);
    await relay.settle(20);
    expect(relay.asked).toEqual([
      { route: 'history', query: { limit: 100, before: message(1).id }, params: { chatId: CHAT } },
    ]);
    relay.close();
    relay.sync.fillSoon([{ chatId: CHAT, known: true }]);
    await relay.settle(20);
    expect(relay.asked).toHaveLength(1);
  });

  it('when everything told so far is stored, it says so', async () => {
    const answer = Promise.withResolvers<void>();
    await live({
      store: {
        applyEvents: async () => {
          await answer.promise;
          return NOTHING_APPLIED;
        },
      },
    });
    await relay.sync.drained();
    relay.frame({ type: 'message:new', data: message(11), seq: 11 });
    let isDone = false;
    void relay.sync.drained().then(() => (isDone = true));
    await relay.settle();
    expect(isDone).toBe(false);
    answer.resolve();
    await relay.settle();
    expect(isDone).toBe(true);
  });
});

describe('a connection', () => {
  it('that is replaced while it reads ends quietly: what it asked does not count any more', async () => {
    let isFirst = true;
    relay = scripted((route) => {
      if (route === 'chats' && isFirst) {
        isFirst = false;
        relay.close();
        relay.hello({ seq: 20 });
      }
      return answers[route];
    }, ALL);
    relay.hello();
    await relay.settle(40);
    expect(relay.modes).toEqual(['catching_up', 'off', 'catching_up', 'live']);
    expect(relay.logger.of('sync.live')).toHaveLength(1);
  });

  it('that is stopped hears nothing more, and leaves no timer', async () => {
    await live();
    answers['sync'] = new Refused('server_error');
    relay.sync.check();
    await relay.settle();
    expect(relay.clock.pending).toBe(1);
    relay.sync.stop();
    expect(relay.clock.pending).toBe(0);
    expect(relay.sync.mode).toBe('off');
    relay.hello();
    relay.frame({ type: 'presence', data: { userId: OTHER, online: true } });
    await relay.settle();
    expect([relay.sync.mode, told('presence')]).toEqual(['off', []]);
  });

  it('is listened to once, however often it is started', async () => {
    await live();
    relay.sync.start(relay.context);
    relay.sync.start(relay.context);
    relay.hello();
    await relay.settle(30);
    expect(relay.logger.of('sync.live')).toHaveLength(2);
  });
});
