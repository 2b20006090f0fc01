import { copyFileSync, cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { migrate } from '../../../relay/migrations/sqlite/index.ts';
import type { NewUser } from '../../../relay/repositories/ports.ts';
import { openDatabase } from '../../../relay/repositories/sqlite/connection.ts';
import { isSameHistory, openEpoch } from '../../../relay/storage/epoch.ts';
import { repositoriesOn } from '../../../relay/storage/sqlite.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'relay-epoch-'))));
afterEach(() => rmSync(folder, { recursive: true }));

let people = 0;
/** Somebody new: something to write. */
function person(): NewUser {
  const id = `p${(people += 1)}`;
  const names = { username: id, firstName: 'A', lastName: 'B' };
  return { id, ...names, age: 1, bio: '', passwordHash: '', role: 'user', createdAt: 1 };
}

/** One life of a node: opens, writes, closes or is killed; answers its epoch. */
async function live(dir: string, writes: number, end: 'closed' | 'killed' = 'closed'): Promise<string> {
  const database = openDatabase(join(dir, 'relay.db'));
  await migrate(database);
  let tell: (commits: number) => void = () => undefined;
  const hooks = { onEffectError: () => undefined, onCommit: (commits: number) => tell(commits) };
  const storage = repositoriesOn(database, join(dir, 'relay.db'), { keep: 9, keepMs: 9 }, hooks);
  const { queue } = storage;
  const keeper = openEpoch(database, dir, queue.commits, (error) => {
    throw error;
  });
  if (end === 'closed') tell = keeper.committed;
  for (let index = 0; index < writes; index += 1) await queue.run((tx) => tx.users.insert(person()));
  await queue.drain();
  keeper.close();
  storage.close();
  return keeper.epoch;
}

test('a restart keeps the epoch, also after a kill that left the mark behind', async () => {
  const first = await live(folder, 3);
  expect(await live(folder, 2)).toBe(first);
  expect(await live(folder, 5, 'killed')).toBe(first);
  expect(await live(folder, 0)).toBe(first);
  expect(await live(folder, 0)).toBe(first);
});

test('an older database put back is a new epoch, and only once', async () => {
  const first = await live(folder, 3);
  copyFileSync(join(folder, 'relay.db'), join(folder, 'backup.db'));
  await live(folder, 1);
  copyFileSync(join(folder, 'backup.db'), join(folder, 'relay.db'));
  const second = await live(folder, 0);
  expect(second).not.toBe(first);
  expect(await live(folder, 2)).toBe(second);
});

test('a whole folder put back as a copy is a new epoch', async () => {
  const first = await live(folder, 3);
  const copy = `${folder}-copy`;
  cpSync(folder, copy, { recursive: true });
  const second = await live(copy, 0);
  rmSync(copy, { recursive: true });
  expect(second).not.toBe(first);
});

test('a missing, torn or foreign mark is a new epoch', async () => {
  const epochs = new Set([await live(folder, 3)]);
  const mark = join(folder, 'epoch.json');
  rmSync(mark);
  epochs.add(await live(folder, 0));
  writeFileSync(mark, readFileSync(mark).subarray(0, 10));
  epochs.add(await live(folder, 0));
  writeFileSync(mark, '{"epoch":7}');
  epochs.add(await live(folder, 0));
  expect(epochs.size).toBe(4);
  if (process.platform !== 'win32') expect(statSync(mark).mode & 0o777).toBe(0o600);
});

describe('isSameHistory', () => {
  const mark = { epoch: 'e1', commits: 10, inode: '5' };
  test.each([
    ['the same', { epoch: 'e1', commits: 10 }, mark, '5', true],
    ['the database is ahead of the mark', { epoch: 'e1', commits: 99 }, mark, '5', true],
    ['the database is behind', { epoch: 'e1', commits: 9 }, mark, '5', false],
    ['another name', { epoch: 'e2', commits: 10 }, mark, '5', false],
    ['a database without a name', { epoch: null, commits: 10 }, mark, '5', false],
    ['no mark', { epoch: 'e1', commits: 10 }, null, '5', false],
    ['a copied mark', { epoch: 'e1', commits: 10 }, mark, '6', false],
  ])('%s', (_what, stored, known, inode, same) => expect(isSameHistory(stored, known, inode)).toBe(same));
});
