import { describe, expect, it } from 'vitest';
import { queryOf, trackOf } from '../../music/track-world.ts';
import { ask } from '../account-files.ts';
import { NOW } from '../open-store.ts';
import { afterUncleanEnd, overwriteRoot } from './damage.ts';
import { copiesOf } from './own-files.ts';

const own = copiesOf(afterUncleanEnd);

describe('music in a damaged database', () => {
  it('keeps what the person did with it: playlists, plays, own words; the list itself is the server’s', () => {
    const before = own.files.start();
    ask(before, 'takeTracks', { tracks: [trackOf('a')], now: NOW });
    ask(before, 'notePlay', { id: 'a', now: NOW });
    ask(before, 'editTrack', { id: 'a', change: { title: 'Mine' }, mayRemove: 'own' });
    ask(before, 'savePlaylist', { id: 'p', isNew: true, name: 'Mix', ids: ['a'], now: NOW });
    own.files.end(before);
    overwriteRoot(own.files.database, 'messages');
    own.files.sql((db) => db.exec("UPDATE meta SET value = '0' WHERE name = 'clean'"));
    const thread = own.files.start();
    expect(thread.opened.rebuilt).toBe(true);
    expect(ask(thread, 'libraryTotal', {})).toBe(0);
    ask(thread, 'takeTracks', { tracks: [trackOf('a')], now: NOW });
    expect(ask(thread, 'track', { id: 'a', mayRemove: 'own' })).toMatchObject({
      title: 'Mine',
      plays: 1,
      edited: true,
    });
    expect(ask(thread, 'playlists', {})).toMatchObject([{ id: 'p', name: 'Mix', tracks: 1 }]);
    const reader = own.files.start({ role: 'reader' });
    const asked = { ...queryOf({ within: { playlist: 'p' } }), now: NOW, limit: 9 };
    expect(ask(reader, 'trackIds', asked)).toEqual(['a']);
  });
});
