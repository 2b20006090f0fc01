/** When many go at once: what is written together, what begins together, and what a disk that refuses does to it. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Bus } from '../../../relay/delivery/ports.ts';
import { createLastSeen } from '../../../relay/services/last-seen.ts';
import { createLeases } from '../../../relay/services/leases.ts';
import { createPresence, type Absence } from '../../../relay/services/presence.ts';
import type { Repositories, WriteQueue } from '../../../relay/repositories/ports.ts';
import { createLateWrites } from '../../../relay/storage/late-writes.ts';
import { createSlices, createTurns } from '../../../relay/turns.ts';
import { createCore } from './core-world.ts';
import { ADAPTERS } from './databases.ts';

const people = (count: number): string[] => Array.from({ length: count }, (_, n) => `p${n}`);

describe('last seen', () => {
  const full = Object.assign(new Error('database or disk is full'), { code: 'ERR_SQLITE_ERROR', errcode: 13 });
  let stored: Map<string, number>;
  let writes: number[];
  let isFull: boolean;
  let errors: unknown[];
  let late: ReturnType<typeof createLateWrites>;
  let seen: ReturnType<typeof createLastSeen>;
  beforeEach(() => {
    stored = new Map();
    [writes, isFull, errors] = [[], false, []];
    const queue = {
      async run(write: (tx: Repositories) => Promise<unknown>) {
        let rows = 0;
        const setSeen = async (userId: string, at: number) => {
          rows += 1;
          if (isFull) throw full;
          stored.set(userId, at);
        };
        try {
          return await write({ users: { setSeen } } as unknown as Repositories);
        } finally {
          writes.push(rows);
        }
      },
    } as unknown as WriteQueue;
    late = createLateWrites((error) => errors.push(error), 60_000);
    seen = createLastSeen({ queue, late, turns: createTurns() });
  });
  afterEach(() => late.close());

  it('of two thousand who go at once is twenty writes of a hundred', async () => {
    for (const id of people(2000)) seen.note(id, 5);
    await seen.settled();
    expect(writes).toEqual(Array(20).fill(100));
    expect(stored.size).toBe(2000);
  });

  it('of somebody who went twice is the later time, and who goes meanwhile is written too', async () => {
    seen.note('anna', 5);
    seen.note('anna', 3);
    await new Promise<void>((resolve) => setImmediate(resolve));
    seen.note('boris', 6);
    await seen.settled();
    expect([...stored]).toEqual([
      ['anna', 5],
      ['boris', 6],
    ]);
    await seen.settled();
    seen.note('anna', 9);
    await seen.settled();
    expect(stored.get('anna')).toBe(9);
  });

  it('that a full disk refused is written when there is room, unless there is something newer', async () => {
    isFull = true;
    for (const id of people(150)) seen.note(id, 5);
    await seen.settled();
    expect([stored.size, errors]).toEqual([0, [full]]);
    isFull = false;
    seen.note('p3', 8);
    await seen.settled();
    late.retry();
    await new Promise<void>((resolve) => setTimeout(resolve));
    await seen.settled();
    expect(stored.size).toBe(150);
    expect([stored.get('p3'), stored.get('p149')]).toEqual([8, 5]);
  });
});

describe.each(ADAPTERS)('on $name', (adapter) => {
  it('people who went together were last there when they went', async () => {
    const core = await createCore(adapter);
    const late = createLateWrites(() => undefined);
    try {
      for (const id of people(3)) await core.person(id);
      const seen = createLastSeen({ queue: core.queue, late, turns: createTurns() });
      for (const [n, id] of people(3).entries()) seen.note(id, 100 + n);
      await seen.settled();
      const times = await Promise.all(people(3).map(async (id) => (await core.reads.users.find(id))?.lastSeenAt));
      expect(times).toEqual([100, 101, 102]);
    } finally {
      late.close();
      await core.close();
    }
  });
});

it('slices let through so many in a turn, in order, and go on when others come', async () => {
  const turns: (() => void)[] = [];
  const slices = createSlices({ next: () => new Promise((resolve) => turns.push(resolve)) }, 3);
  const through: number[] = [];
  const come = (n: number): void => void slices.next().then(() => through.push(n));
  const turn = async (): Promise<void> => {
    turns.shift()?.();
    await new Promise<void>((resolve) => setImmediate(resolve));
  };
  for (let n = 0; n < 5; n += 1) come(n);
  await turn();
  expect(through).toEqual([0, 1, 2]);
  come(5);
  await turn();
  expect(through).toEqual([0, 1, 2, 3, 4, 5]);
  expect(turns).toEqual([]);
  come(6);
  await turn();
  expect(through).toEqual([0, 1, 2, 3, 4, 5, 6]);
});

it('of two thousand absences that end at once ten are looked into per turn, and each is told once', async () => {
  let lookedUp = 0;
  let largest = 0;
  let told = 0;
  const real = createTurns();
  const bus = { online: async () => new Set<string>(), publish: () => (told += 1) } as unknown as Pick<
    Bus,
    'online' | 'publish'
  >;
  const presence = createPresence({
    bus,
    absences: createLeases<Absence>(10),
    async peersOf() {
      lookedUp += 1;
      return ['peer'];
    },
    saveSeen: () => undefined,
    turns: {
      async next() {
        await real.next();
        largest = Math.max(largest, lookedUp);
        lookedUp = 0;
      },
    },
    onFault: (error) => {
      throw error;
    },
    now: () => 1,
  });
  for (const id of people(2000)) presence.changed(id, false);
  await expect.poll(() => told, { timeout: 10_000 }).toBe(2000);
  expect(largest).toBe(10);
  presence.close();
});
