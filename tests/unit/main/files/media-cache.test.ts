import { randomBytes } from 'node:crypto';
import { readdir, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BLOCK_BYTES, type CachedFile, type FetchRange } from '../../../../electron/main/services/files/cached-file.ts';
import { cacheName } from '../../../../electron/main/lib/cache-name.ts';
import { MediaCache } from '../../../../electron/main/services/files/media-cache.ts';
import { ManualClock, ownFolder, recordingLogger } from '../../../helpers/main-parts.ts';

const SIZE = 10 * BLOCK_BYTES + 100;
const bytes = randomBytes(SIZE);
const TAG = 'a'.repeat(16);

let own: Awaited<ReturnType<typeof ownFolder>>;
let clock: ManualClock;
let asked: { start: number; end?: number }[];
let given: number;

/** The server: sends in odd pieces; `answersWhole` ignores the range. */
function server(from: Buffer = bytes, answersWhole = false): FetchRange {
  return async (range) => {
    asked.push(range);
    const start = answersWhole ? 0 : range.start;
    const part = from.subarray(start, answersWhole || range.end === undefined ? undefined : range.end + 1);
    async function* body(): AsyncGenerator<Uint8Array> {
      for (let at = 0; at < part.length; at += 10_007) {
        given += Math.min(10_007, part.length - at);
        yield part.subarray(at, at + 10_007);
      }
    }
    const status = answersWhole ? 200 : 206;
    return {
      status,
      start,
      length: part.length,
      size: from.length,
      type: null,
      etag: null,
      body: body(),
      cancel: () => undefined,
    };
  };
}

const made: MediaCache[] = [];
function cacheOf(limit = 1024 ** 3): MediaCache {
  const cache = new MediaCache({ folder: join(own.folder, 'media'), limit, clock, logger: recordingLogger() });
  made.push(cache);
  return cache;
}

const facts = (size = SIZE) => ({ size, type: 'video/mp4', etag: null });

async function read(file: CachedFile, start: number, end: number, fetch = server()): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of file.read({ start, end }, fetch)) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** What lies in the folder, in bytes and by its names. */
async function onDisk(): Promise<{ names: string[]; bytes: number }> {
  const folder = join(own.folder, 'media', TAG);
  const names = await readdir(folder).catch(() => []);
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size));
  return { names, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}

async function filled(cache: MediaCache, key: string, from = bytes): Promise<CachedFile> {
  const file = await cache.begin(TAG, key, facts(from.length));
  await read(file, 0, from.length - 1, server(from));
  return file;
}

beforeEach(async () => {
  own = await ownFolder();
  clock = new ManualClock();
  asked = [];
  given = 0;
});
afterEach(async () => {
  for (const cache of made.splice(0)) await cache.close();
  await own.remove();
});

describe('a cached file', () => {
  it('comes from the server once, whatever parts are read in whatever order', async () => {
    const cache = cacheOf();
    const file = await cache.begin(TAG, 'film', facts());
    const middle = 5 * BLOCK_BYTES + 1234;
    expect((await read(file, middle, middle + 100)).equals(bytes.subarray(middle, middle + 101))).toBe(true);
    expect(asked).toEqual([{ start: 5 * BLOCK_BYTES, end: 6 * BLOCK_BYTES - 1 }]);
    expect((await read(file, 0, SIZE - 1)).equals(bytes)).toBe(true);
    expect(asked.slice(1)).toEqual([{ start: 0, end: 5 * BLOCK_BYTES - 1 }, { start: 6 * BLOCK_BYTES }]);
    expect(cache.bytes).toBe(SIZE);
    expect(given).toBe(SIZE);
    expect((await read(file, 0, SIZE - 1)).equals(bytes)).toBe(true);
    for (const [start, end] of [
      [0, 0],
      [SIZE - 1, SIZE - 1],
      [BLOCK_BYTES - 1, BLOCK_BYTES],
      [3 * BLOCK_BYTES, 7 * BLOCK_BYTES + 5],
    ] as const)
      expect((await read(file, start, end)).equals(bytes.subarray(start, end + 1))).toBe(true);
    expect(asked).toHaveLength(3);
  });

  it('keeps what had come when its reader leaves', async () => {
    const cache = cacheOf();
    const file = await cache.begin(TAG, 'film', facts());
    let got = 0;
    for await (const piece of file.read({ start: 0, end: SIZE - 1 }, server())) {
      got += piece.length;
      if (got > 4 * BLOCK_BYTES) break;
    }
    expect(cache.bytes).toBe(4 * BLOCK_BYTES);
    await read(file, 0, SIZE - 1);
    expect(asked[1]).toEqual({ start: 4 * BLOCK_BYTES });
  });

  it('is whole also where the server sends all of it instead of a part', async () => {
    const file = await cacheOf().begin(TAG, 'film', facts());
    const at = 3 * BLOCK_BYTES + 7;
    expect((await read(file, at, at + 9, server(bytes, true))).equals(bytes.subarray(at, at + 10))).toBe(true);
    expect((await read(file, 0, SIZE - 1, server(bytes, true))).equals(bytes)).toBe(true);
  });

  it('is read by several at once and stored once', async () => {
    const cache = cacheOf();
    const file = await cache.begin(TAG, 'film', facts());
    const all = await Promise.all([read(file, 0, SIZE - 1), read(file, 0, SIZE - 1), read(file, 100, SIZE - 5)]);
    expect(all.map((one) => one.length)).toEqual([SIZE, SIZE, SIZE - 104]);
    expect(all[0]?.equals(bytes)).toBe(true);
    expect(cache.bytes).toBe(SIZE);
    expect((await onDisk()).bytes).toBe(SIZE);
  });

  it('ends in an error where the server ends too early', async () => {
    const file = await cacheOf().begin(TAG, 'film', facts());
    await expect(read(file, 0, SIZE - 1, server(bytes.subarray(0, 100_000)))).rejects.toThrow('shorter');
  });
});

describe('the cache', () => {
  it('has names that say nothing, and outlives a run with what is complete', async () => {
    const first = cacheOf();
    await filled(first, 'film');
    const part = await first.begin(TAG, 'part', facts());
    await read(part, 0, BLOCK_BYTES - 1);
    await first.close();
    const { names } = await onDisk();
    expect(names).toHaveLength(2);
    for (const name of names) expect(name).toMatch(/^[0-9a-f]{40}(\.part)?$/);
    await writeFile(join(own.folder, 'media', TAG, 'stray'), 'x');

    const second = cacheOf();
    const again = await second.find(TAG, 'film');
    expect(second.bytes).toBe(SIZE);
    expect(again?.isComplete).toBe(true);
    asked = [];
    if (again) expect((await read(again, 0, SIZE - 1)).equals(bytes)).toBe(true);
    expect(asked).toEqual([]);
    expect(await second.find(TAG, 'part')).toBeNull();
    expect((await onDisk()).names).toHaveLength(1);
    // Another account has nothing to do with it.
    expect(await second.find('b'.repeat(16), 'film')).toBeNull();
  });

  it('never takes more than its limit: what was used longest ago goes first', async () => {
    const limit = 4 * SIZE;
    const cache = cacheOf(limit);
    for (const key of ['a', 'b', 'c']) await filled(cache, key);
    await cache.find(TAG, 'a');
    for (const key of ['d', 'e', 'f']) {
      await filled(cache, key);
      expect(cache.bytes).toBeLessThanOrEqual(limit);
      expect((await onDisk()).bytes).toBe(cache.bytes);
    }
    const kept = await Promise.all(
      ['a', 'b', 'c', 'd', 'e', 'f'].map(async (key) => (await cache.find(TAG, key)) !== null),
    );
    expect(kept).toEqual([true, false, false, true, true, true]);
  });

  it('keeps what is being read, and reads on without it when there is no room', async () => {
    const cache = cacheOf(2 * SIZE);
    const film = await cache.begin(TAG, 'film', facts());
    const reader = film.read({ start: 0, end: SIZE - 1 }, server());
    const first = await reader.next();
    await filled(cache, 'b');
    await filled(cache, 'c');
    const rest: Uint8Array[] = first.done === true ? [] : [first.value];
    for await (const piece of { [Symbol.asyncIterator]: () => reader }) rest.push(piece);
    expect(Buffer.concat(rest).equals(bytes)).toBe(true);
    expect(cache.bytes).toBeLessThanOrEqual(2 * SIZE);

    const small = cacheOf(BLOCK_BYTES);
    const file = await small.begin(TAG, 'large', facts());
    expect((await read(file, 0, SIZE - 1)).equals(bytes)).toBe(true);
    expect(small.bytes).toBeLessThanOrEqual(BLOCK_BYTES);
  });

  it('takes no room for what the limit of a later run does not allow', async () => {
    await filled(cacheOf(), 'a');
    await filled(cacheOf(), 'b');
    await made[0]?.close();
    await made[1]?.close();
    const cache = cacheOf(SIZE + 10);
    await cache.find(TAG, 'b');
    expect(cache.bytes).toBeLessThanOrEqual(SIZE + 10);
    await expect.poll(async () => (await onDisk()).bytes).toBe(cache.bytes);
  });

  it('forgets a file that changed, one account, or everything', async () => {
    const cache = cacheOf();
    await filled(cache, 'a');
    await filled(cache, 'b');
    const other = await cache.begin(TAG, 'a', { size: 5, type: 'x', etag: '"2"' });
    expect((await read(other, 0, 4, server(Buffer.from('other')))).toString()).toBe('other');
    expect(cache.bytes).toBe(SIZE + 5);
    await cache.drop(TAG, 'b');
    expect(cache.bytes).toBe(5);
    await cache.clear('b'.repeat(16));
    expect(cache.bytes).toBe(5);
    await cache.clear(TAG);
    expect(cache.bytes).toBe(0);
    await filled(cache, 'c');
    await cache.clear();
    expect([cache.bytes, (await onDisk()).names]).toEqual([0, []]);
    // And works on.
    await filled(cache, 'd');
    expect(cache.bytes).toBe(SIZE);
  });

  it('fetches again what somebody has cut on the disk', async () => {
    const cache = cacheOf();
    const file = await filled(cache, 'a');
    await truncate(file.path, 100);
    await expect(read(file, 0, SIZE - 1)).rejects.toThrow('shorter');
    expect(await cache.find(TAG, 'a')).toBeNull();
    const again = await cache.begin(TAG, 'a', facts());
    expect((await read(again, 0, SIZE - 1)).equals(bytes)).toBe(true);
  });

  it('goes on without the disk when it cannot be written', async () => {
    await writeFile(join(own.folder, 'media'), 'a file where the folder should be');
    const cache = cacheOf();
    expect((await filled(cache, 'a')).isComplete).toBe(false);
    const file = await cache.begin(TAG, 'a', facts());
    expect((await read(file, 7, SIZE - 1)).equals(bytes.subarray(7))).toBe(true);
    expect(cache.bytes).toBe(0);
  });
});

describe('who watches the cache', () => {
  it('hears of whole files alone, by their names, when they come and when they go', async () => {
    const cache = cacheOf();
    const heard: unknown[] = [];
    cache.onChanged((...change) => heard.push(change));
    const half = await cache.begin(TAG, 'half', facts());
    await read(half, 0, BLOCK_BYTES - 1);
    await filled(cache, 'whole');
    const name = cacheName(TAG, 'whole');
    expect(heard).toEqual([[TAG, name, true]]);
    expect([await cache.names(TAG), await cache.names('b'.repeat(16))]).toEqual([[name], []]);
    await cache.drop(TAG, 'half');
    await cache.drop(TAG, 'whole');
    expect(heard.slice(1)).toEqual([[TAG, name, false]]);
    expect(await cache.names(TAG)).toEqual([]);
  });

  it('reads what an earlier run has left', async () => {
    await filled(cacheOf(), 'whole');
    const next = cacheOf();
    expect(await next.usage()).toEqual({ used: SIZE, limit: 1024 ** 3 });
    expect(await next.names(TAG)).toEqual([cacheName(TAG, 'whole')]);
  });

  it('sees the oldest go when less is kept', async () => {
    const cache = cacheOf();
    await filled(cache, 'old');
    await filled(cache, 'new');
    await cache.setLimit(1.5 * SIZE);
    expect(await cache.usage()).toEqual({ used: SIZE, limit: 1.5 * SIZE });
    expect(await cache.names(TAG)).toEqual([cacheName(TAG, 'new')]);
    await filled(cache, 'third');
    expect((await cache.usage()).used).toBe(SIZE);
  });
});
