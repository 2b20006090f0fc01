/** What is swept, and above all what is not. */
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ADAPTERS } from './databases.ts';
import { chunks, createFileWorld, type FileWorld } from './file-world.ts';

const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;

describe.each(ADAPTERS)('on $name', (adapter) => {
  let world: FileWorld;
  beforeEach(async () => {
    world = await createFileWorld(adapter, { unusedFileMs: 30 * DAY });
  });
  afterEach(() => world.end());

  /** A file on disk that nobody recorded, changed last so long ago. */
  function leftover(folder: string, name: string, age: number): void {
    mkdirSync(join(world.folder, 'files', folder), { recursive: true });
    const path = join(world.folder, 'files', folder, name);
    writeFileSync(path, 'left');
    const at = new Date(world.now() - age);
    utimesSync(path, at, at);
  }

  /** Gives everything on disk the time of the world. */
  function touch(folder: string, name: string): void {
    const at = new Date(world.now());
    utimesSync(join(world.folder, 'files', folder, name), at, at);
  }

  test('drafts of before the start, and files without a record of more than an hour ago, with their other forms', async () => {
    leftover('incoming', 'olddraft', 1);
    leftover('incoming', 'olddraft.thumb', 1);
    leftover('ab', 'orphanab', HOUR + 1);
    leftover('ab', 'orphanab.preview', HOUR + 1);
    leftover('ab', 'youngerab', HOUR - 1);
    leftover('cd', 'mixedcd', 2 * HOUR);
    leftover('cd', 'mixedcd.thumb', 0);
    await world.sweep.run();
    expect(world.onDisk()).toEqual(['mixedcd', 'mixedcd.thumb', 'youngerab']);
    expect([world.swept, world.errors]).toEqual([[{ uploads: 0, drafts: 1, files: 1, unused: 0 }], []]);
  });

  test('a draft of a running upload is left alone for an hour, and one of an upload in parts until that expires', async () => {
    const { id } = await world.uploads.create('anna', { name: 'a', size: 10, peaks: null });
    await world.uploads.append('anna', id, { offset: 0, length: null, bytes: chunks('hello') });
    const fileId = (await world.sessions.find(id))?.fileId ?? '';
    touch('incoming', fileId);
    leftover('incoming', 'running', 0);
    await world.sweep.run();
    expect(world.onDisk()).toEqual([fileId, 'running'].toSorted());
    world.pass(2 * HOUR);
    await world.sweep.run();
    expect(world.onDisk()).toEqual([fileId]);
    world.pass(DAY);
    await world.sweep.run();
    expect(world.onDisk()).toEqual([]);
    expect(await world.sessions.find(id)).toBeNull();
    expect(world.swept).toEqual([
      { uploads: 0, drafts: 1, files: 0, unused: 0 },
      { uploads: 1, drafts: 0, files: 0, unused: 0 },
    ]);
  });

  test('the file of an upload in parts that expired stays', async () => {
    const { id } = await world.uploads.create('anna', { name: 'a', size: 5, peaks: null });
    const { file } = await world.uploads.append('anna', id, { offset: 0, length: null, bytes: chunks('hello') });
    world.pass(2 * DAY);
    await world.sweep.run();
    expect([world.onDisk(), (await world.files.find(file?.id ?? ''))?.size]).toEqual([[file?.id], 5]);
  });

  test('files that were never used, after a month; those that are attached or shown never', async () => {
    const [unused, attached, shown] = [
      await world.put('anna', 'unused'),
      await world.put('anna', 'attached'),
      await world.put('anna', 'shown', 'a.png'),
    ];
    await world.send(world.anna, '', { attachments: [attached] });
    await world.write((tx) => tx.files.setAvatar('anna', shown));
    world.pass(30 * DAY - 1);
    await world.sweep.run();
    expect(world.onDisk()).toHaveLength(3);
    world.pass(2);
    await world.sweep.run();
    expect(world.onDisk()).toEqual([attached, shown].toSorted());
    expect(await world.files.find(unused)).toBeNull();
  });

  test('many of them, in several writes', async () => {
    for (let n = 0; n < 120; n += 1) await world.put('anna', `file ${n}`);
    world.pass(31 * DAY);
    await world.sweep.run();
    expect([world.onDisk(), world.swept]).toEqual([[], [{ uploads: 0, drafts: 0, files: 0, unused: 120 }]]);
  });

  test('a failure is told and ends the sweep, not the next one', async () => {
    leftover('ab', 'orphanab', 2 * HOUR);
    await world.database.run('ALTER TABLE files RENAME TO gone');
    await world.sweep.run();
    expect([world.errors.length, world.onDisk()]).toEqual([1, ['orphanab']]);
    await world.database.run('ALTER TABLE gone RENAME TO files');
    await world.sweep.run();
    expect(world.onDisk()).toEqual([]);
  });

  test('closed, it does not begin again', async () => {
    await world.sweep.close();
    leftover('ab', 'orphanab', 2 * HOUR);
    await world.sweep.run();
    expect(world.onDisk()).toEqual(['orphanab']);
  });
});
