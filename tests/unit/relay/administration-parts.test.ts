/** The parts of the administrator's lists that need no node: searches that stop, exports that break off, the log's bound. */
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import type { HourRow, Reads, TimePlace } from '../../../relay/repositories/ports.ts';
import { createAdminExport } from '../../../relay/services/admin-export.ts';
import { createAdminLists } from '../../../relay/services/admin-lists.ts';
import { inSteps } from '../../../relay/services/admin-series.ts';
import { cursorOf, placeOf, walkOn, type WalkPlace } from '../../../relay/services/admin-walks.ts';
import { createAuditLog } from '../../../relay/services/audit.ts';
import { createDeepPages } from '../../../relay/services/deep-pages.ts';
import { createOnlineSamples } from '../../../relay/services/online-samples.ts';
import { createTurns } from '../../../relay/turns.ts';
import { createCore, START } from './core-world.ts';
import { ADAPTERS } from './databases.ts';

const turns = createTurns();

describe('a search that goes on', () => {
  const numbers = Array.from({ length: 100 }, (_, n) => n);
  const walk = {
    page: async (after: WalkPlace | null, limit: number) => {
      const from = after ? Number(after.key) + 1 : 0;
      return numbers.slice(from, from + limit);
    },
    placeOf: (n: number): WalkPlace => ({ key: n, tie: '' }),
  };
  const bounds = { slice: 10, most: 30 };

  it('stops when it has looked through enough, and says where', async () => {
    const part = await walkOn(walk, null, 5, (n) => n === 25 || n === 95, turns, bounds);
    expect(part).toEqual({ rows: [25], next: { key: 29, tie: '' } });
  });

  it('ends exactly behind the last row that it found', async () => {
    const part = await walkOn(walk, null, 2, (n) => n % 2 === 1, turns, bounds);
    expect(part).toEqual({ rows: [1, 3], next: { key: 3, tie: '' } });
  });

  it('has no next part at the end', async () => {
    expect(await walkOn(walk, { key: 85, tie: '' }, 5, (n) => n === 95, turns, bounds)).toEqual({
      rows: [95],
      next: null,
    });
    expect(await walkOn(walk, { key: 94, tie: '' }, 5, null, turns)).toEqual({
      rows: [95, 96, 97, 98, 99],
      next: null,
    });
    expect((await walkOn(walk, { key: 93, tie: '' }, 5, null, turns)).next).toEqual({ key: 98, tie: '' });
  });

  it.each([
    { key: 5, tie: 'a' },
    { key: 'ё', tie: '' },
  ])('reads its own cursors', (place) => {
    expect(placeOf(cursorOf(place))).toEqual(place);
  });
});

test('hours in steps: what lies outside is left out, and of samples the greatest counts', () => {
  const rows: HourRow[] = [
    { name: 'messages', hour: 9, value: 100 },
    { name: 'messages', hour: 10, value: 1 },
    { name: 'messages', hour: 11, value: 2 },
    { name: 'messages', hour: 14, value: 4 },
    { name: 'messages', hour: 16, value: 100 },
    { name: 'online', hour: 12, value: 3 },
    { name: 'online', hour: 13, value: 2 },
    { name: 'chats', hour: 12, value: 3 },
  ];
  expect(inSteps(rows, 10, 2, 3)).toMatchObject({ messages: [3, 0, 4], online: [null, 3, null], stepHours: 2 });
});

describe('pages by offset of a list that can lose rows', () => {
  /** A hundred rows an hour, newest first. */
  const HOUR = 3_600_000;
  const rows: TimePlace[] = Array.from({ length: 1000 }, (_, n) => {
    const hour = 9 - Math.floor(n / 100);
    return { id: `r${n}`, createdAt: hour * HOUR + 1000 - (n % 100) };
  });
  const behind = (place: TimePlace | null): TimePlace[] =>
    place
      ? rows.filter(
          (row) => row.createdAt < place.createdAt || (row.createdAt === place.createdAt && row.id < place.id),
        )
      : rows;
  let skipped = 0;
  const pages = createDeepPages(
    {
      page: async (place: TimePlace | null, limit: number) => behind(place).slice(0, limit),
      async skip(place: TimePlace | null, count: number) {
        skipped += count;
        return behind(place)[count - 1] ?? null;
      },
      async skipUp(place: TimePlace | null, count: number) {
        skipped += count;
        const before = place ? rows.filter((row) => row.createdAt >= place.createdAt) : rows;
        return before.toReversed()[count - 1] ?? null;
      },
    },
    async () => rows.length,
    false,
    {
      turns,
      step: 50,
      async reaching(offset) {
        const before = Math.floor(offset / 100) * 100;
        return { hour: 9 - before / 100, before, through: before + 100 };
      },
    },
  );

  it.each([0, 49, 150, 200, 555, 580, 999, 1000])('the page at %i passes over half an hour at most', async (offset) => {
    skipped = 0;
    expect(await pages.page(10, offset)).toEqual(rows.slice(offset, offset + 10));
    expect(skipped).toBeLessThanOrEqual(56);
  });
});

describe.each(ADAPTERS)('on $name', (adapter) => {
  let core: Awaited<ReturnType<typeof createCore>>;
  beforeEach(async () => {
    core = await createCore(adapter);
  });
  afterEach(() => core.close());

  it('the log of looks keeps the newest, and trims the rest', async () => {
    const lines: object[] = [];
    const log = {
      info: (fields: object) => void lines.push(fields),
      warn: (fields: object) => void lines.push(fields),
    };
    let now = START;
    const audit = createAuditLog({
      ...{ audit: core.reads.audit, queue: core.queue, turns, log, now: () => now, kept: 5, trimEvery: 4 },
    });
    for (let n = 0; n < 13; n += 1) {
      now += 1;
      await audit.note({ userId: 'root', action: `look ${n}`, detail: 'x'.repeat(3000), address: 'here' });
    }
    const { rows } = await audit.page(null, 100);
    expect(rows.map(({ action }) => action)).toEqual(['look 12', 'look 11', 'look 10', 'look 9', 'look 8']);
    expect(rows[0]?.detail).toHaveLength(1000);
    expect(lines).toHaveLength(13);
  });

  it('an hour keeps the most people who were there', async () => {
    let [now, people] = [START, 3];
    const samples = createOnlineSamples({
      ...{ count: async () => people, queue: core.queue, everyMs: 1e9, now: () => now },
      onError: (error) => expect(error).toBeUndefined(),
    });
    const hour = Math.floor(START / 3_600_000);
    await samples.sample();
    people = 2;
    await samples.sample();
    now += 3_600_000;
    await samples.sample();
    const rows = (await core.reads.hours.between(hour, hour + 2)).filter(({ name }) => name === 'online');
    expect(rows.map(({ hour: at, value }) => [at - hour, value])).toEqual([
      [0, 3],
      [1, 2],
    ]);
    samples.close();
  });

  it('the hour of an offset is found among hours that lost rows', async () => {
    const place = async (offset: number) => core.reads.hours.reaching('messages', offset);
    expect(await place(0)).toBeNull();
    const first = Math.floor(START / 3_600_000);
    await core.write(async (tx) => {
      for (const [n, at] of [0, 1, 2, 3_600_000, 3_600_001, 7_200_000].entries()) {
        const message = { id: `m${n}`, chatId: 'chat', senderId: 'anna', content: '', replyToId: null };
        await tx.messages.insert({ ...message, clientId: null, createdAt: START + at });
        await tx.chats.messageAdded('chat', `m${n}`, 'anna', START + at);
      }
    });
    expect(await place(0)).toEqual({ hour: first + 2, before: 0, through: 1 });
    expect(await place(1)).toEqual({ hour: first + 1, before: 1, through: 3 });
    expect(await place(2)).toEqual({ hour: first + 1, before: 1, through: 3 });
    expect(await place(5)).toEqual({ hour: first, before: 3, through: 6 });
    expect(await place(6)).toBeNull();
  });

  it('an export that breaks off says so in its last line, and one that does not has no such line', async () => {
    for (let n = 0; n < 3; n += 1) await core.send(core.anna, `words ${n}`);
    const exported = async (reads: Reads): Promise<[lines: string[], errors: number]> => {
      let errors = 0;
      const lists = createAdminLists(reads, async () => []);
      const csvOf = createAdminExport({ reads, lists, turns, onError: () => (errors += 1) });
      let text = '';
      for await (const chunk of csvOf('messages', {})) text += Buffer.from(chunk).toString();
      return [text.trimEnd().split('\r\n'), errors];
    };
    const [whole, none] = await exported(core.reads);
    expect([whole.length, none]).toEqual([4, 0]);
    const page = async (): Promise<never> => Promise.reject(new Error('the disk is gone'));
    const [broken, one] = await exported({ ...core.reads, messages: { ...core.reads.messages, page } });
    expect([broken, one]).toEqual([[whole[0], 'incomplete'], 1]);
  });
});
