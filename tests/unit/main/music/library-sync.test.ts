/** The list of a server that changes while it is read, breaks off, or sends nonsense; the store is a real one. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Track } from '../../../../contract/api/track.ts';
import { fail } from '../../../../contract/model/errors.ts';
import { type LibraryConnection, syncLibrary } from '../../../../electron/main/services/music/library-sync.ts';
import { readWaveform } from '../../../../electron/main/services/music/waveform.ts';
import { WRITER_OPERATIONS as ops } from '../../../../electron/main/services/store/operations.ts';
import { ManualClock, NO_TRANSFERS, recordingLogger } from '../../../helpers/main-parts.ts';
import { ME, openStore, type OpenStore } from '../store/open-store.ts';
import { trackOf } from './track-world.ts';

let store: OpenStore;
let list: Track[];
let asked: object[];
/** Runs before the nth answer. */
let before: Map<number, () => void>;

beforeEach(() => {
  store = openStore();
  list = [];
  asked = [];
  before = new Map();
});
afterEach(() => store.close());

const many = (count: number): Track[] =>
  Array.from({ length: count }, (_, n) => trackOf(`f${String(n).padStart(5, '0')}`, { uploadedBy: ME }));

/** A server with that list, or one that fails. */
function server(hasMusic: boolean, more: { dropped?: number; fails?: () => boolean } = {}): LibraryConnection {
  const call = async (route: string, input: { query?: { limit?: number; offset?: number } }) => {
    asked.push(input.query ?? {});
    before.get(asked.length)?.();
    if (more.fails?.()) return { ...fail('server_unreachable', 'gone'), effect: 'unknown' as const };
    if (route === 'user') return { ...fail('not_found', 'nobody'), effect: 'unknown' as const };
    const { limit = list.length, offset = 0 } = input.query ?? {};
    const tracks = list.slice(offset, offset + limit);
    const value = hasMusic ? { tracks, total: list.length } : { tracks };
    return { ok: true as const, value, status: 200, ...(more.dropped ? { dropped: more.dropped } : {}) };
  };
  return { api: { ...NO_TRANSFERS, call: call as unknown as LibraryConnection['api']['call'] }, has: () => hasMusic };
}

function sync(connection: LibraryConnection, quick = false) {
  const { context } = store;
  return syncLibrary(
    {
      store: {
        takeTracks: async (input) => ops.takeTracks(context, input),
        keepTracks: async (input) => ops.keepTracks(context, input),
        libraryTotal: async () => ops.libraryTotal(context, {}),
        unknownSharers: async () => [],
        takePeople: async (input) => ops.takePeople(context, input),
      },
      clock: new ManualClock(),
      logger: recordingLogger(),
      signal: new AbortController().signal,
      strangers: new Set(),
    },
    connection,
    quick,
  );
}

const stored = (): number => ops.libraryTotal(store.context, {});

describe('a list in pages', () => {
  it('is read to its end and replaces what was there', async () => {
    list = many(1203);
    expect(await sync(server(true))).toEqual({ ok: true, value: { total: 1203, changed: true } });
    expect(asked.map((query) => ('offset' in query ? query.offset : null))).toEqual([0, 500, 1000]);
    list = list.slice(700);
    expect(await sync(server(true))).toEqual({ ok: true, value: { total: 503, changed: true } });
    expect(await sync(server(true))).toEqual({ ok: true, value: { total: 503, changed: false } });
    expect(stored()).toBe(503);
  });

  it('from which a track goes while it is read loses no other', async () => {
    list = many(1200);
    await sync(server(true));
    asked = [];
    // The first page has been read: what stands at 500 moves into it unseen.
    before.set(2, () => (list = list.slice(1)));
    expect(await sync(server(true))).toEqual({ ok: true, value: { total: 1199, changed: true } });
    expect(stored()).toBe(1199);
    expect(ops.track(store.context, { id: 'f00500', mayRemove: 'own' })).not.toBeNull();
  });

  it('that breaks off takes nothing away', async () => {
    list = many(1200);
    await sync(server(true));
    list = many(600);
    asked = [];
    const broken = server(true, { fails: () => asked.length === 2 });
    expect(await sync(broken)).toMatchObject({ error: { code: 'server_unreachable' } });
    expect(stored()).toBe(1200);
  });

  it('with rows that cannot be used goes on after them, and is not read again for them', async () => {
    list = many(700);
    const sound = server(true, { dropped: 3 });
    const call = async (...given: unknown[]) => {
      const answer = await (
        sound.api.call as unknown as (...all: unknown[]) => Promise<{ value: { tracks: Track[] } }>
      )(...given);
      // Three rows of each page are none.
      return { ...answer, value: { ...answer.value, tracks: answer.value.tracks.slice(3) } };
    };
    const broken = { ...sound, api: { ...sound.api, call: call as unknown as LibraryConnection['api']['call'] } };
    expect(await sync(broken)).toMatchObject({ value: { total: 694 } });
    expect(asked).toHaveLength(2);
  });

  it('is known by its newest page when nothing has changed, and only then', async () => {
    list = many(900);
    await sync(server(true));
    asked = [];
    expect(await sync(server(true), true)).toEqual({ ok: true, value: { total: 900, changed: false } });
    expect(asked).toHaveLength(1);
    list = [trackOf('new', { uploadedBy: ME }), ...list];
    expect(await sync(server(true), true)).toEqual({ ok: true, value: { total: 901, changed: true } });
    list = list.slice(0, 850);
    expect(await sync(server(true), true)).toEqual({ ok: true, value: { total: 850, changed: true } });
  });
});

describe('a list without the extension', () => {
  it('comes whole, and is asked for without a page', async () => {
    list = many(1201);
    expect(await sync(server(false))).toEqual({ ok: true, value: { total: 1201, changed: true } });
    expect(asked).toEqual([{}]);
  });
});

describe('a waveform', () => {
  it.each([
    ['[0,128,255]', [0, 128 / 255, 1]],
    ['[-1,300,"x"]', [0, 1, 0]],
    ['[]', null],
    ['{}', null],
    ['[', null],
  ])('of %s is %j', (json, expected) => {
    expect(readWaveform(json)).toEqual(expected);
  });

  it('of many numbers keeps the loudest of each part', () => {
    const levels = Array.from({ length: 512 }, (_, n) => (n === 301 ? 255 : 1));
    const read = readWaveform(JSON.stringify(levels)) ?? [];
    expect([read.length, read[150], read[149]]).toEqual([256, 1, 1 / 255]);
  });
});
