// @vitest-environment happy-dom
/** The library's store: lists by what was asked, main's events, what chats ask about files. */
import { flushPromises } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { TrackQuery, TrackView } from '#contract/ipc/music-views.ts';
import { ok } from '#contract/model/errors.ts';
import { useMusicStore } from '../../../../renderer/src/stores/account/music.ts';
import { ACCOUNT, installBridge } from '../bridge-double.ts';
import { trackView } from './track.ts';

const ALL: TrackQuery = { q: '', sort: 'added', descending: true, within: null };
let library: TrackView[] = [];
const asked: string[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  setActivePinia(createPinia());
  asked.length = 0;
  library = ['1', '2', '3'].map((id) => trackView(id));
  installBridge({
    music: {
      tracks: async ({ accountId, q, offset, limit }) => {
        asked.push(`tracks ${q}`);
        expect(accountId).toBe(ACCOUNT);
        const found = library.filter(({ title }) => title.includes(q));
        return ok({ tracks: found.slice(offset, offset + limit), total: found.length });
      },
      byIds: async ({ ids }) => {
        asked.push(`byIds ${ids.join()}`);
        return ok(ids.flatMap((id) => library.find((track) => track.id === id) ?? []));
      },
      edit: async ({ id, title }) => ok(trackView(id, { title: title ?? '', edited: true })),
    },
  });
});
afterEach(() => void vi.useRealTimers());

async function settle(): Promise<void> {
  await vi.advanceTimersByTimeAsync(1000);
}

describe('lists of tracks', () => {
  test('one list for one question, kept with its rows', async () => {
    const store = useMusicStore(ACCOUNT);
    const list = store.tracks(ALL);
    list.want(0, 3);
    await settle();
    expect(list.total.value).toBe(3);
    expect(store.tracks({ ...ALL })).toBe(list);
    expect(store.tracks({ ...ALL, q: '2' })).not.toBe(list);
  });

  test('the library changed: lists ask again, once for a burst', async () => {
    const store = useMusicStore(ACCOUNT);
    const list = store.tracks(ALL);
    list.want(0, 3);
    await settle();
    library = [trackView('new'), ...library];
    for (let count = 0; count < 20; count += 1) store.apply({ kind: 'music', ids: null, total: 4 });
    expect(store.total).toBe(4);
    await settle();
    expect(list.at(0)?.id).toBe('new');
    expect(asked.filter((call) => call.startsWith('tracks'))).toHaveLength(2);
  });

  test('some tracks changed: these rows alone are asked for', async () => {
    const store = useMusicStore(ACCOUNT);
    const list = store.tracks(ALL);
    list.want(0, 3);
    await settle();
    library = library.map((track) => (track.id === '2' ? { ...track, state: 'cached' } : track));
    store.apply({ kind: 'music', ids: ['2'], total: 3 });
    await settle();
    expect(list.at(1)?.state).toBe('cached');
    expect(asked).toEqual(['tracks ', 'byIds 2']);
  });

  test('a list sorted by plays may have another order then', async () => {
    const store = useMusicStore(ACCOUNT);
    const list = store.tracks({ ...ALL, sort: 'plays' });
    list.want(0, 3);
    await settle();
    store.apply({ kind: 'music', ids: ['2'], total: 3 });
    await settle();
    expect(asked).toEqual(['tracks ', 'byIds 2', 'tracks ']);
  });

  test('an edited track changes where it is shown', async () => {
    const store = useMusicStore(ACCOUNT);
    const list = store.tracks(ALL);
    list.want(0, 3);
    await settle();
    await store.edit({ id: '3', title: 'Better' });
    expect(list.at(2)?.title).toBe('Better');
  });

  test('tracks by thousands of ids come in their order', async () => {
    const store = useMusicStore(ACCOUNT);
    library = Array.from({ length: 1200 }, (_, index) => trackView(String(index)));
    const ids = library.map(({ id }) => id).reverse();
    const answer = await store.byIds(ids);
    expect(answer.ok && answer.value.map(({ id }) => id)).toEqual(ids);
    expect(asked).toHaveLength(3);
  });
});

describe('what chats ask', () => {
  test('cards of one moment ask together; a file of no track is known as such', async () => {
    const store = useMusicStore(ACCOUNT);
    store.wantTrack('1');
    store.wantTrack('other');
    store.wantTrack('1');
    await flushPromises();
    expect(asked).toEqual(['byIds 1,other']);
    expect(store.track('1')?.title).toBe('Title 1');
    expect(store.track('other')).toBeNull();
    expect(store.track('never')).toBeUndefined();
    store.wantTrack('other');
    await flushPromises();
    expect(asked).toHaveLength(1);
  });

  test('a file that became a track is known after the library changed', async () => {
    const store = useMusicStore(ACCOUNT);
    store.wantTrack('later');
    await flushPromises();
    library = [...library, trackView('later')];
    store.apply({ kind: 'music', ids: null, total: 4 });
    await settle();
    expect(store.track('later')?.title).toBe('Title later');
  });
});
