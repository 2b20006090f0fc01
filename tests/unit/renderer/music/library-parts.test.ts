/** The pure parts of the library screen. */
import { describe, expect, test } from 'vitest';
import {
  extended,
  NOTHING,
  only,
  stretch,
  toggled,
} from '../../../../renderer/src/features/music/library/selection.ts';
import { shelfOf } from '../../../../renderer/src/features/music/library/shelf.ts';
import { tabOf } from '../../../../renderer/src/features/music/library/tabs.ts';
import { trackMenu } from '../../../../renderer/src/features/music/library/track-menu.ts';
import { trackView } from './track.ts';

describe('the selection', () => {
  test('a click selects one, Ctrl adds and takes out', () => {
    let now = only('a', 0);
    now = toggled(now, 'c', 2);
    expect([...now.ids]).toEqual(['a', 'c']);
    now = toggled(now, 'a', 0);
    expect([...now.ids]).toEqual(['c']);
  });

  test.each([
    [5, 2, { start: 2, end: 6 }],
    [2, 5, { start: 2, end: 6 }],
    [3, 3, { start: 3, end: 4 }],
  ])('Shift from %i to %i', (from, to, range) => {
    expect(stretch(only('x', from), to)).toEqual(range);
  });

  test('a range keeps its anchor, so that it can shrink again', () => {
    const wide = extended(only('a', 0), ['a', 'b', 'c'], 2);
    expect(stretch(wide, 1)).toEqual({ start: 0, end: 2 });
    expect(stretch(NOTHING, 4)).toEqual({ start: 4, end: 5 });
  });
});

describe('the shelf', () => {
  const tracks = [
    trackView('1', { albumKey: 'x', album: 'X' }),
    trackView('2', { albumKey: 'x', album: 'X' }),
    trackView('3', { albumKey: null, album: null, title: 'Single' }),
    trackView('4', { albumKey: 'y', album: 'Y' }),
  ];

  test('an album is one cover, a single stands for itself', () => {
    expect(shelfOf(tracks, 'added', 6).map(({ title, album }) => [title, album])).toEqual([
      ['X', true],
      ['Single', false],
      ['Y', true],
    ]);
  });

  test('what was played most is told by track, and no more than fit', () => {
    expect(shelfOf(tracks, 'plays', 3).map(({ key }) => key)).toEqual(['1', '2', '3']);
  });
});

describe('the menu', () => {
  const t = (key: string): string => key;
  const ids = (...input: Parameters<typeof trackMenu>): string[] =>
    trackMenu(...input).flatMap((entry) => (entry.kind === 'separator' ? [] : [entry.id]));

  test('of one track', () => {
    expect(ids([trackView('1')], 1, false, t)).toEqual([
      'play',
      'next',
      'later',
      'playlist',
      'share',
      'story',
      'album',
      'artist',
      'edit',
      'remove',
    ]);
  });

  test('of one without tags that somebody else shared', () => {
    const track = trackView('1', { albumKey: null, artistKey: null, removable: false });
    expect(ids([track], 1, true, t)).toEqual(['play', 'next', 'later', 'playlist', 'unlist', 'share', 'story', 'edit']);
  });

  test('of many: some of which may not be removed', () => {
    const tracks = [trackView('1'), trackView('2', { removable: false })];
    expect(ids(tracks, 2, false, t)).toEqual(['play', 'next', 'later', 'playlist', 'share']);
    expect(ids(tracks, 30, false, t)).not.toContain('share');
    // Those that have not been seen may be somebody else's.
    expect(ids([trackView('1')], 2, false, t)).not.toContain('remove');
  });

  test('of nothing', () => {
    expect(trackMenu([], 0, false, t)).toEqual([]);
  });
});

test.each([
  ['albums', 'albums'],
  [null, 'tracks'],
  ['nonsense', 'tracks'],
])('the address %s leads to %s', (name, tab) => {
  expect(tabOf(name)).toBe(tab);
});
