import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Track } from '../../../../contract/api/track.ts';
import { TrackView, type TrackQuery } from '../../../../contract/ipc/music-views.ts';
import { cacheName, mediaKey } from '../../../../electron/main/lib/cache-name.ts';
import { READER_OPERATIONS, WRITER_OPERATIONS } from '../../../../electron/main/services/store/operations.ts';
import { arrive, CHAT, knowChat, ME, message, NOW, openStore, OTHER, type OpenStore } from '../store/open-store.ts';
import { fileOf } from '../store/ops/upload-world.ts';
import { queryOf, trackOf } from './track-world.ts';

const ops = { ...WRITER_OPERATIONS, ...READER_OPERATIONS };
let store: OpenStore;
beforeEach(() => {
  store = openStore();
});
afterEach(() => store.close());

function take(...tracks: Track[]): void {
  ops.takeTracks(store.context, { tracks, now: NOW });
  ops.keepTracks(store.context, { ids: tracks.map(({ fileId }) => fileId), now: NOW });
}
const ids = (more: Partial<TrackQuery> = {}): string[] =>
  ops.trackIds(store.context, { ...queryOf(more), now: NOW, limit: 20_000 });
const page = (more: Partial<TrackQuery> = {}) =>
  ops.tracks(store.context, { ...queryOf(more), now: NOW, limit: 100, offset: 0, mayRemove: 'own' });
const view = (id: string) => ops.track(store.context, { id, mayRemove: 'own' });
const albums = (q = '', sort: 'title' | 'artist' | 'added' = 'title') =>
  ops.albums(store.context, { q, sort, limit: 100, offset: 0 }).albums;
const artists = (q = '') => ops.artists(store.context, { q, limit: 100, offset: 0 }).artists;

describe('a track of the library', () => {
  it('is shown as the contract says, with the name of who shared it and the addresses of this account', () => {
    knowChat(store.context);
    take(
      trackOf('a1', {
        title: 'One\u202e  two',
        artist: 'AC/DC',
        album: 'High Voltage',
        genre: 'Rock',
        year: 1976,
        trackNumber: 3,
        coverUrl: '/api/files/a1?variant=cover',
        gain: -6.5,
      }),
    );
    expect(TrackView.parse(view('a1'))).toEqual({
      id: 'a1',
      title: 'One two',
      artist: 'AC/DC',
      album: 'High Voltage',
      artistKey: 'ac/dc',
      albumKey: 'high voltage',
      genre: 'Rock',
      year: 1976,
      trackNumber: 3,
      duration: 180,
      size: 1000,
      mimeType: 'audio/mpeg',
      url: `/media/f${store.context.tag}a1`,
      coverUrl: `/media/c${store.context.tag}a1`,
      gain: -6.5,
      sharedBy: { id: OTHER, name: 'Отто Ёжиков' },
      addedAt: NOW,
      state: 'remote',
      plays: 0,
      lastPlayedAt: null,
      edited: false,
      removable: false,
    });
  });

  it.each([
    ['https://elsewhere.example/cover.png', null],
    ['/api/files/other?variant=cover', null],
    ['/api/files/a1', null],
    [null, null],
  ])('has the cover of its own file only: not %s', (coverUrl, expected) => {
    take(trackOf('a1', { coverUrl }));
    expect(view('a1')?.coverUrl).toBe(expected);
  });

  it('may be removed by who shared it, where the server can', () => {
    take(trackOf('mine', { uploadedBy: ME }), trackOf('theirs'));
    expect(page().tracks.map(({ removable }) => removable)).toEqual([true, false]);
    expect(ops.track(store.context, { id: 'mine', mayRemove: 'none' })?.removable).toBe(false);
  });

  it('is a file that may be shown, saved and forwarded', () => {
    take(trackOf('a1', { title: 'Song', size: 77 }));
    expect(ops.knownFile(store.context, { id: 'a1' })).toEqual({ name: 'Song', mimeType: 'audio/mpeg', size: 77 });
    expect(ops.knownFile(store.context, { id: 'b' })).toBeNull();
  });
});

describe('the list of the server', () => {
  it('tells what is new, and nothing of what is as it was', () => {
    const both = [trackOf('a'), trackOf('b')];
    expect(ops.takeTracks(store.context, { tracks: both, now: NOW }).changed).toEqual(['a', 'b']);
    const again = [trackOf('a'), trackOf('b', { title: 'B side' })];
    expect(ops.takeTracks(store.context, { tracks: again, now: NOW + 1 }).changed).toEqual(['b']);
    expect(view('b')?.title).toBe('B side');
  });

  it('takes away what is not on it any more', () => {
    take(trackOf('a'), trackOf('b'), trackOf('c'));
    expect(ops.keepTracks(store.context, { ids: ['a', 'c'], now: NOW })).toEqual({ removed: 1, total: 2 });
    expect(ids()).toEqual(['a', 'c']);
  });

  it('names people who are known nowhere else', () => {
    knowChat(store.context);
    take(trackOf('a', { uploadedBy: 'stranger' }), trackOf('b'), trackOf('c', { uploadedBy: null }));
    expect(ops.unknownSharers(store.context, { limit: 10 })).toEqual(['stranger']);
    ops.takePeople(store.context, { users: [{ id: 'stranger', username: 'iva', firstName: 'Iva' }] });
    expect(ops.unknownSharers(store.context, { limit: 10 })).toEqual([]);
    expect(view('a')?.sharedBy).toEqual({ id: 'stranger', name: 'Iva' });
    expect(view('c')?.sharedBy).toBeNull();
  });
});

describe('orders', () => {
  beforeEach(() => {
    take(
      trackOf('a', { title: 'Beta', artist: 'Zoo', album: 'One', trackNumber: 2, duration: 30 }),
      trackOf('b', { title: '“Alpha”', artist: 'Zoo', album: 'One', trackNumber: 1, duration: 20 }),
      trackOf('c', { title: 'Ёж', createdAt: new Date(NOW - 5000).toISOString(), duration: 10 }),
      trackOf('d', { title: 'Ель', artist: 'Ábba', createdAt: null, duration: 40 }),
    );
    ops.notePlay(store.context, { id: 'c', now: NOW });
    ops.notePlay(store.context, { id: 'c', now: NOW + 1 });
    ops.notePlay(store.context, { id: 'a', now: NOW + 2 });
  });

  it.each([
    ['title', false, 'bacd', 'as people write titles: without quotes, and "ё" as "е"'],
    ['title', true, 'dcab', ''],
    ['artist', false, 'dbac', 'and by album and number inside'],
    ['artist', true, 'badc', 'the unknown last, and albums still from their first track'],
    ['album', false, 'bacd', ''],
    ['added', true, 'bacd', 'the newest first, the undated last'],
    ['added', false, 'cabd', ''],
    ['plays', true, 'cabd', ''],
    ['played', true, 'acbd', 'never played last'],
    ['duration', false, 'cbad', ''],
  ] as const)('by %s, descending %s: %s %s', (sort, descending, expected, _why) => {
    expect(ids({ sort, descending }).join('')).toBe(expected);
  });

  it('count plays, and keep them when a track leaves the list and comes back', () => {
    expect(view('c')).toMatchObject({ plays: 2, lastPlayedAt: NOW + 1 });
    take(trackOf('a'));
    expect(ops.notePlay(store.context, { id: 'c', now: NOW })).toBe(false);
    take(trackOf('c'));
    expect(view('c')?.plays).toBe(2);
  });
});

describe('a search', () => {
  beforeEach(() =>
    take(
      trackOf('a', { title: 'Thunderstruck', artist: 'AC/DC', album: 'The Razors Edge', genre: 'Hard Rock' }),
      trackOf('b', { title: 'Группа крови', artist: 'Кино' }),
      trackOf('c', { title: 'Déjà vu', artist: 'Beyoncé' }),
      trackOf('d', { title: '夜に駆ける', artist: 'YOASOBI' }),
    ),
  );

  it.each([
    ['thunder', 'a'],
    ['ac/dc', 'a'],
    ['ac dc thun', 'a'],
    ['rock razor', 'a'],
    ['struck', ''],
    ['ГРУППА кр', 'b'],
    ['deja beyonce', 'c'],
    ['駆け', 'd'],
    ['thunder кино', ''],
    ['%', ''],
    ['', 'abcd'],
    ['  ', 'abcd'],
  ])('for "%s" finds "%s"', (q, expected) => {
    expect([...ids({ q })].toSorted().join('')).toBe(expected);
    expect(page({ q }).total).toBe(expected.length);
  });
});

describe('groups', () => {
  it('hold artists under one name, whatever its spelling, and never cut one at a slash', () => {
    take(
      trackOf('a', { artist: 'AC/DC', album: 'A' }),
      trackOf('b', { artist: 'ac/dc', album: 'B' }),
      trackOf('c', { artist: 'Beyoncé' }),
      trackOf('d', { artist: 'Beyonce', coverUrl: '/api/files/d?variant=cover' }),
    );
    expect(artists()).toEqual([
      { key: 'ac/dc', name: 'AC/DC', tracks: 2, albums: 2, coverUrl: null },
      { key: 'beyonce', name: 'Beyonce', tracks: 2, albums: 0, coverUrl: `/media/c${store.context.tag}d` },
    ]);
    expect(artists('bey').map(({ key }) => key)).toEqual(['beyonce']);
    expect(ids({ within: { artist: 'ac/dc' } })).toEqual(['a', 'b']);
  });

  it('hold a compilation together', () => {
    take(
      ...['x', 'y', 'z'].map((artist, n) =>
        trackOf(artist, { artist, album: 'Hits', trackNumber: n + 1, year: 2000 + n }),
      ),
    );
    expect(albums()).toEqual([
      { key: 'hits', title: 'Hits', artist: null, year: 2002, tracks: 3, duration: 540, coverUrl: null },
    ]);
    expect(ids({ sort: 'album', within: { album: 'hits' } })).toEqual(['x', 'y', 'z']);
  });

  it('tell albums of one name from each other, and put one back together that is not two any more', () => {
    const album = (artist: string) =>
      [1, 2].map((trackNumber) => trackOf(`${artist}${trackNumber}`, { artist, album: 'Greatest Hits', trackNumber }));
    take(...album('abba'), ...album('queen'));
    expect(albums().map(({ title, artist, tracks }) => [title, artist, tracks])).toEqual([
      ['Greatest Hits', 'abba', 2],
      ['Greatest Hits', 'queen', 2],
    ]);
    const [first] = albums('queen');
    expect(ids({ sort: 'album', within: { album: first?.key ?? '' } })).toEqual(['queen1', 'queen2']);
    take(...album('abba'));
    expect(albums().map(({ key }) => key)).toEqual(['greatest hits']);
  });

  it('of albums are ordered by title, by artist or by time', () => {
    take(
      trackOf('a', { artist: 'Zed', album: 'Alpha', createdAt: new Date(NOW - 9000).toISOString() }),
      trackOf('b', { artist: 'Amy', album: 'Beta' }),
    );
    expect(albums('', 'title').map(({ title }) => title)).toEqual(['Alpha', 'Beta']);
    expect(albums('', 'artist').map(({ title }) => title)).toEqual(['Beta', 'Alpha']);
    expect(albums('', 'added').map(({ title }) => title)).toEqual(['Beta', 'Alpha']);
  });
});

describe('own words for a track', () => {
  beforeEach(() => take(trackOf('a', { title: 'ti', artist: 'ar', album: 'al', genre: 'ge' })));
  const edit = (change: Parameters<typeof ops.editTrack>[1]['change']) =>
    ops.editTrack(store.context, { id: 'a', change, mayRemove: 'own' });

  it('replace the server’s, one by one, and are found and grouped', () => {
    expect(edit({ title: ' Title ' })).toMatchObject({ title: 'Title', artist: 'ar', edited: true });
    expect(edit({ artist: 'Кино', album: null })).toMatchObject({ title: 'Title', artist: 'Кино', album: null });
    expect(ids({ q: 'кино title' })).toEqual(['a']);
    expect(ids({ q: 'ti ar' })).toEqual([]);
    expect(artists().map(({ key }) => key)).toEqual(['кино']);
    expect(albums()).toEqual([]);
  });

  it('outlast what the server tells, and are undone', () => {
    edit({ artist: 'mine' });
    take(trackOf('a', { title: 'new', artist: 'other' }));
    expect(view('a')).toMatchObject({ title: 'new', artist: 'mine', edited: true });
    expect(edit(null)).toMatchObject({ title: 'new', artist: 'other', edited: false });
  });

  it('that are the server’s own are none, and a title is never empty', () => {
    expect(edit({ title: 'ti', genre: 'ge' })?.edited).toBe(false);
    expect(edit({ title: null })).toMatchObject({ title: 'ti', edited: false });
    expect(edit({ title: ' \u200b ' })).toMatchObject({ title: 'ti', edited: false });
    expect(ops.editTrack(store.context, { id: 'x', change: { title: 'y' }, mayRemove: 'own' })).toBeNull();
  });
});

describe('what is in the cache', () => {
  const name = (id: string) => cacheName(store.context.tag, mediaKey(id, null));
  beforeEach(() => take(trackOf('a'), trackOf('b'), trackOf('c')));

  it('is told when it comes and when it goes', () => {
    expect(ops.setCached(store.context, { names: [name('a'), name('x')], cached: true })).toEqual(['a']);
    expect(ops.setCached(store.context, { names: [name('a')], cached: true })).toEqual([]);
    expect(ids({ within: { cached: true } })).toEqual(['a']);
    expect(view('a')?.state).toBe('cached');
    expect(ops.setCached(store.context, { names: [name('a')], cached: false })).toEqual(['a']);
    expect(ids({ within: { cached: true } })).toEqual([]);
  });

  it('is compared with all that earlier runs have left', () => {
    ops.setCached(store.context, { names: [name('a'), name('b')], cached: true });
    expect(ops.adoptCache(store.context, { names: [name('b'), name('c')] }).toSorted()).toEqual(['a', 'c']);
    expect(ids({ within: { cached: true } })).toEqual(['b', 'c']);
  });

  it('stays known when the server tells of the track again', () => {
    ops.setCached(store.context, { names: [name('a')], cached: true });
    take(trackOf('a', { title: 'renamed' }));
    expect(view('a')?.state).toBe('cached');
  });
});

describe('playlists', () => {
  it('keep their order, a track twice, and tracks that are gone for now', () => {
    take(trackOf('a'), trackOf('b'), trackOf('c'));
    const saved = ops.savePlaylist(store.context, {
      id: 'p',
      isNew: true,
      name: 'Mix',
      ids: ['c', 'a', 'c', 'x'],
      now: NOW,
    });
    expect(saved).toEqual({ id: 'p', name: 'Mix', tracks: 3, duration: 540, changedAt: NOW });
    expect(ids({ within: { playlist: 'p' } })).toEqual(['c', 'a', 'c']);
    take(trackOf('a'), trackOf('x'));
    expect(ids({ within: { playlist: 'p' } })).toEqual(['a', 'x']);
    expect(ids({ q: 'x', within: { playlist: 'p' } })).toEqual(['x']);
  });

  it('are replaced as a whole, listed by name, and deleted', () => {
    ops.savePlaylist(store.context, { id: 'p', isNew: true, name: 'Б', ids: [], now: NOW });
    ops.savePlaylist(store.context, { id: 'q', isNew: true, name: 'а', ids: ['a'], now: NOW });
    ops.savePlaylist(store.context, { id: 'p', isNew: false, name: 'В', ids: ['a', 'b'], now: NOW + 1 });
    expect(ops.playlists(store.context, {}).map(({ name }) => name)).toEqual(['а', 'В']);
    expect(ops.savePlaylist(store.context, { id: 'z', isNew: false, name: 'z', ids: [], now: NOW })).toBeNull();
    expect(ops.deletePlaylist(store.context, { id: 'p' })).toBe(true);
    expect(ops.deletePlaylist(store.context, { id: 'p' })).toBe(false);
    expect(ops.playlists(store.context, {}).map(({ id }) => id)).toEqual(['q']);
  });
});

describe('the story of a track', () => {
  it('is where it was shared in the stored chats, newest first', () => {
    knowChat(store.context);
    arrive(
      store.context,
      message(1, { content: 'listen', attachments: [fileOf('song', { mimeType: 'audio/mpeg' })] }),
      message(2, { content: 'no' }),
      message(3, { senderId: ME, content: 'x'.repeat(300), attachments: [fileOf('song', { mimeType: 'audio/mpeg' })] }),
    );
    const found = ops.story(store.context, { id: 'song' });
    expect(found).toMatchObject([
      { chatId: CHAT, messageId: message(3).id, mine: true, senderName: 'Mara Own', at: NOW + 3000 },
      { messageId: message(1).id, mine: false, text: 'listen', senderName: 'Отто Ёжиков' },
    ]);
    expect(found[0]?.text).toHaveLength(200);
    expect(ops.story(store.context, { id: 'else' })).toEqual([]);
  });
});

describe('a track that is sent', () => {
  it('is a file of the message, though no message had it before', () => {
    knowChat(store.context);
    take(trackOf('a', { title: 'Song', coverUrl: '/api/files/a?variant=cover' }));
    const input = {
      localId: 'l1',
      chatId: CHAT,
      text: '',
      replyTo: null,
      files: ['a'],
      state: 'queued' as const,
      now: NOW,
    };
    const sent = ops.enqueue(store.context, input);
    expect(sent?.view.attachments).toMatchObject([
      { id: 'a', name: 'Song', kind: 'audio', duration: 180, thumbUrl: `/media/c${store.context.tag}a` },
    ]);
  });
});

describe('waveforms', () => {
  it('are kept, and until then taken from a message', () => {
    knowChat(store.context);
    expect(ops.storedPeaks(store.context, { id: 's' })).toBeNull();
    arrive(store.context, message(1, { attachments: [fileOf('s', { mimeType: 'audio/mpeg', peaks: [0.5, 1] })] }));
    expect(ops.storedPeaks(store.context, { id: 's' })).toEqual({ peaks: [0.5, 1], whole: false });
    ops.savePeaks(store.context, { id: 's', peaks: [0, 0.25, 1] });
    expect(ops.storedPeaks(store.context, { id: 's' })).toEqual({ peaks: [0, 0.25, 1], whole: true });
  });
});
