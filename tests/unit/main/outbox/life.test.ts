/** The outbox from the start of the program to its end, with sign-outs, failures of the store and the network between. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KEEP_TRYING_MS } from '../../../../electron/main/services/outbox/backoff.ts';
import { ManualClock } from '../../../helpers/main-parts.ts';
import { CHAT, knowChat, NOW, openStore, type OpenStore } from '../store/open-store.ts';
import {
  AWAY,
  detailsOf,
  outboxOver,
  sendAgain,
  settle,
  shown,
  write,
  type OutboxWorld,
  type WorldOptions,
} from './outbox-world.ts';

let store: OpenStore;
let clock: ManualClock;
let world: OutboxWorld;

beforeEach(() => {
  store = openStore();
  for (const id of [CHAT, 'chat2']) knowChat(store.context, { id });
  clock = new ManualClock(NOW);
});
afterEach(async () => {
  const stopped = world.outbox.stop();
  for (const one of world.sent) one.refuse(AWAY);
  await stopped;
  store.close();
});

async function start(options: WorldOptions = {}): Promise<void> {
  world = outboxOver(store, clock, options);
  await world.outbox.connect(world.line);
  await settle();
}
async function wake(): Promise<void> {
  world.outbox.wake();
  await settle();
}
async function pass(ms: number): Promise<void> {
  clock.advance(ms);
  await settle();
}
const state = (key = 'l1', chat = CHAT) => shown(store, chat, key)?.state;

describe('the sign-in', () => {
  it('is what everything waits for: nothing leaves before, and what was written meanwhile leaves with it', async () => {
    world = outboxOver(store, clock);
    write(store, CHAT, 'l1', NOW);
    await wake();
    expect(world.sent).toEqual([]);
    await world.outbox.disconnect();
    expect(state()).toBe('waiting_auth');
    expect(world.published.at(-1)?.messages[0]?.upserts).toMatchObject([{ state: 'waiting_auth' }]);
    await wake();
    await pass(3_600_000);
    expect(world.sent).toEqual([]);
    await world.outbox.connect(world.line);
    expect(world.published.at(-1)?.messages[0]?.upserts).toMatchObject([{ state: 'queued' }]);
    await settle();
    expect(world.sent).toHaveLength(1);
  });

  it('ends the waits of what was tried before', async () => {
    await start();
    write(store, CHAT, 'l1', NOW);
    await wake();
    for (let n = 0; n < 6; n += 1) {
      world.sent.at(-1)?.refuse(AWAY);
      await settle();
      await pass(15_000);
    }
    world.sent.at(-1)?.refuse(AWAY);
    await settle();
    const before = world.sent.length;
    await world.outbox.connect(world.line);
    await settle();
    expect(world.sent).toHaveLength(before + 1);
  });

  it('is no try: a message does not fail because nobody signed in for weeks', async () => {
    await start();
    write(store, CHAT, 'l1', NOW);
    await wake();
    world.sent[0]?.refuse(AWAY);
    await settle();
    await world.outbox.disconnect();
    clock.advance(3 * KEEP_TRYING_MS);
    await world.outbox.connect(world.line);
    await settle();
    expect(world.sent).toHaveLength(2);
    expect(state()).toBe('sending');
  });

  it('that ends between commit and request keeps the message back: nothing has left', async () => {
    let isFirst = true;
    await start({
      onFailpoint: (step) => {
        if (step !== 'attempt-committed' || !isFirst) return;
        isFirst = false;
        void world.outbox.disconnect();
      },
    });
    write(store, CHAT, 'l1', NOW);
    await wake();
    expect(world.sent).toEqual([]);
    expect(state()).toBe('waiting_auth');
    await world.outbox.connect(world.line);
    await settle();
    expect(world.sent).toHaveLength(1);
  });
});

describe('seven days of tries', () => {
  it('are allowed to the last millisecond, and end with the person being told', async () => {
    await start();
    write(store, CHAT, 'l1', NOW);
    await wake();
    world.sent[0]?.refuse(AWAY);
    await settle();
    clock.advance(KEEP_TRYING_MS);
    await settle();
    expect(world.sent).toHaveLength(2);
    world.sent[1]?.refuse(AWAY);
    await settle();
    await pass(30_000);
    expect(world.sent).toHaveLength(2);
    expect(shown(store, CHAT, 'l1')).toMatchObject({
      state: 'failed',
      problem: 'server_unreachable',
      undecided: false,
    });
    expect(world.published.flatMap(({ failed }) => failed)).toMatchObject([{ code: 'server_unreachable' }]);
    // Sent again by hand it has seven days more.
    sendAgain(store, 'l1', clock.now());
    await wake();
    expect(world.sent).toHaveLength(3);
  });
});

describe('the network that is back', () => {
  it('ends every wait, and the next one is short again', async () => {
    await start();
    write(store, CHAT, 'l1', NOW);
    await wake();
    for (let n = 0; n < 6; n += 1) {
      world.sent.at(-1)?.refuse(AWAY);
      await settle();
      await pass(15_000);
    }
    world.sent.at(-1)?.refuse(AWAY);
    await settle();
    expect(detailsOf(store, 'l1')?.nextTryAt).toBe(clock.now() + 15_000);
    const before = world.sent.length;
    await world.outbox.retryNow();
    await settle();
    expect(world.sent).toHaveLength(before + 1);
    world.sent.at(-1)?.refuse(AWAY);
    await settle();
    expect(detailsOf(store, 'l1')?.nextTryAt).toBe(clock.now() + 250);
  });
});

describe('a message that may go and finds no room', () => {
  it('is shown as due', async () => {
    const others = ['chat3', 'chat4', 'chat5', 'chat6'];
    for (const id of others) knowChat(store.context, { id });
    await start();
    write(store, CHAT, 'l1', NOW);
    await wake();
    world.sent[0]?.refuse(AWAY);
    await settle();
    for (const id of others) write(store, id, `to ${id}`, NOW);
    await wake();
    expect(detailsOf(store, 'l1')?.nextTryAt).toBe(NOW + 250);
    clock.advance(10);
    await world.outbox.retryNow();
    await settle();
    expect(world.sent).toHaveLength(5);
    expect(detailsOf(store, 'l1')?.nextTryAt).toBe(NOW + 10);
  });
});

describe('a store that fails', () => {
  it('while it is asked what is next is asked again after five seconds', async () => {
    let asked = 0;
    await start({
      store: {
        outboxHeads: async () => {
          asked += 1;
          if (asked === 1) throw new Error('disk');
          return [];
        },
      },
    });
    expect(world.logger.of('outbox.round_failed')).toMatchObject([{ level: 'error', fields: { reason: 'Error' } }]);
    await pass(4_999);
    expect(asked).toBe(1);
    await pass(1);
    expect(asked).toBe(2);
  });

  it('before a request is asked again for that message after five seconds, and other chats go on', async () => {
    const asked: string[] = [];
    await start({
      store: {
        beginAttempt: async ({ localId }) => {
          asked.push(localId);
          // A loop is to fail here, not to hang.
          if (asked.length > 20) await new Promise(() => undefined);
          throw new Error(`disk, at ${localId}`);
        },
      },
    });
    write(store, CHAT, 'l1', NOW);
    await wake();
    expect(asked).toEqual(['l1']);
    expect(world.logger.of('outbox.step_failed')).toMatchObject([
      { level: 'error', fields: { localId: 'l1', reason: 'disk, at l1' } },
    ]);
    write(store, 'chat2', 'l2', NOW);
    await wake();
    expect(asked).toEqual(['l1', 'l2']);
    await pass(4_999);
    expect(asked).toEqual(['l1', 'l2']);
    await pass(1);
    expect(asked).toEqual(['l1', 'l2', 'l1', 'l2']);
  });

  it('while a lost message is let go is asked again after five seconds', async () => {
    await start();
    write(store, CHAT, 'l1', NOW);
    await wake();
    let asked = 0;
    world = outboxOver(store, clock, {
      store: {
        endAttempt: async () => {
          asked += 1;
          throw new Error('disk');
        },
      },
    });
    await world.outbox.recover();
    await world.outbox.connect(world.line);
    await settle();
    expect(asked).toBe(1);
    await pass(4_999);
    expect(asked).toBe(1);
    await pass(1);
    expect(asked).toBe(2);
  });
});

describe('the end', () => {
  it('gives up what is under way, waits until it has ended, and starts nothing more', async () => {
    await start();
    write(store, CHAT, 'l1', NOW);
    write(store, CHAT, 'l2', NOW);
    write(store, 'chat2', 'l3', NOW);
    await wake();
    expect(world.sent).toHaveLength(2);
    world.sent[1]?.refuse(AWAY);
    await settle();
    let isStopped = false;
    const stopped = world.outbox.stop().then(() => (isStopped = true));
    expect(world.sent[0]?.options.signal?.aborted).toBe(true);
    await settle();
    expect(isStopped).toBe(false);
    world.sent[0]?.accept();
    await stopped;
    expect(clock.pending).toBe(0);
    await wake();
    await world.outbox.retryNow();
    await pass(60_000);
    expect(world.sent).toHaveLength(2);
    expect(clock.pending).toBe(0);
  });

  it('between commit and request takes the message back: nothing has left', async () => {
    await start({ onFailpoint: (step) => void (step === 'attempt-committed' && world.outbox.stop()) });
    write(store, CHAT, 'l1', NOW);
    await wake();
    expect(world.sent).toEqual([]);
    expect(state()).toBe('queued');
  });
});
