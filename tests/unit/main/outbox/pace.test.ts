/** When the outbox tries again: by the monotonic clock, and by what the server asks for. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  KEEP_TRYING_MS,
  LEAST_QUIET_MS,
  LONGEST_QUIET_MS,
  waitAfter,
} from '../../../../electron/main/services/outbox/backoff.ts';
import { ManualClock, until } from '../../../helpers/main-parts.ts';
import { CHAT, knowChat, NOW, openStore, type OpenStore } from '../store/open-store.ts';
import { lastOf, outboxOver, write, type OutboxWorld, type Refusal } from './outbox-world.ts';

const DAY_MS = 24 * 3_600_000;
const AWAY: Refusal = { error: { code: 'server_unreachable', message: '' }, effect: 'not_stored' };
const slow = (retryAfterMs?: number): Refusal => ({
  error: { code: 'rate_limited', message: '', ...(retryAfterMs === undefined ? {} : { retryAfterMs }) },
  effect: 'not_stored',
});

let store: OpenStore;
let clock: ManualClock;
const worlds: OutboxWorld[] = [];

beforeEach(() => {
  store = openStore();
  for (const id of [CHAT, 'chat2', 'chat3']) knowChat(store.context, { id });
  clock = new ManualClock(NOW);
});
afterEach(async () => {
  for (const { outbox, sent } of worlds.splice(0)) {
    const stopped = outbox.stop();
    for (const one of sent) one.refuse(AWAY);
    await stopped;
  }
  store.close();
});

/** A run of the program. */
async function run(): Promise<OutboxWorld> {
  const world = outboxOver(store, clock);
  worlds.push(world);
  await world.outbox.recover();
  await world.outbox.connect(world.line);
  return world;
}

/** Lets what was decided be written down: the outbox has then set its timer. */
const idle = () => until('a timer is set', () => clock.pending > 0);
const state = (chatId = CHAT) => lastOf(store, chatId)?.state;

async function left(world: OutboxWorld, count: number): Promise<void> {
  await until(`request ${String(count)} left`, () => world.sent.length === count);
}

describe('how long to wait after a refusal', () => {
  it.each([
    ['no word from the server: our own wait', { code: 'server_unreachable' }, 1, 250],
    ['as long as the server says', { code: 'rate_limited', retryAfterMs: 7_000 }, 1, 7_000],
    ['a server that closes says it too', { code: 'server_closing', retryAfterMs: 5_000 }, 1, 5_000],
    ['"at once" is no loop', { code: 'rate_limited', retryAfterMs: 0 }, 1, LEAST_QUIET_MS],
    ['"at once", again and again, is our own wait', { code: 'rate_limited', retryAfterMs: 0 }, 9, 15_000],
    ['too much, without a word of how long', { code: 'rate_limited' }, 1, LEAST_QUIET_MS],
    ['a year', { code: 'rate_limited', retryAfterMs: 365 * DAY_MS }, 1, LONGEST_QUIET_MS],
  ] as const)('%s', (_what, refusal, tries, expected) => {
    expect(waitAfter(refusal, tries, 0.5)).toBe(expected);
  });
});

describe('a server that asks for quiet', () => {
  it('hears nothing from any chat until then, also when the network comes back, and the message says why it waits', async () => {
    const world = await run();
    write(store, CHAT, 'l1', clock.now());
    world.outbox.wake();
    await left(world, 1);
    world.sent[0]?.refuse(slow(60_000));
    await until('it waits', () => state() === 'queued');
    expect(lastOf(store, CHAT)?.problem).toBe('rate_limited');
    await idle();
    write(store, 'chat2', 'l2', clock.now());
    write(store, 'chat3', 'l3', clock.now());
    await world.outbox.retryNow();
    await idle();
    clock.advance(59_999);
    await idle();
    expect(world.sent).toHaveLength(1);
    clock.advance(1);
    await left(world, 4);
    expect(world.sent.map(({ chatId }) => chatId).sort()).toEqual([CHAT, CHAT, 'chat2', 'chat3']);
    expect(lastOf(store, CHAT)?.problem).toBeNull();
  });

  it('and says "at once" each time is asked ever less often', async () => {
    const world = await run();
    write(store, CHAT, 'l1', clock.now());
    world.outbox.wake();
    for (let n = 1; n <= 8; n += 1) {
      await left(world, n);
      world.sent[n - 1]?.refuse(slow(0));
      await until('it waits', () => state() === 'queued');
      await idle();
      clock.advance(LEAST_QUIET_MS - 1);
      await until('nothing is under way', () => state() === 'queued');
      expect(world.sent).toHaveLength(n);
      clock.advance(30_000);
    }
  });
});

describe('a wall clock that is wrong', () => {
  it.each([
    ['in one run', false],
    ['and the program is started again', true],
  ])('eight days behind while it is written, then set right, %s: it is tried', async (_what, restarts) => {
    clock.set(-8 * DAY_MS);
    const first = await run();
    await first.outbox.disconnect();
    write(store, CHAT, 'l1', clock.now());
    clock.set(8 * DAY_MS);
    const world = restarts ? await run() : first;
    if (!restarts) await first.outbox.connect(first.line);
    await left(world, 1);
    expect(state()).toBe('sending');
  });

  it('set right while the server is away: it is tried on', async () => {
    clock.set(-8 * DAY_MS);
    const world = await run();
    write(store, CHAT, 'l1', clock.now());
    world.outbox.wake();
    await left(world, 1);
    world.sent[0]?.refuse(AWAY);
    await idle();
    clock.set(8 * DAY_MS);
    clock.advance(1_000);
    await left(world, 2);
    world.sent[1]?.refuse(AWAY);
    await until('it waits', () => state() === 'queued');
  });

  it('set back by eight days: the next try is not eight days away', async () => {
    const world = await run();
    write(store, CHAT, 'l1', clock.now());
    world.outbox.wake();
    await left(world, 1);
    world.sent[0]?.refuse(AWAY);
    await idle();
    clock.set(-8 * DAY_MS);
    clock.advance(30_000);
    await left(world, 2);
  });
});

describe('what nobody takes', () => {
  it('fails once it has been tried for seven days, runs of the program added up', async () => {
    write(store, CHAT, 'l1', clock.now());
    for (let day = 0; day < 2; day += 1) {
      const world = await run();
      await left(world, 1);
      clock.advance((KEEP_TRYING_MS / 5) * 2);
      world.sent[0]?.refuse(AWAY);
      await until('it waits', () => state() === 'queued');
      await world.outbox.stop();
      // The weeks in between, when the program did not run, were no tries.
      clock.advance(4 * KEEP_TRYING_MS);
    }
    const last = await run();
    await left(last, 1);
    clock.advance((KEEP_TRYING_MS / 5) * 2);
    last.sent[0]?.refuse(AWAY);
    await idle();
    clock.advance(30_000);
    await until('it has failed', () => state() === 'failed');
    expect(last.sent).toHaveLength(1);
  });
});
