/** A message that is written while nothing else is under way leaves with its own commit; every other one queues. */
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Message } from '../../../../contract/api/message.ts';
import { Outbox, type OutboxConnection, type OutboxOptions } from '../../../../electron/main/services/outbox/outbox.ts';
import type { ApiOutcome } from '../../../../electron/main/services/ports.ts';
import { WRITER_OPERATIONS as ops } from '../../../../electron/main/services/store/operations.ts';
import { ManualClock, recordingLogger } from '../../../helpers/main-parts.ts';
import { CHAT, knowChat, message, NOW, openStore, type OpenStore } from '../store/open-store.ts';
import { lastOf } from './outbox-world.ts';

type Outcome = ApiOutcome<{ message: Message }>;

let store: OpenStore;
beforeEach(() => {
  store = openStore();
  knowChat(store.context);
});
afterEach(() => store.close());

const UNKNOWN: Outcome = { ok: false, error: { code: 'server_unreachable', message: '' }, effect: 'unknown' };

function world(options: { live?: OutboxOptions['live']; hasKeys?: boolean } = {}) {
  const clock = new ManualClock(NOW);
  const asked: string[] = [];
  const requests: { localId: string; answer: (outcome: Outcome) => void }[] = [];
  const outbox = new Outbox({
    store: new Proxy({} as OutboxOptions['store'], {
      get: (_target, name) => {
        const operation = Reflect.get(ops, name) as (context: unknown, input: unknown) => unknown;
        return async (input: unknown) => (asked.push(String(name)), operation(store.context, input));
      },
    }),
    clock,
    random: () => 0.5,
    logger: recordingLogger(),
    publish: () => undefined,
    readHistory: async () => true,
    settleMs: 20_000,
    onFailpoint: () => undefined,
    ...(options.live ? { live: options.live } : {}),
  });
  const line = {
    api: {
      call: (_route: string, input: { body: { clientId?: string } }, { signal }: { signal: AbortSignal }) =>
        new Promise<Outcome>((answer) => {
          requests.push({ localId: input.body.clientId ?? '', answer });
          signal.addEventListener('abort', () => answer(UNKNOWN));
        }),
    },
    has: () => options.hasKeys ?? true,
    tokenRefused: () => undefined,
  } as unknown as OutboxConnection;
  const settle = async (): Promise<void> => {
    for (let n = 0; n < 10; n += 1) await turn();
  };
  /** As the command does it. */
  const write = (localId: string, chatId = CHAT) => {
    const place = outbox.reserve(chatId);
    const queued = ops.enqueue(store.context, {
      localId,
      chatId,
      text: localId,
      replyTo: null,
      files: [],
      state: 'queued',
      mayLeave: place !== null,
      now: clock.now(),
    });
    if (place && queued?.outgoing) place.leave(queued.outgoing);
    else if (place) place.release();
    else outbox.wake();
    return { reserved: place !== null, left: queued?.outgoing ?? null, state: queued?.view.state };
  };
  return { clock, asked, requests, outbox, line, settle, write };
}

const stored = (localId: string): Outcome => ({
  ok: true,
  status: 201,
  value: { message: message(50, { clientId: localId, content: localId, senderId: 'me' }) },
});

describe('a message that nothing is before', () => {
  it('leaves at once, and is neither looked up nor committed a second time', async () => {
    const { asked, requests, outbox, line, settle, write } = world();
    await outbox.connect(line);
    await settle();
    asked.length = 0;
    expect(write('l1')).toMatchObject({ reserved: true, left: { localId: 'l1', attempt: 1 }, state: 'sending' });
    await settle();
    expect(requests.map(({ localId }) => localId)).toEqual(['l1']);
    expect(asked).toEqual([]);
    await outbox.stop();
  });

  it('the next one of its chat waits for its answer, and then goes by itself', async () => {
    const { requests, outbox, line, settle, write } = world();
    await outbox.connect(line);
    await settle();
    write('l1');
    expect(write('l2')).toMatchObject({ reserved: false, left: null, state: 'queued' });
    await settle();
    expect(requests).toHaveLength(1);
    requests[0]?.answer({ ok: false, error: { code: 'forbidden', message: '' }, effect: 'not_stored' });
    await settle();
    expect(requests.map(({ localId }) => localId)).toEqual(['l1', 'l2']);
    await outbox.stop();
  });

  it.each([
    ['before there is a connection', false],
    ['while the server has asked for quiet', true],
  ])('queues %s', async (_what, isConnected) => {
    const { clock, requests, outbox, line, settle, write } = world();
    if (isConnected) {
      await outbox.connect(line);
      await settle();
      write('l0');
      await settle();
      requests[0]?.answer({
        ok: false,
        error: { code: 'rate_limited', message: '', retryAfterMs: 60_000 },
        effect: 'not_stored',
      });
      await settle();
      ops.discard(store.context, { localId: 'l0', now: clock.now() });
    }
    const before = requests.length;
    expect(write('l1')).toMatchObject({ reserved: false, left: null, state: 'queued' });
    await settle();
    expect(requests).toHaveLength(before);
    await outbox.stop();
  });

  it('one that failed is tried again after its wait, not at once', async () => {
    const { clock, requests, outbox, line, settle, write } = world();
    await outbox.connect(line);
    await settle();
    // A round that has looked before the message was written must not make its wait forgotten.
    outbox.wake();
    write('l1');
    await settle();
    requests[0]?.answer({ ok: false, error: { code: 'server_error', message: '' }, effect: 'not_stored' });
    await settle();
    expect(requests).toHaveLength(1);
    clock.advance(120_000);
    await settle();
    expect(requests.map(({ localId }) => localId)).toEqual(['l1', 'l1']);
    await outbox.stop();
  });

  it('a message that left when the program ended is found at the next start', async () => {
    const first = world();
    await first.outbox.connect(first.line);
    await first.settle();
    first.write('l1');
    expect(lastOf(store, CHAT)?.state).toBe('sending');
    const second = world();
    await second.outbox.recover();
    await second.outbox.connect(second.line);
    await second.settle();
    expect(second.requests.map(({ localId }) => localId)).toEqual(['l1']);
    await second.outbox.stop();
  });
});

describe('the shorter way', () => {
  it('is the socket for the first try; what it leaves unanswered goes by request with the same key', async () => {
    const live: { key: string; answer: (outcome: Outcome) => void }[] = [];
    const { clock, requests, outbox, line, settle, write } = world({
      live: { send: (key) => new Promise((answer) => live.push({ key, answer })) },
    });
    await outbox.connect(line);
    await settle();
    write('l1');
    await settle();
    expect([live.map(({ key }) => key), requests.length]).toEqual([['l1'], 0]);
    live[0]?.answer(UNKNOWN);
    await settle();
    expect(requests.map(({ localId }) => localId)).toEqual(['l1']);
    // "Not stored" of the request says nothing of what the socket took.
    requests[0]?.answer({ ok: false, error: { code: 'forbidden', message: '' }, effect: 'not_stored' });
    await settle();
    expect(lastOf(store, CHAT)?.state).not.toBe('failed');
    clock.advance(120_000);
    await settle();
    expect([live.length, requests.length]).toEqual([1, 2]);
    requests[1]?.answer(stored('l1'));
    await settle();
    expect(lastOf(store, CHAT)).toMatchObject({ state: 'sent', localId: 'l1' });
    await outbox.stop();
  });

  it('a socket that has sent too many frames leaves it to a request, whose answer counts', async () => {
    const limited: Outcome = {
      ok: false,
      error: { code: 'rate_limited', message: '', retryAfterMs: 60_000 },
      effect: 'not_stored',
    };
    const { requests, outbox, line, settle, write } = world({ live: { send: async () => limited } });
    await outbox.connect(line);
    await settle();
    write('l1');
    await settle();
    expect(requests).toHaveLength(1);
    requests[0]?.answer({ ok: false, error: { code: 'forbidden', message: '' }, effect: 'not_stored' });
    await settle();
    expect(lastOf(store, CHAT)?.state).toBe('failed');
    await outbox.stop();
  });

  it('its answer is the answer', async () => {
    const { requests, outbox, line, settle, write } = world({ live: { send: async (key) => stored(key) } });
    await outbox.connect(line);
    await settle();
    write('l1');
    await settle();
    expect(requests).toHaveLength(0);
    expect(lastOf(store, CHAT)).toMatchObject({ state: 'sent', localId: 'l1' });
    await outbox.stop();
  });

  it.each([
    ['the socket is closed', true, () => null],
    ['the server has no keys', false, async (key: string) => stored(key)],
  ] as const)('is not taken where %s', async (_what, hasKeys, send) => {
    const { requests, outbox, line, settle, write } = world({ hasKeys, live: { send } });
    await outbox.connect(line);
    await settle();
    write('l1');
    await settle();
    expect(requests).toHaveLength(1);
    await outbox.stop();
  });
});
