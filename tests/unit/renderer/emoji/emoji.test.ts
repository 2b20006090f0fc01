import { beforeAll, describe, expect, it } from 'vitest';
import { joinCatalogues, loadEmojis, type EmojiEntry } from '../../../../renderer/src/features/emoji/emoji-data.ts';
import { gridStep, sectionsStep } from '../../../../renderer/src/composables/grid-keys.ts';
import {
  readRecent,
  readTone,
  rememberEmoji,
  rememberTone,
  type Memory,
} from '../../../../renderer/src/features/emoji/memory.ts';
import { searchEmojis } from '../../../../renderer/src/features/emoji/search.ts';

describe('the real data', () => {
  let entries: EmojiEntry[] = [];
  beforeAll(async () => {
    entries = await loadEmojis();
  });

  it('holds every emoji once, with names in both languages', () => {
    expect(entries.length).toBeGreaterThan(1800);
    expect(new Set(entries.map((entry) => entry.emoji)).size).toBe(entries.length);
    expect(entries.filter((entry) => entry.labels.length !== 2)).toEqual([]);
    expect(entries.filter((entry) => entry.group === 2)).toEqual([]);
  });

  it.each([
    ['cat', '🐈'],
    ['кот', '🐈'],
    ['Red Heart', '❤️'],
    ['красное сердце', '❤️'],
    ['thumbs u', '👍️'],
    ['🐈', '🐈'],
    ['vicuna', '🦙'],
    ['зелёное яблоко', '🍏'],
    ['👍🏽', '👍️'],
  ])('finds %s', (query, emoji) => {
    const bare = (text: string): string => text.replaceAll('\uFE0F', '');
    expect(searchEmojis(entries, query).map((entry) => bare(entry.emoji))).toContain(bare(emoji));
  });

  it.each(['', '   ', 'qqqqqq', '***', '.*'])('finds nothing for %j', (query) => {
    expect(searchEmojis(entries, query)).toEqual([]);
  });

  it('puts the one of that very name first', () => {
    expect(searchEmojis(entries, 'cat')[0]?.labels[0]).toBe('cat');
  });
});

describe('joinCatalogues', () => {
  it('leaves out parts of emojis and gathers the words', () => {
    const en = [
      {
        hexcode: '1',
        label: 'Waving hand',
        unicode: '👋',
        group: 1,
        order: 2,
        tags: ['hello'],
        skins: [{ unicode: '👋🏻' }],
      },
      { hexcode: '2', label: 'tone', unicode: '🏻', group: 2, order: 1 },
      { hexcode: '3', label: 'letter', unicode: '🇦' },
    ];
    const ru = [{ hexcode: '1', label: 'машет рукой', unicode: '👋', group: 1, order: 2, tags: ['привет'] }];
    expect(joinCatalogues([en, ru])).toEqual([
      {
        emoji: '👋',
        group: 1,
        labels: ['Waving hand', 'машет рукой'],
        words: ['waving', 'hand', 'hello', 'машет', 'рукой', 'привет'],
        skins: ['👋🏻'],
      },
    ]);
    expect(joinCatalogues([])).toEqual([]);
  });
});

describe('keys in grids', () => {
  it.each([
    ['ArrowRight', 0, 1],
    ['ArrowRight', 9, 9],
    ['ArrowLeft', 0, 0],
    ['ArrowDown', 1, 5],
    ['ArrowDown', 7, 9],
    ['ArrowUp', 9, 5],
    ['ArrowUp', 1, 1],
    ['Home', 6, 4],
    ['End', 5, 7],
    ['End', 8, 9],
    ['a', 3, null],
  ])('%s from %d of ten in rows of four leads to %s', (key, at, to) => {
    expect(gridStep(key, at, 10, 4)).toBe(to);
  });

  it.each([
    ['ArrowDown', 2, 4],
    ['ArrowDown', 4, 6],
    ['ArrowUp', 5, 3],
    ['ArrowRight', 2, 3],
    ['ArrowUp', 3, 0],
  ])('%s from %d leads over the line between groups of 3, 2 and 4 to %d', (key, at, to) => {
    expect(sectionsStep(key, at, [3, 2, 4], 4)).toBe(to);
  });

  it('knows no place in an empty grid', () => {
    expect(gridStep('ArrowDown', 0, 0, 4)).toBeNull();
  });
});

describe('memory', () => {
  function storage(): Memory {
    const kept = new Map<string, string>();
    return { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => void kept.set(key, value) };
  }

  it('keeps the last used ones, newest first, each once', () => {
    const memory = storage();
    for (const emoji of ['😀', '🎉', '😀', '👍']) rememberEmoji(memory, emoji);
    expect(readRecent(memory)).toEqual(['👍', '😀', '🎉']);
    for (let at = 0; at < 60; at++) rememberEmoji(memory, String(at));
    expect(readRecent(memory)).toHaveLength(27);
  });

  it.each(['not json', '{"a":1}', '[1,2,null]', '["' + 'x'.repeat(99) + '"]'])('takes %j for nothing', (value) => {
    const memory = storage();
    memory.setItem('relay.emoji.recent', value);
    expect(readRecent(memory)).toEqual([]);
  });

  it.each([
    ['3', 3],
    ['0', 0],
    ['9', 0],
    ['-1', 0],
    ['x', 0],
  ])('reads the tone %s as %d', (value, tone) => {
    const memory = storage();
    memory.setItem('relay.emoji.tone', value);
    expect(readTone(memory)).toBe(tone);
    rememberTone(memory, 2);
    expect(readTone(memory)).toBe(2);
  });
});
