import { randomUUID } from 'node:crypto';
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PlayerMemory } from '../../../../contract/ipc/music-views.ts';
import { createLargeDocument } from '../../../../electron/main/services/player/large-document.ts';
import { ofAccounts, PlayerMemoryKeeper } from '../../../../electron/main/services/player/player-memory.ts';
import { fileDocument, ManualClock, ownFolder, recordingLogger } from '../../../helpers/main-parts.ts';

let own: Awaited<ReturnType<typeof ownFolder>>;
let clock: ManualClock;
let logger: ReturnType<typeof recordingLogger>;
beforeEach(async () => {
  own = await ownFolder();
  clock = new ManualClock();
  logger = recordingLogger();
});
afterEach(() => own.remove());

const path = (): string => join(own.folder, 'player.json');
/** The keeper of a run of the app. */
function keeper() {
  return new PlayerMemoryKeeper({
    queue: createLargeDocument(path(), logger),
    place: fileDocument(own.folder, 'player-place'),
    clock,
  });
}

function entry(key: string, accountId = 'account'): PlayerMemory['queue'][number] {
  return {
    key,
    item: {
      accountId,
      fileId: `file-${key}`,
      source: 'library',
      title: `Песня ${key}`,
      artist: null,
      album: null,
      albumKey: null,
      trackNumber: null,
      duration: 10,
      mimeType: 'audio/mpeg',
      url: '/media/f0',
      coverUrl: null,
      gain: null,
      from: null,
    },
  };
}

function memoryOf(keys: string[], more: Partial<PlayerMemory> = {}): PlayerMemory {
  return {
    queue: keys.map((key) => entry(key)),
    order: null,
    current: keys[0] ?? null,
    position: 0,
    repeat: 'off',
    volume: 1,
    muted: false,
    speed: 1,
    musicSpeed: 1,
    party: null,
    crossfade: 0,
    levelling: true,
    ...more,
  };
}

describe('the memory of the player', () => {
  it('is nothing at first', async () => {
    expect(await keeper().recall()).toBeNull();
    expect(logger.entries).toEqual([]);
  });

  it('is there again after a restart, with a queue as long as there may be', async () => {
    const keys = Array.from({ length: 20_000 }, (_, n) => `k${n}`);
    const memory = memoryOf(keys, {
      order: keys.toReversed(),
      current: 'k7',
      position: 12.5,
      repeat: 'all',
      volume: 0.3,
    });
    const first = keeper();
    first.keep(memory);
    await first.close();
    expect(await keeper().recall()).toEqual(memory);
    expect((await stat(path())).mode & 0o777).toBe(0o600);
  });

  it('writes many changes once, and the place alone without the queue', async () => {
    const one = keeper();
    one.keep(memoryOf(['a']));
    one.keep(memoryOf(['a', 'b']));
    clock.advance(499);
    expect(await readdir(own.folder)).toEqual([]);
    await one.close();
    const written = await stat(path(), { bigint: true });
    one.keepPlace({ current: 'b', position: 7 });
    one.keepPlace({ current: 'b', position: 9 });
    await one.close();
    const after = await stat(path(), { bigint: true });
    expect([after.ino, after.mtimeNs]).toEqual([written.ino, written.mtimeNs]);
    expect(await keeper().recall()).toMatchObject({ current: 'b', position: 9, queue: [{ key: 'a' }, { key: 'b' }] });
    expect(await readdir(own.folder)).toHaveLength(2);
  });

  it('is told to a page that starts over as it is now', async () => {
    const one = keeper();
    one.keep(memoryOf(['a', 'b']));
    one.keepPlace({ current: 'b', position: 3 });
    expect(await one.recall()).toMatchObject({ current: 'b', position: 3 });
    one.keepPlace({ current: 'gone', position: 4 });
    expect(await one.recall()).toMatchObject({ current: 'b', position: 3 });
  });

  it('loses on the disk too what belongs to an account that is forgotten', async () => {
    const one = keeper();
    one.keep({ ...memoryOf(['a']), queue: [entry('a'), entry('b', 'other')] });
    await one.close();
    const next = keeper();
    await next.forget('other');
    await next.close();
    expect(await readFile(path(), 'utf8')).not.toContain('other');
    expect(await keeper().recall()).toMatchObject({ queue: [{ key: 'a' }] });
    await next.forget('nobody');
    expect(clock.pending).toBe(0);
  });

  it('forgets a place in another queue', async () => {
    const one = keeper();
    one.keep(memoryOf(['a']));
    await one.close();
    await writeFile(join(own.folder, 'player-place.json'), JSON.stringify({ current: 'gone', position: 4 }));
    expect(await keeper().recall()).toMatchObject({ current: 'a', position: 0 });
    await writeFile(join(own.folder, 'player-place.json'), '{"position": -1}');
    expect(await keeper().recall()).toMatchObject({ current: 'a', position: 0 });
  });

  it.each([
    ['no JSON', '{"queue": ['],
    ['something else', '{"queue": "none"}'],
    ['a number out of range', JSON.stringify(memoryOf(['a'], { volume: 7 }))],
  ])('that is %s is none, and put aside', async (_what, text) => {
    await writeFile(path(), text);
    expect(await keeper().recall()).toBeNull();
    const names = await readdir(own.folder);
    expect(names).toHaveLength(1);
    expect(names[0]).toMatch(/^player\.json\..*\.broken$/);
    expect(await readFile(join(own.folder, names[0] ?? ''), 'utf8')).toBe(text);
  });

  it('that the disk refused is written with the next change', async () => {
    // A file stands where the folder should be.
    await writeFile(join(own.folder, 'folder'), '');
    const inside = join(own.folder, 'folder', 'player.json');
    const one = new PlayerMemoryKeeper({
      queue: createLargeDocument(inside, logger),
      place: fileDocument(own.folder, 'player-place'),
      clock,
    });
    one.keep(memoryOf(['a']));
    await one.close();
    expect(logger.of('document.not_written')).toHaveLength(1);
    await rm(join(own.folder, 'folder'));
    one.keepPlace({ current: 'a', position: 1 });
    await one.close();
    expect(JSON.parse(await readFile(inside, 'utf8'))).toMatchObject({ queue: [{ key: 'a' }] });
  });
});

describe('the text of a large document', () => {
  it.each([0, 1, 100, 101, 250])('of %i items is that of the whole', async (count) => {
    const list = Array.from({ length: count }, (_, n) => ({ n, id: randomUUID() }));
    const document = createLargeDocument(path(), logger);
    expect(await document.write({ a: 1 }, 'list', list)).toBe(true);
    expect(JSON.parse(await readFile(path(), 'utf8'))).toEqual({ a: 1, list });
    expect(await document.write({}, 'list', list)).toBe(true);
    expect(await document.read()).toEqual({ list });
  });
});

describe('entries of accounts that are closed', () => {
  const memory = { ...memoryOf(['a', 'c'], { current: 'a', position: 5, order: ['b', 'a'] }) };
  const mixed: PlayerMemory = { ...memory, queue: [entry('a'), entry('b', 'other')] };

  it('are left out, with what names them', () => {
    expect(ofAccounts(mixed, (id) => id === 'account')).toMatchObject({ order: ['a'], current: 'a', position: 5 });
    expect(ofAccounts(mixed, (id) => id === 'other')).toMatchObject({ order: ['b'], current: null, position: 0 });
    expect(ofAccounts(mixed, (id) => id === 'other').queue.map(({ key }) => key)).toEqual(['b']);
  });

  it('that are all open change nothing', () => {
    expect(ofAccounts(mixed, () => true)).toBe(mixed);
  });
});
