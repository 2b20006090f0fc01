/** Telling the server what was read: by a frame, by fetching, or later. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { Capability } from '../../../../contract/api/capabilities.ts';
import type { AccountContext } from '../../../../electron/main/services/ports.ts';
import type { UnreportedRead } from '../../../../electron/main/services/store/ops/chat-operations.ts';
import { ReadReports } from '../../../../electron/main/services/sync/read-reports.ts';
import { ManualClock, recordingLogger } from '../../../helpers/main-parts.ts';

interface World {
  clock: ManualClock;
  logger: ReturnType<typeof recordingLogger>;
  reports: ReadReports;
  unreported: UnreportedRead[];
  sent: unknown[];
  asked: unknown[];
  isOnline: boolean;
  isOpen: boolean;
  fails: boolean;
  capabilities: Capability[];
  settled: PromiseWithResolvers<void> | null;
  throws: boolean;
}

let world: World;
beforeEach(() => {
  const clock = new ManualClock();
  const logger = recordingLogger();
  const line = {
    has: (capability: Capability) => world.capabilities.includes(capability),
    socket: {
      get state() {
        return world.isOpen ? 'open' : 'closed';
      },
      send: (frame: unknown) => world.isOpen && world.sent.push(frame) > 0,
    },
    api: {
      call: async (route: string, input: unknown) => {
        world.asked.push([route, input]);
        return world.fails ? { ok: false } : { ok: true };
      },
    },
  } as unknown as AccountContext;
  const reports = new ReadReports({
    store: {
      unreportedReads: async () => {
        if (world.throws) throw new TypeError('disk');
        return [...world.unreported];
      },
      readReported: async ({ chatId, messageId }) => {
        world.unreported = world.unreported.filter((one) => one.chatId !== chatId || one.messageId !== messageId);
        return null;
      },
    },
    clock,
    logger,
    context: () => (world.isOnline ? line : null),
    settled: () => world.settled?.promise ?? Promise.resolve(),
  });
  world = {
    clock,
    logger,
    reports,
    unreported: [
      { chatId: 'c1', messageId: 'm1', newer: 0 },
      { chatId: 'c2', messageId: 'm2', newer: 7 },
    ],
    sent: [],
    asked: [],
    isOnline: true,
    isOpen: true,
    fails: false,
    capabilities: ['message-read'],
    settled: null,
    throws: false,
  };
});

/** Lets everything run that needs no time. */
const turns = async (): Promise<void> => {
  for (let n = 0; n < 20; n += 1) await Promise.resolve();
};

describe('where the server has a word for it', () => {
  it('each chat is told in one frame, once', async () => {
    await world.reports.report();
    expect(world.sent).toEqual([
      { type: 'message:read', data: { chatId: 'c1', messageId: 'm1' } },
      { type: 'message:read', data: { chatId: 'c2', messageId: 'm2' } },
    ]);
    expect(world.asked).toEqual([]);
    await world.reports.report();
    expect(world.sent).toHaveLength(2);
  });

  it('what could not be sent is told the next time', async () => {
    world.isOpen = false;
    await world.reports.report();
    expect([world.sent, world.unreported.length]).toEqual([[], 2]);
    world.isOpen = true;
    await world.reports.report();
    expect([world.sent.length, world.unreported.length]).toEqual([2, 0]);
  });
});

describe('where to fetch is to read', () => {
  beforeEach(() => {
    world.capabilities = [];
  });

  it('the page that begins at the message is fetched', async () => {
    await world.reports.report();
    expect(world.asked).toEqual([
      ['history', { params: { chatId: 'c1' }, query: { limit: 50, offset: 0 } }],
      ['history', { params: { chatId: 'c2' }, query: { limit: 50, offset: 7 } }],
    ]);
    expect(world.unreported).toEqual([]);
    expect(world.sent).toEqual([]);
  });

  it('nothing is fetched where nobody knows how many are newer, and nothing without a socket', async () => {
    world.unreported = [{ chatId: 'c1', messageId: 'm1', newer: null }];
    await world.reports.report();
    world.unreported.push({ chatId: 'c2', messageId: 'm2', newer: 0 });
    world.isOpen = false;
    await world.reports.report();
    expect(world.asked).toEqual([]);
    expect(world.unreported).toHaveLength(2);
  });

  it('what failed is asked again the next time', async () => {
    world.fails = true;
    await world.reports.report();
    expect(world.unreported).toHaveLength(2);
    world.fails = false;
    await world.reports.report();
    expect(world.unreported).toEqual([]);
  });
});

describe('a report', () => {
  it('waits until what the socket told is stored', async () => {
    world.settled = Promise.withResolvers();
    const done = world.reports.report();
    await turns();
    expect(world.sent).toEqual([]);
    world.settled.resolve();
    await done;
    expect(world.sent).toHaveLength(2);
  });

  it('says nothing without an account', async () => {
    world.isOnline = false;
    await world.reports.report();
    expect([world.sent, world.asked, world.unreported.length]).toEqual([[], [], 2]);
  });

  it('does not run twice at once: nothing is told twice', async () => {
    world.settled = Promise.withResolvers();
    const both = [world.reports.report(), world.reports.report()];
    world.settled.resolve();
    await Promise.all(both);
    expect(world.sent).toHaveLength(2);
  });

  it('is made after one that failed', async () => {
    world.throws = true;
    await expect(world.reports.report()).rejects.toThrow('disk');
    world.throws = false;
    await world.reports.report();
    expect(world.sent).toHaveLength(2);
  });
});

describe('reading message by message', () => {
  it('is told a quarter of a second after the first of them, in one word', async () => {
    world.reports.soon();
    world.clock.advance(200);
    world.reports.soon();
    expect(world.clock.pending).toBe(1);
    world.clock.advance(49);
    await turns();
    expect(world.sent).toEqual([]);
    world.clock.advance(1);
    await turns();
    expect(world.sent).toHaveLength(2);
    world.unreported = [{ chatId: 'c3', messageId: 'm3', newer: 0 }];
    world.reports.soon();
    world.clock.advance(250);
    await turns();
    expect(world.sent).toHaveLength(3);
  });

  it('is not told after the end', async () => {
    world.reports.soon();
    world.reports.stop();
    expect(world.clock.pending).toBe(0);
    world.reports.soon();
    expect(world.clock.pending).toBe(1);
  });

  it('and a store that fails is a line of the log', async () => {
    world.throws = true;
    world.reports.soon();
    world.clock.advance(250);
    await turns();
    expect(world.logger.of('reads.not_reported')).toMatchObject([{ level: 'warn', fields: { reason: 'TypeError' } }]);
  });
});
