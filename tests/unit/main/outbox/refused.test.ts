/** What becomes of a message that the server did not take, and what a person hears of it. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../../../contract/model/errors.ts';
import { ManualClock } from '../../../helpers/main-parts.ts';
import { CHAT, knowChat, NOW, openStore, type OpenStore } from '../store/open-store.ts';
import { AWAY, detailsOf, outboxOver, settle, shown, write, type OutboxWorld } from './outbox-world.ts';

let store: OpenStore;
let clock: ManualClock;
let world: OutboxWorld;

beforeEach(async () => {
  store = openStore();
  for (const id of [CHAT, 'chat2']) knowChat(store.context, { id });
  clock = new ManualClock(NOW);
  world = outboxOver(store, clock);
  await world.outbox.connect(world.line);
  write(store, CHAT, 'l1', NOW);
  world.outbox.wake();
  await settle();
});
afterEach(async () => {
  const stopped = world.outbox.stop();
  for (const one of world.sent) one.refuse(AWAY);
  await stopped;
  store.close();
});

const refuse = async (code: ErrorCode, retryAfterMs?: number): Promise<void> => {
  const error = { code, message: '', ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  world.sent.at(-1)?.refuse({ error, effect: 'not_stored' });
  await settle();
};
async function pass(ms: number): Promise<void> {
  clock.advance(ms);
  await settle();
}

it('refused for good: it has failed, the person hears why, and it is not tried again', async () => {
  await refuse('quota_exceeded');
  expect(shown(store, CHAT, 'l1')).toMatchObject({ state: 'failed', problem: 'quota_exceeded', undecided: false });
  expect(world.published.flatMap(({ failed }) => failed)).toMatchObject([{ code: 'quota_exceeded' }]);
  await pass(3_600_000);
  expect(world.sent).toHaveLength(1);
  expect(world.refusedTokens()).toBe(0);
});

it('a token that is refused: it waits for the sign-in, and the account hears of it once', async () => {
  await refuse('unauthenticated');
  expect(shown(store, CHAT, 'l1')).toMatchObject({ state: 'waiting_auth', problem: 'unauthenticated' });
  expect(world.refusedTokens()).toBe(1);
  await pass(3_600_000);
  expect(world.sent).toHaveLength(1);
});

it('a server that fails: it waits, and its next try is told', async () => {
  await refuse('server_error');
  expect(shown(store, CHAT, 'l1')).toMatchObject({ state: 'queued', problem: 'server_error' });
  expect(detailsOf(store, 'l1')).toMatchObject({ attempts: 1, nextTryAt: NOW + 250 });
  await pass(249);
  expect(world.sent).toHaveLength(1);
  await pass(1);
  expect(world.sent).toHaveLength(2);
});

it('a server that is away, long enough: half a minute is the longest wait', async () => {
  for (let n = 0; n < 10; n += 1) {
    await refuse('server_unreachable');
    await pass(15_000);
  }
  expect(world.sent).toHaveLength(11);
  await refuse('server_unreachable');
  expect(detailsOf(store, 'l1')?.nextTryAt).toBe(clock.now() + 15_000);
});

describe('“not before”', () => {
  it('holds for the message itself, to the millisecond', async () => {
    await refuse('server_closing', 7_000);
    expect(detailsOf(store, 'l1')?.nextTryAt).toBe(NOW + 7_000);
    await pass(6_999);
    expect(world.sent).toHaveLength(1);
    await pass(1);
    expect(world.sent).toHaveLength(2);
  });

  it('holds for every other chat, over a sign-out too', async () => {
    await refuse('rate_limited', 7_000);
    write(store, 'chat2', 'l2', NOW);
    world.outbox.wake();
    await settle();
    await world.outbox.disconnect();
    await world.outbox.connect(world.line);
    await world.outbox.retryNow();
    await pass(6_999);
    expect(world.sent).toHaveLength(1);
    await pass(1);
    expect(world.sent).toHaveLength(3);
  });

  it('is not heard where nobody said it: another chat goes at once', async () => {
    await refuse('server_error');
    write(store, 'chat2', 'l2', NOW);
    world.outbox.wake();
    await settle();
    expect(world.sent.map(({ chatId }) => chatId)).toEqual([CHAT, 'chat2']);
  });

  it('is looked at again after an hour at most, whatever the server says', async () => {
    await refuse('rate_limited', 30 * 24 * 3_600_000);
    await pass(3_599_999);
    expect(world.sent).toHaveLength(1);
    await pass(1);
    expect(world.sent).toHaveLength(2);
  });
});
