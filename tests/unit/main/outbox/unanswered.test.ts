/** Requests that brought no answer: with keys they go again, without keys they are looked for first. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../../helpers/main-parts.ts';
import { arrive, CHAT, knowChat, ME, message, NOW, openStore, read, type OpenStore } from '../store/open-store.ts';
import {
  AWAY,
  detailsOf,
  LOST,
  outboxOver,
  settle,
  shown,
  write,
  type OutboxWorld,
  type WorldOptions,
} from './outbox-world.ts';

const SETTLE_MS = 20_000;
let store: OpenStore;
let clock: ManualClock;
const worlds: OutboxWorld[] = [];

beforeEach(() => {
  store = openStore();
  knowChat(store.context);
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

/** A run of the program, which begins with what the last one left. */
async function run(options: WorldOptions = {}): Promise<OutboxWorld> {
  const world = outboxOver(store, clock, options);
  worlds.push(world);
  await world.outbox.recover();
  await world.outbox.connect(world.line);
  await settle();
  return world;
}

async function pass(ms: number): Promise<void> {
  clock.advance(ms);
  await settle();
}

/** Writes a message whose first request is lost. */
async function lose(world: OutboxWorld): Promise<void> {
  write(store, CHAT, 'l1', clock.now());
  world.outbox.wake();
  await settle();
  world.sent[0]?.refuse(LOST);
  await settle();
}

describe('on a server that knows keys', () => {
  it('it goes again by itself, ever later, and each wait is told', async () => {
    const world = await run();
    await lose(world);
    for (const [n, wait] of [250, 500, 1_000, 2_000].entries()) {
      expect(shown(store, CHAT, 'l1')).toMatchObject({ state: 'queued', problem: 'server_timeout', undecided: false });
      expect(detailsOf(store, 'l1')).toMatchObject({ attempts: n + 1, nextTryAt: clock.now() + wait });
      await pass(wait - 1);
      expect(world.sent).toHaveLength(n + 1);
      await pass(1);
      expect(world.sent).toHaveLength(n + 2);
      world.sent[n + 1]?.refuse(LOST);
      await settle();
    }
    expect(world.reads).toEqual([]);
  });

  it('after a restart it goes again at once', async () => {
    const first = await run();
    write(store, CHAT, 'l1', clock.now());
    first.outbox.wake();
    await settle();
    expect(shown(store, CHAT, 'l1')?.state).toBe('sending');
    const second = await run();
    expect(second.published[0]?.messages[0]?.upserts).toMatchObject([{ key: 'l1', state: 'unknown' }]);
    expect(second.sent.map(({ body }) => body['clientId'])).toEqual(['l1']);
    expect(second.reads).toEqual([]);
  });
});

describe('on a server without keys', () => {
  it('the history is read when no request can arrive any more, from the place that was the newest when it left', async () => {
    arrive(store.context, message(3));
    const world = await run({ hasKeys: false });
    await lose(world);
    expect(shown(store, CHAT, 'l1')).toMatchObject({ state: 'unknown', problem: 'server_timeout', undecided: false });
    expect(detailsOf(store, 'l1')?.nextTryAt).toBe(NOW + SETTLE_MS);
    await pass(SETTLE_MS - 1);
    expect(world.reads).toEqual([]);
    await pass(1);
    expect(world.reads).toMatchObject([{ chatId: CHAT, after: { at: NOW + 3_000 } }]);
    expect(world.sent).toHaveLength(1);
  });

  it('after a restart the time in which it may arrive begins again', async () => {
    const first = await run({ hasKeys: false });
    write(store, CHAT, 'l1', clock.now());
    first.outbox.wake();
    await settle();
    const second = await run({ hasKeys: false });
    await pass(SETTLE_MS - 1);
    expect(second.reads).toEqual([]);
    await pass(1);
    expect(second.reads).toHaveLength(1);
  });

  it('what cannot be known now is asked again, ever later', async () => {
    const world = await run({ hasKeys: false });
    await lose(world);
    await pass(SETTLE_MS);
    for (const [n, wait] of [500, 1_000, 2_000].entries()) {
      expect(world.reads).toHaveLength(n + 1);
      await pass(wait - 1);
      expect(world.reads).toHaveLength(n + 1);
      await pass(1);
    }
    expect(shown(store, CHAT, 'l1')?.state).toBe('unknown');
    expect(world.sent).toHaveLength(1);
  });

  it('and never in a loop, however the dice fall', async () => {
    const world = await run({ hasKeys: false, random: () => 0 });
    await lose(world);
    await pass(SETTLE_MS);
    expect(world.reads).toHaveLength(1);
    await pass(199);
    expect(world.reads).toHaveLength(1);
    await pass(1);
    expect(world.reads).toHaveLength(2);
  });

  it('what the history holds is bound, and nothing is sent', async () => {
    const world = await run({
      hasKeys: false,
      readHistory: async () => {
        read(store.context, [message(5, { senderId: ME, content: 'l1' })]);
        return true;
      },
    });
    await lose(world);
    await pass(SETTLE_MS);
    expect(shown(store, CHAT, 'l1')).toMatchObject({ state: 'sent', id: message(5).id });
    await pass(60_000);
    expect(world.sent).toHaveLength(1);
    expect(world.reads).toHaveLength(1);
  });

  it('what came while its request was under way is bound once that is lost, and the page hears of it', async () => {
    const world = await run({ hasKeys: false, readHistory: async () => true });
    write(store, CHAT, 'l1', clock.now());
    world.outbox.wake();
    await settle();
    arrive(store.context, message(5, { senderId: ME, content: 'l1' }));
    world.sent[0]?.refuse(LOST);
    await settle();
    expect(shown(store, CHAT, 'l1')?.state).toBe('unknown');
    await pass(SETTLE_MS);
    expect(shown(store, CHAT, 'l1')).toMatchObject({ state: 'sent', id: message(5).id });
    expect(world.published.at(-1)?.messages[0]?.upserts).toMatchObject([{ key: 'l1', state: 'sent' }]);
    expect(world.sent).toHaveLength(1);
  });

  it('what the history does not hold is sent again, at once', async () => {
    const world = await run({ hasKeys: false, readHistory: async () => true });
    await lose(world);
    await pass(SETTLE_MS);
    expect(world.sent).toHaveLength(2);
    expect(shown(store, CHAT, 'l1')).toMatchObject({ state: 'sending', undecided: false });
  });

  it('three unanswered requests are the last: the person decides', async () => {
    const world = await run({ hasKeys: false, readHistory: async () => true });
    write(store, CHAT, 'l2', NOW);
    await lose(world);
    for (const n of [1, 2]) {
      await pass(SETTLE_MS);
      world.sent[n]?.refuse(LOST);
      await settle();
    }
    await pass(SETTLE_MS);
    await pass(3_600_000);
    const to = (id: string) => world.sent.filter(({ body }) => body['content'] === id);
    expect(to('l2')).toHaveLength(3);
    expect(shown(store, CHAT, 'l2')).toMatchObject({ state: 'failed', undecided: true, problem: 'server_timeout' });
    expect(world.published.flatMap(({ failed }) => failed)).toMatchObject([{ code: 'server_timeout' }]);
    // It holds nobody back.
    expect(to('l1').length).toBeGreaterThan(0);
  });

  it('so is one that has been tried for seven days', async () => {
    let knows = false;
    const world = await run({ hasKeys: false, readHistory: async () => knows });
    await lose(world);
    await pass(SETTLE_MS);
    clock.advance(7 * 24 * 3_600_000);
    knows = true;
    await pass(3_600_000);
    expect(shown(store, CHAT, 'l1')).toMatchObject({ state: 'failed', undecided: true, problem: 'server_timeout' });
    expect(world.sent).toHaveLength(1);
  });
});
