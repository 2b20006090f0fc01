/** The grouped writes of SQLite, by what another connection to the file sees of them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { migrate } from '../../../relay/migrations/sqlite/index.ts';
import { openDatabase, openReader, type Database } from '../../../relay/repositories/sqlite/connection.ts';
import { sqliteDialect } from '../../../relay/repositories/sqlite/dialect.ts';
import { createWriteQueue } from '../../../relay/repositories/sqlite/write-queue.ts';
import { createRepositories, type DrainableQueue } from '../../../relay/repositories/sql/repositories.ts';
import type { Session } from '../../../relay/repositories/sql/statement.ts';
import type { Effects } from '../../../relay/repositories/ports.ts';

let folder: string;
let database: Database;
let queue: DrainableQueue;
let commits: number[];
let time: number;
/** Milliseconds that pass whenever somebody looks at the clock. */
let tick: number;
let effectErrors: unknown[];
/** The statements of the write that began last. */
let session: Session;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'relay-queue-'));
  database = openDatabase(join(folder, 'relay.db'));
  await migrate(database);
  commits = [];
  effectErrors = [];
  time = 0;
  const factory = createRepositories(sqliteDialect, { keep: 100, keepMs: 1e12 });
  const scopeOf = (own: Session) => {
    session = own;
    return factory.write(own);
  };
  tick = 0;
  queue = createWriteQueue(database, scopeOf, {
    now: () => (time += tick),
    onCommit: (count) => commits.push(count),
    onEffectError: (error) => effectErrors.push(error),
  });
});
afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true });
});

/** Inserts a row in the write that is running. */
function put(name: string, value = '1'): Promise<unknown> {
  const query = sql`insert into meta (name, value) values (${name}, ${value})`.compile(sqliteDialect.builder);
  return session.execute(query, query.parameters);
}
/** A write of one row. */
const write = (name: string, then: (effects: Effects) => void = () => undefined) =>
  queue.run(async (_tx, effects) => {
    then(effects);
    await put(name);
    return name;
  });
const names = () =>
  database
    .prepare('SELECT name FROM meta ORDER BY name')
    .all()
    .map((row) => row.name);

test('writes of one turn are one transaction; each is answered with its own value, in order', async () => {
  const order: string[] = [];
  const writes = ['a', 'b', 'c'].map((name) =>
    write(name, (effects) => effects.after(() => order.push(`effect ${name}`))).then((value) =>
      order.push(`answer ${value}`),
    ),
  );
  await Promise.all(writes);
  await queue.drain();
  expect(commits).toEqual([1]);
  expect(names()).toEqual(['a', 'b', 'c']);
  expect(order).toEqual(['answer a', 'answer b', 'answer c', 'effect a', 'effect b', 'effect c']);
});

test('nothing is answered, told or read by others before it is committed', async () => {
  const other = openReader(join(folder, 'relay.db'));
  const seen: number[] = [];
  const count = () => Number(other.prepare('SELECT COUNT(*) AS n FROM meta').get()?.n);
  const written = queue.run(async (_tx, effects) => {
    await put('a');
    seen.push(count());
    effects.after(() => seen.push(count()));
  });
  await written.then(() => seen.push(count()));
  await queue.drain();
  other.close();
  expect(seen).toEqual([0, 1, 1]);
});

test('a write that waits holds the others up, and nothing else runs inside of it', async () => {
  const order: string[] = [];
  const slow = queue.run(async () => {
    order.push('slow begins');
    await put('a');
    await sleep(20);
    await put('b');
    order.push('slow ends');
    throw new Error('no');
  });
  const quick = write('c', () => order.push('quick'));
  await sleep(5);
  const later = write('d', () => order.push('later'));
  await expect(slow).rejects.toThrow('no');
  await Promise.all([quick, later]);
  expect(order).toEqual(['slow begins', 'slow ends', 'quick', 'later']);
  expect(names()).toEqual(['c', 'd']);
});

test('a statement that comes after the end of its write is refused', async () => {
  let forgotten: Promise<unknown> = Promise.resolve();
  await queue.run(async () => {
    await put('a');
    const own = session;
    const query = sql`insert into meta (name, value) values ('late', '1')`.compile(sqliteDialect.builder);
    forgotten = sleep(5).then(() => own.execute(query, []));
  });
  await expect(forgotten).rejects.toThrow('after the end of its write');
  expect(names()).toEqual(['a']);
});

test('a write that throws undoes itself alone and tells nobody', async () => {
  const told: string[] = [];
  const outcomes = await Promise.allSettled([
    write('a'),
    queue.run(async (_tx, effects) => {
      effects.after(() => told.push('b'));
      await put('b');
      throw new Error('no');
    }),
    write('c'),
    write('a'),
  ]);
  await queue.drain();
  expect(outcomes.map((outcome) => outcome.status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'rejected']);
  expect(names()).toEqual(['a', 'c']);
  expect(told).toEqual([]);
});

test('an event of a write that fails leaves no number behind', async () => {
  const row = { username: 'anna', firstName: 'A', lastName: 'B', age: 1, bio: '', passwordHash: '', createdAt: 1 };
  await queue.run((tx) => tx.users.insert({ id: 'anna', ...row, role: 'user' }));
  const outcomes = await Promise.allSettled([
    queue.run(async (tx) => {
      tx.events.append('anna', 'x', '1', 1);
      throw new Error('no');
    }),
    queue.run(async (tx) => {
      tx.events.append('anna', 'x', '2', 1);
      // Nobody has this id, so the whole write fails when its events are numbered.
      tx.events.append('nobody', 'x', '2', 1);
    }),
    queue.run(async (tx) => {
      const event = tx.events.append('anna', 'x', '3', 1);
      expect(() => event.seq).toThrow('no number');
      return event;
    }),
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
  expect(outcomes[2]).toMatchObject({ value: { seq: 1 } });
  expect(database.prepare('SELECT seq, body FROM events').all()).toEqual([{ seq: 1, body: '3' }]);
});

test('a group of failures alone counts as no commit, and so does one that changes nothing', async () => {
  const fails = queue.run(async () => {
    throw new Error('no');
  });
  await expect(fails).rejects.toThrow('no');
  expect(await queue.run((tx) => tx.users.find('nobody'))).toBeNull();
  expect([queue.commits, commits], 'and nobody is told of one').toEqual([0, []]);
  await write('a');
  expect(queue.commits).toBe(1);
});

test('a full disk refuses the whole group, stores nothing, and the queue goes on', async () => {
  const row = database.prepare('PRAGMA page_count').get();
  database.exec(`PRAGMA max_page_count = ${Number(row?.page_count) + 2}`);
  const big = 'x'.repeat(100_000);
  const outcomes = await Promise.allSettled([write('a'), queue.run(() => put('big', big)), write('c')]);
  const rejected = outcomes.filter((outcome) => outcome.status === 'rejected');
  expect(rejected.length).toBeGreaterThan(0);
  for (const { reason } of rejected) expect(reason).toMatchObject({ code: 'quota_exceeded' });
  const stored = names();
  outcomes.forEach((outcome, index) => {
    const name = ['a', 'big', 'c'][index];
    expect(stored.includes(name ?? ''), `${name} was ${outcome.status}`).toBe(outcome.status === 'fulfilled');
  });
  expect(database.inTransaction).toBe(false);
  database.exec('PRAGMA max_page_count = 1000000');
  await write('d');
  expect(names()).toContain('d');
});

test('an effect that throws is reported and stops no other', async () => {
  const told: string[] = [];
  await write('a', (effects) => {
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
  await Promise.all(Array.from({ length: 1200 }, (_, index) => write(`n${index}`).then(() => done.push(index))));
  expect(commits).toEqual([1, 2, 3]);
  expect(done).toEqual(Array.from({ length: 1200 }, (_, index) => index));
});

test('a group that has taken its time is committed, and the next turn takes the rest', async () => {
  const slow = Array.from({ length: 10 }, (_, index) => write(`n${index}`, () => void (time += 8)));
  await Promise.all(slow);
  expect(commits, 'three writes of 8 ms each').toEqual([1, 2, 3, 4]);
});

test('what the storage refuses of one write alone has the same word as a full disk', async () => {
  const full = Object.assign(new Error('database or disk is full'), { code: 'ERR_SQLITE_ERROR', errcode: 13 });
  const [refused, stored] = await Promise.allSettled([
    queue.run(async () => {
      throw full;
    }),
    write('a'),
  ]);
  expect(refused).toMatchObject({ status: 'rejected', reason: { code: 'quota_exceeded' } });
  expect(stored.status).toBe('fulfilled');
});

/** Two writes at once, then one in each of so many turns. @returns how many commits they took. */
async function inTurns(turns: number): Promise<number> {
  const before = commits.length;
  const writes = [write(`a${before}`), write(`b${before}`)];
  for (let turn = 0; turn < turns; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    writes.push(write(`t${before}-${turn}`));
  }
  await Promise.all(writes);
  return commits.length - before;
}

test('where commits take no time, a group waits for nothing', async () => {
  await write('first');
  expect(await inTurns(3)).toBe(4);
});

test('where a commit takes its time, writes that keep coming in share one', async () => {
  tick = 1;
  await write('first');
  tick = 0;
  expect(await inTurns(3)).toBe(1);
});

test('a group waits 5 ms at most, however long the last commit took', async () => {
  tick = 1000;
  await write('first');
  // The clock is looked at when the first comes and in each turn, so this group waits for two turns. Its own commit takes
  // 2 ms, and what comes later finds nobody to wait for.
  tick = 2;
  expect(await inTurns(5)).toBe(4);
});
