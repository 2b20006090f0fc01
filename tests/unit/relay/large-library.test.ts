/** A library of twenty thousand tracks: it is listed in slices, so that nobody else waits for it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fold } from '../../../contract/model/search-text.ts';
import { routeOf } from '../../../contract/routes.ts';
import { listChunks } from '../../../relay/http/list-answer.ts';
import { TRACK_SORTS } from '../../../contract/api/track.ts';
import { createMusic, type MusicQuery } from '../../../relay/services/music.ts';
import { createTurns } from '../../../relay/turns.ts';
import { ADAPTERS } from './databases.ts';
import { createFileWorld, type FileWorld } from './file-world.ts';

const COUNT = 20_000;
/** The part of the work on the whole list that may be done in one go: a share, since machines differ. */
const LONGEST_BLOCK = 1 / 5;

const [sqlite] = ADAPTERS;
const answer = routeOf('music').answer;

/** Milliseconds for which this thread has computed: what other programs take from it does not count. */
const computed = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
};

/** The longest time for which a timer of a millisecond waits while something runs, as far as this thread computes in it. */
async function blockedBy(work: () => Promise<unknown>): Promise<{ block: number; took: number }> {
  let block = 0;
  let last = computed();
  const start = last;
  const look = (): void => {
    const now = computed();
    block = Math.max(block, now - last);
    last = now;
  };
  const timer = setInterval(look, 1);
  await work();
  look();
  clearInterval(timer);
  return { block, took: computed() - start };
}

async function fill({ queue }: FileWorld): Promise<void> {
  for (let from = 0; from < COUNT; from += 500) {
    await queue.run(async (tx) => {
      for (let n = from; n < from + 500; n += 1) {
        const fileId = `file${String(n).padStart(6, '0')}`;
        const [title, artist, album] = [`Title ${(n * 7919) % COUNT}`, `Artist ${n % 200}`, `Album ${n % 2000}`];
        const named = {
          id: fileId,
          ownerId: 'anna',
          name: 'a',
          mimeType: 'audio/mpeg',
          size: 1,
          sha256: '',
          createdAt: n,
        };
        const unknown = {
          width: null,
          height: null,
          thumbhash: null,
          peaks: null,
          tags: null,
          duration: 1,
          variants: [],
        };
        await tx.files.insert({ ...named, ...unknown });
        const words = { title, artist, album, genre: 'Rock', year: 1999, trackNumber: n % 10 };
        const keys = { title: fold(title), artist: fold(artist), album: fold(album) };
        const search = `${keys.title} ${keys.artist} ${keys.album} rock`;
        await tx.tracks.insert(
          { fileId, uploadedBy: 'anna', duration: 1, createdAt: n, ...words },
          { ...keys, search },
        );
      }
    });
  }
}

describe('on SQLite, which runs in the loop itself', () => {
  let world: FileWorld;
  beforeAll(async () => {
    if (!sqlite) throw new Error('no database');
    world = await createFileWorld(sqlite);
    await fill(world);
  }, 60_000);
  afterAll(() => world.end());

  async function sent(query: MusicQuery): Promise<{ tracks: unknown[]; total: number }> {
    const { reads, queue, now } = world;
    const music = createMusic({ reads, queue, hasCovers: true, now });
    const { items, total } = music.library(query);
    if (!answer) throw new Error('no answer');
    const list = { list: 'tracks', items, rest: async () => ({ total: await total() }) };
    let text = '';
    for await (const chunk of listChunks(answer, list, createTurns())) text += chunk;
    return JSON.parse(text) as { tracks: unknown[]; total: number };
  }

  test.each([{}, ...TRACK_SORTS.map((sort) => ({ sort })), { q: 'title artist' }])('all of it: %j', async (query) => {
    let got: Awaited<ReturnType<typeof sent>> | null = null;
    const { block, took } = await blockedBy(async () => (got = await sent(query)));
    console.info(`${JSON.stringify(query)}: ${took.toFixed(0)} ms, longest block ${block.toFixed(1)} ms`);
    expect(got).toMatchObject({ total: COUNT });
    expect(got).toHaveProperty('tracks.length', COUNT);
    expect(block).toBeLessThan(took * LONGEST_BLOCK);
  });

  test.each(TRACK_SORTS)('a page by %s, far back', async (sort) => {
    const whole = await blockedBy(() => sent({ sort }));
    const { block, took } = await blockedBy(() => sent({ sort, limit: 500, offset: 19_000 }));
    console.info(`${sort}: ${took.toFixed(0)} ms, longest block ${block.toFixed(1)} ms`);
    expect(block).toBeLessThan(whole.took * LONGEST_BLOCK);
  });
});
