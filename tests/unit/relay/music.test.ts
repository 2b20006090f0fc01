/** The library behind HTTP: long lists in batches, and what tracks without tags are called. */
import { expect, test } from 'vitest';
import { createTracks } from '../../../relay/repositories/sqlite/tracks-table.ts';
import { createMusic, titleOf } from '../../../relay/services/music.ts';
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

test('hundreds of tracks come in batches: each once, in order, whatever the page', async () => {
  const world = await createFileWorld();
  try {
    const { files, queue, now } = world;
    const tracks = createTracks(world.database);
    const music = createMusic({ tracks, files, queue, hasCovers: true, now });
    const count = 450;
    await queue.run(() => {
      for (let n = 0; n < count; n += 1) {
        const fileId = `file${String(n).padStart(4, '0')}`;
        const nothing = { width: null, height: null, thumbhash: null, peaks: null, tags: null, duration: 1 };
        files.insert({
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
        tracks.insert({ fileId, uploadedBy: 'anna', duration: 1, createdAt: n, ...names }, keys);
      }
    });
    const ids = (query: Parameters<typeof music.library>[0]) =>
      [...music.library(query).items].map(({ fileId }) => fileId);
    const all = ids({ sort: 'title' });
    expect([all.length, new Set(all).size, music.library({}).total()]).toEqual([count, count, count]);
    expect(ids({}).slice(0, 2)).toEqual(['file0449', 'file0448']);
    expect(ids({ sort: 'title', limit: 250, offset: 150 })).toEqual(all.slice(150, 400));
    expect(ids({ sort: 'title', offset: 449 })).toEqual(all.slice(449));
    expect(ids({ offset: 450 })).toEqual([]);
    expect(ids({ q: 't3', limit: 500 })).toHaveLength(64);
    expect(music.library({ q: 't3' }).total()).toBe(64);
  } finally {
    await world.end();
  }
});
