/** The unread sum that the page hears of, and mutes that end by themselves, on a real store and a clock that the test moves. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AccountEvent } from '../../../../contract/ipc/push.ts';
import * as chats from '../../../../electron/main/services/store/ops/chat-operations.ts';
import type { ChangeSet } from '../../../../electron/main/services/store/protocol.ts';
import { UnreadKeeper, type UnreadOptions } from '../../../../electron/main/services/unread/unread.ts';
import { ManualClock, recordingLogger, until } from '../../../helpers/main-parts.ts';
import { CHAT, knowChat, NOW, openStore, type OpenStore } from '../store/open-store.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

let store: OpenStore;
let clock: ManualClock;
let told: AccountEvent[];
let published: ChangeSet[];
let logger: ReturnType<typeof recordingLogger>;
beforeEach(() => {
  store = openStore();
  for (const id of [CHAT, 'chat2']) knowChat(store.context, { id });
  clock = new ManualClock(NOW);
  told = [];
  published = [];
  logger = recordingLogger();
});
afterEach(() => store.close());

function keeper(muteEnds?: UnreadOptions['store']['muteEnds']): UnreadKeeper {
  return new UnreadKeeper({
    store: { muteEnds: muteEnds ?? (async (input) => chats.muteEnds(store.context, input)) },
    clock,
    logger,
    push: { emit: (event) => void told.push(event) },
    publish: (changes) => void published.push(changes),
  });
}

const mute = (chatId: string, ms: number): void =>
  void chats.organise(store.context, { chatId, muted: { until: NOW + ms }, now: clock.now() });
const isMuted = (chatId: string): boolean => chats.chat(store.context, { chatId, now: 0 })?.muted !== null;
/** Lets what a timer has begun come to its end. */
const settled = async (): Promise<void> => {
  for (let n = 0; n < 5; n += 1) await Promise.resolve();
};
async function pass(ms: number): Promise<void> {
  clock.advance(ms);
  await settled();
}

describe('the sum', () => {
  it('is told when it looks different, and only then', () => {
    const unread = keeper();
    for (const [messages, chats] of [
      [0, 0],
      [0, 0],
      [3, 1],
      [3, 1],
      [3, 2],
      [4, 2],
      [0, 0],
    ] as const)
      unread.offer({ messages, chats });
    expect(told).toEqual(
      [
        { messages: 0, chats: 0 },
        { messages: 3, chats: 1 },
        { messages: 3, chats: 2 },
        { messages: 4, chats: 2 },
        { messages: 0, chats: 0 },
      ].map((unread) => ({ kind: 'unread', unread })),
    );
  });
});

describe('mutes', () => {
  it('that ended while nobody looked end with the start, and the page hears of it', async () => {
    mute(CHAT, 1_000);
    clock.advance(1_000);
    await keeper().start();
    expect(isMuted(CHAT)).toBe(false);
    expect(published.map(({ chats }) => chats.map(({ id, muted }) => [id, muted]))).toEqual([[[CHAT, null]]]);
    expect(clock.pending).toBe(0);
  });

  it('end in their time, one after the other, without another word', async () => {
    mute(CHAT, 2 * HOUR_MS);
    mute('chat2', HOUR_MS);
    const unread = keeper();
    await unread.start();
    await pass(HOUR_MS - 1);
    expect([isMuted(CHAT), isMuted('chat2')]).toEqual([true, true]);
    await pass(1);
    expect([isMuted(CHAT), isMuted('chat2')]).toEqual([true, false]);
    expect(published.at(-1)?.chats.map(({ id }) => id)).toEqual(['chat2']);
    await pass(HOUR_MS - 1);
    expect(isMuted(CHAT)).toBe(true);
    await pass(1);
    expect(isMuted(CHAT)).toBe(false);
    expect(clock.pending).toBe(0);
  });

  it('that are weeks away are looked at once a day until then', async () => {
    mute(CHAT, 3 * DAY_MS + HOUR_MS);
    const asked: number[] = [];
    const unread = keeper(async (input) => {
      asked.push(input.now - NOW);
      return chats.muteEnds(store.context, input);
    });
    await unread.start();
    for (let hour = 0; hour < 80; hour += 1) await pass(HOUR_MS);
    expect(asked).toEqual([0, DAY_MS, 2 * DAY_MS, 3 * DAY_MS, 3 * DAY_MS + HOUR_MS]);
    expect(isMuted(CHAT)).toBe(false);
  });

  it('are looked at anew when one was set: one timer, the nearest', async () => {
    mute(CHAT, 2 * HOUR_MS);
    const unread = keeper();
    await unread.start();
    mute('chat2', HOUR_MS);
    await unread.start();
    expect(clock.pending).toBe(1);
    await pass(HOUR_MS);
    expect(isMuted('chat2')).toBe(false);
  });

  it('are not looked at when nothing is muted any more', async () => {
    mute(CHAT, HOUR_MS);
    const unread = keeper();
    await unread.start();
    chats.organise(store.context, { chatId: CHAT, muted: null, now: clock.now() });
    await unread.start();
    expect(clock.pending).toBe(0);
  });

  it('that cannot be read are logged, and harm nothing', async () => {
    mute(CHAT, HOUR_MS);
    let isBroken = false;
    const unread = keeper(async (input) => {
      if (isBroken) throw new TypeError('disk');
      return chats.muteEnds(store.context, input);
    });
    await unread.start();
    isBroken = true;
    await pass(HOUR_MS);
    await until('logged', () => logger.of('unread.mutes_not_read').length === 1, 1_000);
    expect(logger.of('unread.mutes_not_read')).toMatchObject([{ level: 'warn', fields: { reason: 'TypeError' } }]);
  });
});

describe('the end', () => {
  it('takes the timer away', async () => {
    mute(CHAT, HOUR_MS);
    const unread = keeper();
    await unread.start();
    unread.stop();
    expect(clock.pending).toBe(0);
  });

  it('while it is being looked, sets no timer', async () => {
    mute(CHAT, HOUR_MS);
    const unread = keeper();
    const started = unread.start();
    unread.stop();
    await started;
    expect(clock.pending).toBe(0);
  });
});
