/** The library behind HTTP: long lists in batches, and what tracks without tags are called. */
import { describe, expect, test } from 'vitest';
import { createMusic, titleOf } from '../../../relay/services/music.ts';
import { all } from './core-world.ts';
import { ADAPTERS } from './databases.ts';
import { createFileWorld } from './file-world.ts';

test.each([
  ['My_Song 01.mp3', 'My Song 01'],
  ['без имени.flac', 'без имени'],
  ['.hidden', '.hidden'],
  ['v1.2 final.long-extension', 'v1.2 final.long-extension'],
  ['___.mp3', '___.mp3'],
  [`${'x'.repeat(400)}.mp3`, 'x'.repeat(300)],
])('a track of %s is called %s', (name, title) => {
  expect(titleOf(name)).toBe(title);
});

describe.each(ADAPTERS)('on $name', (adapter) => {
  test('hundreds of tracks come in batches: each once, in order, whatever the page', async () => {
    const world = await createFileWorld(adapter);
    try {
      const { reads, queue, now } = world;
      const music = createMusic({ reads, queue, hasCovers: true, now });
      const count = 450;
      await queue.run(async (tx) => {
        for (let n = 0; n < count; n += 1) {
          const fileId = `file${String(n).padStart(4, '0')}`;
          const nothing = { width: null, height: null, thumbhash: null, peaks: null, tags: null, duration: 1 };
          await tx.files.insert({
            id: fileId,
            ownerId: 'anna',
            name: 'a',
            mimeType: 'audio/mpeg',
            size: 1,
            sha256: '',
            createdAt: n,
            variants: [],
            ...nothing,
          });
          const names = {
            title: `t${String(n % 7)}`,
            artist: null,
            album: null,
            genre: null,
            year: null,
            trackNumber: null,
          };
          const keys = { title: names.title, artist: null, album: null, search: names.title };
          await tx.tracks.insert({ fileId, uploadedBy: 'anna', duration: 1, createdAt: n, ...names }, keys);
        }
      });
      const ids = async (query: Parameters<typeof music.library>[0]) =>
        (await all(music.library(query).items)).map(({ fileId }) => fileId);
      const whole = await ids({ sort: 'title' });
      expect([whole.length, new Set(whole).size, await music.library({}).total()]).toEqual([count, count, count]);
      expect((await ids({})).slice(0, 2)).toEqual(['file0449', 'file0448']);
      expect(await ids({ sort: 'title', limit: 250, offset: 150 })).toEqual(whole.slice(150, 400));
      expect(await ids({ sort: 'title', offset: 449 })).toEqual(whole.slice(449));
      expect(await ids({ offset: 450 })).toEqual([]);
      expect(await ids({ q: 't3', limit: 500 })).toHaveLength(64);
      expect(await music.library({ q: 't3' }).total()).toBe(64);
    } finally {
      await world.end();
    }
  });
});
