/** Writes on PostgreSQL: several at a time, and yet numbered and dated in the order of their commits. */
import type { Kysely } from 'kysely';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { migratePostgres } from '../../../relay/migrations/postgres/index.ts';
import type { Reads } from '../../../relay/repositories/ports.ts';
import type { Schema } from '../../../relay/repositories/schema.ts';
import type { DrainableQueue } from '../../../relay/repositories/sql/repositories.ts';
import { postgresRepositoriesOn } from '../../../relay/storage/postgres.ts';
import { connectToPglite, connectToServer } from '../../helpers/postgres/schemas.ts';
import { missingServer, stopServer } from '../../helpers/postgres/server.ts';

const isServer = missingServer() === null;
afterAll(stopServer);

const RETENTION = { keep: 10_000, keepMs: 1e12 };
const PEOPLE = ['anna', 'boris', 'clara', 'dora'] as const;
const failed = (code: string): Error => Object.assign(new Error(`refused with ${code}`), { code });

let db: Kysely<Schema>;
let reads: Reads;
let queue: DrainableQueue;
let effectErrors: unknown[];
async function open(connect: () => Promise<Kysely<Schema>>): Promise<void> {
  db = await connect();
  await migratePostgres(db);
  effectErrors = [];
  ({ reads, queue } = another());
  await queue.run(async (tx) => {
    for (const id of PEOPLE) {
      const names = { username: id, firstName: id, lastName: 'Test' };
      await tx.users.insert({ id, ...names, age: 1, bio: '', passwordHash: '', role: 'user', createdAt: 1 });
    }
    for (const [index, one] of PEOPLE.entries())
      for (const other of PEOPLE.slice(index + 1)) await tx.chats.insertPair(`${one}-${other}`, one, other, 1);
  });
}
/** The queue of another node on the same database. */
function another() {
  const hooks = { onEffectError: (error: unknown) => void effectErrors.push(error), onCommit: () => undefined };
  return postgresRepositoriesOn(db, RETENTION, hooks);
}

/** How often `send` ran. */
let runs = 0;
/** A message as messaging stores it: dated after the last one of its chat, an event for each member. */
function send(by: DrainableQueue, chatId: string, senderId: string, id: string, lane?: string): Promise<number> {
  return by.run(async (tx) => {
    runs += 1;
    await tx.chats.lock([chatId]);
    const chat = await tx.chats.find(chatId);
    const createdAt = Math.max(1_000, (chat?.lastMessageAt ?? 0) + 1);
    await tx.messages.insert({ id, chatId, senderId, content: id, replyToId: null, clientId: null, createdAt });
    await tx.chats.messageAdded(chatId, id, senderId, createdAt);
    // Every other one names them backwards: that is not the order in which they are locked.
    const members = await tx.chats.members(chatId);
    for (const member of runs % 2 === 0 ? members : members.toReversed()) {
      tx.events.append(member.userId, 'message:new', id, 1);
    }
    return createdAt;
  }, lane);
}

describe('one write at a time, inside of this process', () => {
  beforeEach(() => open(connectToPglite));
  afterEach(() => db.destroy());

  test('is answered, then followed by its effects; one that throws stores and tells nothing', async () => {
    const order: string[] = [];
    const write = queue.run(async (tx, effects) => {
      effects.after(() => order.push('effect'));
      effects.after(() => {
        throw new Error('broken listener');
      });
      await tx.users.setSeen('anna', 7);
      return 'value';
    });
    await write.then((value) => order.push(value));
    await expect(
      queue.run(async (tx, effects) => {
        effects.after(() => order.push('never'));
        await tx.users.setSeen('anna', 8);
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    await queue.drain();
    expect(order).toEqual(['value', 'effect']);
    expect(effectErrors).toHaveLength(1);
    expect((await reads.users.find('anna'))?.lastSeenAt).toBe(7);
    expect(queue.commits).toBe(2);
  });

  test.each(['23503', '23505', '40001', '40P01'])(
    'is run again when another was in its way (%s), five times at most',
    async (code) => {
      let runs = 0;
      const value = await queue.run(async (tx) => {
        runs += 1;
        await tx.users.setSeen('anna', runs);
        if (runs < 3) throw failed(code);
        return runs;
      });
      expect([value, (await reads.users.find('anna'))?.lastSeenAt]).toEqual([3, 3]);
      runs = 0;
      const never = queue.run(async () => {
        runs += 1;
        throw failed(code);
      });
      await expect(never).rejects.toMatchObject({ code });
      expect(runs).toBe(5);
    },
  );

  test('that the disk has no room for is refused in the word for that, and not run again', async () => {
    let runs = 0;
    const full = queue.run(async () => {
      runs += 1;
      throw failed('53100');
    });
    await expect(full).rejects.toMatchObject({ code: 'quota_exceeded' });
    expect(runs).toBe(1);
  });

  test('finds what another one stored under the same unique name meanwhile', async () => {
    const register = (by: DrainableQueue, id: string) =>
      by.run(async (tx) => {
        if (await tx.users.isNameTaken('eve')) return 'taken';
        const names = { username: 'eve', firstName: 'E', lastName: 'E' };
        await tx.users.insert({ id, ...names, age: 1, bio: '', passwordHash: '', role: 'user', createdAt: 1 });
        return 'made';
      });
    const outcomes = await Promise.all([register(queue, 'e1'), register(another().queue, 'e2')]);
    expect(outcomes.toSorted()).toEqual(['made', 'taken']);
  });

  test('a statement that comes after the end of its write is refused', async () => {
    let forgotten: Promise<unknown> = Promise.resolve();
    const ended = Promise.withResolvers<void>();
    await queue.run(async (tx) => {
      forgotten = ended.promise.then(() => tx.users.setSeen('anna', 9));
    });
    ended.resolve();
    await expect(forgotten).rejects.toThrow('after the end of its write');
    expect((await reads.users.find('anna'))?.lastSeenAt).toBeNull();
  });
});

describe.skipIf(!isServer)('many writes at once, on a server', () => {
  beforeEach(() => open(connectToServer));
  afterEach(() => db.destroy());

  test('from two nodes: numbers have no gaps and never appear out of order, dates grow, nobody waits in a circle', async () => {
    const nodes = [queue, another().queue];
    const chats = PEOPLE.flatMap((one, index) => PEOPLE.slice(index + 1).map((other) => [one, other] as const));
    let isDone = false;
    /** Whoever follows a person's numbers sees each of them, in order: none is committed after a later one. */
    async function follow(userId: string): Promise<number> {
      let last = 0;
      for (let again = true; again;) {
        again = !isDone;
        for (const { seq } of await reads.events.after(userId, last, 1000)) {
          expect(seq).toBe(last + 1);
          last = seq;
        }
      }
      return last;
    }
    runs = 0;
    const followers = PEOPLE.map(follow);
    const sends = Array.from({ length: 160 }, (_, index) => {
      const [one, other] = chats[index % chats.length] ?? ['anna', 'boris'];
      return send(nodes[index % 2] ?? queue, `${one}-${other}`, index % 3 === 0 ? one : other, `m${index}`);
    });
    await Promise.all(sends);
    isDone = true;
    const lasts = await Promise.all(followers);
    expect(runs, 'none was refused and had to run again').toBe(160);
    // Each message is an event for two.
    expect(lasts.reduce((sum, last) => sum + last, 0)).toBe(320);
    for (const [one, other] of chats) {
      const rows = await reads.messages.newest(`${one}-${other}`, 100, 0);
      const dates = rows.map(({ createdAt }) => createdAt).toReversed();
      expect(dates).toEqual(dates.map((_, index) => 1_000 + index));
    }
  });

  test('of one lane are stored in the order in which they were queued', async () => {
    const ids = Array.from({ length: 40 }, (_, index) => `m${index}`);
    const failing = queue.run(() => Promise.reject(new Error('no')), 'anna');
    const sends = ids.map((id) => send(queue, 'anna-boris', 'anna', id, 'anna'));
    await expect(failing).rejects.toThrow('no');
    await Promise.all(sends);
    const rows = await reads.messages.newest('anna-boris', 100, 0);
    expect(rows.map(({ id }) => id).toReversed()).toEqual(ids);
  });

  test('a write sees nothing of another before its commit, and outside of writes nobody does', async () => {
    const [inside, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const slow = queue.run(async (tx) => {
      await tx.users.setSeen('anna', 5);
      inside.resolve();
      await go.promise;
    });
    await inside.promise;
    expect((await reads.users.find('anna'))?.lastSeenAt).toBeNull();
    expect(await queue.run(async (tx) => (await tx.users.find('anna'))?.lastSeenAt)).toBeNull();
    go.resolve();
    await slow;
    expect((await reads.users.find('anna'))?.lastSeenAt).toBe(5);
  });
});
