/** Files that are swept and used at the same time, by writes that run at the same time. */
import type { Kysely } from 'kysely';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { migratePostgres } from '../../../relay/migrations/postgres/index.ts';
import type { Reads, WriteQueue } from '../../../relay/repositories/ports.ts';
import type { Schema } from '../../../relay/repositories/schema.ts';
import { postgresRepositoriesOn } from '../../../relay/storage/postgres.ts';
import { connectToServer } from '../../helpers/postgres/schemas.ts';
import { missingServer, stopServer } from '../../helpers/postgres/server.ts';

afterAll(stopServer);

describe.skipIf(missingServer() !== null)('on a server', () => {
  let db: Kysely<Schema>;
  let reads: Reads;
  let queue: WriteQueue;
  beforeEach(async () => {
    db = await connectToServer();
    await migratePostgres(db);
    const hooks = { onEffectError: (error: unknown) => expect.unreachable(String(error)), onCommit: () => undefined };
    ({ reads, queue } = postgresRepositoriesOn(db, { keep: 9, keepMs: 9 }, hooks));
    await queue.run(async (tx) => {
      const names = { username: 'anna', firstName: 'A', lastName: 'B' };
      await tx.users.insert({ id: 'anna', ...names, age: 1, bio: '', passwordHash: '', role: 'user', createdAt: 1 });
      const empty = {
        width: null,
        height: null,
        duration: null,
        thumbhash: null,
        peaks: null,
        tags: null,
        variants: [],
      };
      const file = { name: 'a.png', mimeType: 'image/png', size: 1, sha256: 'ab', createdAt: 1, ...empty };
      await tx.files.insert({ id: 'f1', ownerId: 'anna', ...file });
    });
  });
  afterEach(() => db.destroy());

  test('one that somebody is just taking into use is passed over', async () => {
    const [taken, end] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const use = queue.run(async (tx) => {
      await tx.files.setAvatar('anna', 'f1');
      taken.resolve();
      await end.promise;
    });
    await taken.promise;
    expect(await queue.run((tx) => tx.files.removeUnused(['f1']))).toEqual([]);
    end.resolve();
    await use;
    expect(await queue.run((tx) => tx.files.removeUnused(['f1']))).toEqual([]);
    expect(await reads.files.find('f1')).not.toBeNull();
  });

  test('one that is removed while somebody takes it into use is not there when they look again', async () => {
    const [removed, looked, end] = [
      Promise.withResolvers<void>(),
      Promise.withResolvers<void>(),
      Promise.withResolvers<void>(),
    ];
    const sweep = queue.run(async (tx) => {
      expect(await tx.files.removeUnused(['f1'])).toEqual(['f1']);
      removed.resolve();
      await end.promise;
    });
    await removed.promise;
    const found: boolean[] = [];
    const use = queue.run(async (tx) => {
      const file = await tx.files.find('f1');
      found.push(file !== null);
      looked.resolve();
      if (file) await tx.files.setAvatar('anna', file.id);
    });
    await looked.promise;
    end.resolve();
    await Promise.all([sweep, use]);
    expect(found).toEqual([true, false]);
    expect(await reads.files.find('f1')).toBeNull();
  });
});
