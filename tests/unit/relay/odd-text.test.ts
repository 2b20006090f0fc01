/** Text that PostgreSQL takes otherwise than SQLite, or not at all: what is looked for, and what orders compare. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LIMITS } from '../../../contract/model/limits.ts';
import { fold } from '../../../contract/model/search-text.ts';
import { createAdminLists } from '../../../relay/services/admin-lists.ts';
import type { WalkPlace } from '../../../relay/services/admin-walks.ts';
import { createMusic } from '../../../relay/services/music.ts';
import { createUserSearch } from '../../../relay/services/user-search.ts';
import { createTurns } from '../../../relay/turns.ts';
import { all } from './core-world.ts';
import { ADAPTERS } from './databases.ts';
import { createFileWorld } from './file-world.ts';

/** As many characters as a title may have: those that grow most when they are folded, each once. */
const GROWING = Array.from({ length: 0x1ff80 }, (_, n) => String.fromCodePoint(0x80 + n))
  .filter((character) => character.isWellFormed() && !/[\p{Cn}\p{Co}]/u.test(character))
  .map((character) => ({ character, size: Buffer.byteLength(fold(character)) }))
  .toSorted((a, b) => b.size - a.size)
  .slice(0, LIMITS.trackTitle.max);

/** Mixed, so that little is left to compress. */
function growing(seed: number): string {
  let state = seed;
  const next = (): number => (state = (state * 48_271) % 2_147_483_647);
  const mixed = GROWING.map(({ character }) => ({ character, at: next() })).toSorted((a, b) => a.at - b.at);
  return mixed.map(({ character }) => character).join('');
}

const NOTHING = { title: null, artist: null, album: null, genre: null, year: null, trackNumber: null };

describe.each(ADAPTERS)('on $name', (adapter) => {
  let world: Awaited<ReturnType<typeof createFileWorld>>;
  beforeEach(async () => (world = await createFileWorld(adapter)));
  afterEach(() => world.close());

  test.each(['\0', 'an\0na', 'anna\0'])('nobody and nothing is called %j', async (text) => {
    const { users, tracks } = world.reads;
    expect([await users.findByName(text), await users.isNameTaken(text)]).toEqual([null, false]);
    const search = createUserSearch(users, createTurns());
    for (const words of [[text], ['anna', text], [text, 'anna']]) expect(await search(words, '', 10)).toEqual([]);
    expect([
      await tracks.ids({ words: [text], sort: 'title', limit: 5, offset: 0 }),
      await tracks.count([text]),
    ]).toEqual([[], 0]);
  });

  test.each<[string, WalkPlace]>([
    ['name', { key: 5, tie: 'a' }],
    ['-name', { key: 5, tie: 'a' }],
    ['seen', { key: 'abc', tie: 'a' }],
    ['-seen', { key: '5', tie: 'a' }],
    ['newest', { key: 'abc', tie: 'a' }],
  ])('a place of another order is none in that by %s', async (sort, place) => {
    const lists = createAdminLists(world.reads, createUserSearch(world.reads.users, createTurns()));
    const walk = lists.users(sort as 'name');
    await expect(async () => walk.page(place, 5)).rejects.toMatchObject({ code: 'validation' });
  });

  test('names that grow when they are folded are stored, found and ordered', async () => {
    const { reads, queue, now } = world;
    const music = createMusic({ reads, queue, hasCovers: true, now });
    await queue.run(async (tx) => {
      await tx.files.insert({
        ...{ id: 'long', ownerId: 'anna', name: 'a', mimeType: 'audio/mpeg', size: 1, sha256: '', createdAt: 1 },
        ...{ width: null, height: null, thumbhash: null, peaks: null, tags: null, duration: 1, variants: [] },
      });
      const track = { ...NOTHING, fileId: 'long', title: 't', uploadedBy: 'anna', duration: 1, createdAt: 1 };
      await tx.tracks.insert(track, { title: 't', artist: null, album: null, search: 't' });
    });
    const names = { title: growing(7), artist: growing(11), album: growing(13) };
    expect(await music.update({ id: 'anna', isAdmin: false }, 'long', names)).toMatchObject(names);
    for (const sort of ['title', 'artist', 'album'] as const) {
      expect((await all(music.library({ q: names.album.slice(-20), sort }).items)).map(({ fileId }) => fileId)).toEqual(
        ['long'],
      );
    }
  });
});
