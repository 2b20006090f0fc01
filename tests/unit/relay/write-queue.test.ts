import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { migrate } from '../../../relay/migrations/index.ts';
import { openDatabase, type Database } from '../../../relay/storage/database.ts';
import { createWriteQueue, type GroupedWriteQueue } from '../../../relay/storage/write-queue.ts';

let folder: string;
let database: Database;
let queue: GroupedWriteQueue;
let commits: number[];
let time: number;
let effectErrors: unknown[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'relay-queue-'));
  database = openDatabase(join(folder, 'relay.db'));
  migrate(database);
  commits = [];
  effectErrors = [];
  time = 0;
  queue = createWriteQueue(database, {
    now: () => time,
    onCommit: (count) => commits.push(count),
    onEffectError: (error) => effectErrors.push(error),
  });
});
afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true });
});

const put = (name: string) => database.prepare('INSERT INTO meta (name, value) VALUES (?, 1)').run(name);
const names = () =>
  database
    .prepare('SELECT name FROM meta ORDER BY name')
    .all()
    .map((row) => row.name);

test('writes of one turn are one transaction; each is answered with its own value, in order', async () => {
  const order: string[] = [];
  const writes = ['a', 'b', 'c'].map((name) =>
    queue
      .run((effects) => {
        effects.after(() => order.push(`effect ${name}`));
        put(name);
        return name;
      })
      .then((value) => order.push(`answer ${value}`)),
  );
  await Promise.all(writes);
  await queue.drain();
  expect(commits).toEqual([1]);
  expect(names()).toEqual(['a', 'b', 'c']);
  expect(order).toEqual(['answer a', 'answer b', 'answer c', 'effect a', 'effect b', 'effect c']);
});

test('nothing is answered or told before it is committed', async () => {
  const other = openDatabase(join(folder, 'relay.db'));
  const seen: number[] = [];
  const count = () => Number(other.prepare('SELECT COUNT(*) AS n FROM meta').get()?.n);
  const write = queue.run((effects) => {
    put('a');
    seen.push(count());
    effects.after(() => seen.push(count()));
  });
  await write.then(() => seen.push(count()));
  await queue.drain();
  other.close();
  expect(seen).toEqual([0, 1, 1]);
});

test('a write that throws undoes itself alone and tells nobody', async () => {
  const told: string[] = [];
  const outcomes = await Promise.allSettled([
    queue.run(() => put('a')),
    queue.run((effects) => {
      effects.after(() => told.push('b'));
      put('b');
      throw new Error('no');
    }),
    queue.run(() => put('c')),
    queue.run(() => put('a')),
  ]);
  await queue.drain();
  expect(outcomes.map((outcome) => outcome.status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'rejected']);
  expect(names()).toEqual(['a', 'c']);
  expect(told).toEqual([]);
});

test('a group of failures alone counts as no commit', async () => {
  const fails = queue.run(() => {
    throw new Error('no');
  });
  await expect(fails).rejects.toThrow('no');
  expect([queue.commits, commits], 'and nobody is told of one').toEqual([0, []]);
  await queue.run(() => put('a'));
  expect(queue.commits).toBe(1);
});

test('a full disk refuses the whole group, stores nothing, and the queue goes on', async () => {
  const row = database.prepare('PRAGMA page_count').get();
  database.exec(`PRAGMA max_page_count = ${Number(row?.page_count) + 2}`);
  const big = 'x'.repeat(100_000);
  const fill = () => database.prepare('INSERT INTO meta (name, value) VALUES (?, ?)').run('big', big);
  const outcomes = await Promise.allSettled([queue.run(() => put('a')), queue.run(fill), queue.run(() => put('c'))]);
  const rejected = outcomes.filter((outcome) => outcome.status === 'rejected');
  expect(rejected.length).toBeGreaterThan(0);
  const stored = names();
  outcomes.forEach((outcome, index) => {
    const name = ['a', 'big', 'c'][index];
    expect(stored.includes(name ?? ''), `${name} was ${outcome.status}`).toBe(outcome.status === 'fulfilled');
  });
  expect(database.inTransaction).toBe(false);
  database.exec('PRAGMA max_page_count = 1000000');
  await queue.run(() => put('d'));
  expect(names()).toContain('d');
});

test('an effect that throws is reported and stops no other', async () => {
  const told: string[] = [];
  await queue.run((effects) => {
    effects.after(() => {
      throw new Error('broken listener');
    });
    effects.after(() => told.push('second'));
  });
  await queue.drain();
  expect(told).toEqual(['second']);
  expect(effectErrors).toHaveLength(1);
});

test('more than fits into one group is committed in several, in order', async () => {
  const done: number[] = [];
  await Promise.all(
    Array.from({ length: 1200 }, (_, index) => queue.run(() => put(`n${index}`)).then(() => done.push(index))),
  );
  expect(commits).toEqual([1, 2, 3]);
  expect(done).toEqual(Array.from({ length: 1200 }, (_, index) => index));
});

test('a group that has taken its time is committed, and the next turn takes the rest', async () => {
  const slow = Array.from({ length: 10 }, (_, index) =>
    queue.run(() => {
      time += 8;
      put(`n${index}`);
    }),
  );
  await Promise.all(slow);
  expect(commits, 'three writes of 8 ms each').toEqual([1, 2, 3, 4]);
});

test('what the storage refuses of one write alone has the same word as a full disk', async () => {
  const full = Object.assign(new Error('database or disk is full'), { code: 'ERR_SQLITE_ERROR', errcode: 13 });
  const [refused, stored] = await Promise.allSettled([
    queue.run(() => {
      throw full;
    }),
    queue.run(() => put('a')),
  ]);
  expect(refused).toMatchObject({ status: 'rejected', reason: { code: 'quota_exceeded' } });
  expect(stored.status).toBe('fulfilled');
});
