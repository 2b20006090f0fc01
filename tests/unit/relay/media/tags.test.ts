/** Tags: what is read wrongly is read again, what is read rightly is left alone, and all of it is clean and short. */
import { describe, expect, test } from 'vitest';
import { readTags, repairTexts } from '../../../../relay/media/tags.ts';
import { cp1251 } from '../../../helpers/media-samples.ts';

/** As a parser reads it that takes everything for Latin 1. */
const misread = (bytes: Buffer): string => bytes.toString('latin1');

describe('an encoding', () => {
  test.each(['Группа крови', 'Кино', 'Звезда по имени Солнце', 'Ёлка', 'Земфира - Ариведерчи', 'ДДТ; Это всё'])(
    'Windows-1251: %s',
    (text) => {
      expect(repairTexts([misread(cp1251(text))])).toEqual([text]);
    },
  );

  test('Windows-1251 that was taken for Windows-1252', () => {
    expect(repairTexts(['Ãðóïïà – êðîâè“'])).toEqual(['Группа – крови“'.replace('“', '“')]);
  });

  test('a short text is judged by its neighbours', () => {
    expect(repairTexts([misread(cp1251('Я')), misread(cp1251('Виктор Цой')), 'Album', null])).toEqual([
      'Я',
      'Виктор Цой',
      'Album',
      null,
    ]);
    expect(repairTexts([misread(cp1251('Я'))])).toEqual(['ß']);
  });

  test('UTF-8 that was taken for Latin 1, or for Windows-1252', () => {
    for (const text of ['Привет, мир', 'Motörhead', '日本']) {
      expect(repairTexts([misread(Buffer.from(text))])).toEqual([text]);
      expect(repairTexts([new TextDecoder('windows-1252').decode(Buffer.from(text))])).toEqual([text]);
    }
  });

  test.each([
    'Motörhead',
    'Mötley Crüe',
    'Björk',
    'déjà vu',
    'Señorita – Ñandú',
    'Sigur Rós',
    'Ænima',
    'Blåbærsyltetøy på fjøset',
    'Größe & Äpfel: Übermäßig schöne Bäume',
    'À l’été où nous étions',
    'Žižkov',
    'Группа крови',
    '日本の歌',
    'plain',
    '',
  ])('%s is left alone', (text) => {
    expect(repairTexts([text])).toEqual([text]);
  });
});

describe('tags as they are kept', () => {
  const none = { title: null, artist: null, album: null, year: null, genre: null, trackNumber: null, gain: null };

  test('all of them', () => {
    const raw = {
      title: ' Song\0\n ',
      artists: ['One', 'Two'],
      artist: 'One; Two',
      album: 'A\u202Elbum',
      year: 1999,
      genre: ['Rock', 'Pop'],
      track: { no: 3 },
      gain: -6.789,
    };
    expect(readTags(raw)).toEqual({
      title: 'Song',
      artist: 'One, Two',
      album: 'A lbum',
      year: 1999,
      genre: 'Rock',
      trackNumber: 3,
      gain: -6.79,
    });
  });

  test('none, and nonsense', () => {
    expect(readTags({})).toEqual(none);
    expect(readTags({ title: ' \u200e ', artists: [], genre: [], year: 1999.5, track: { no: null } })).toEqual(none);
    expect(readTags({ gain: 61 })).toEqual(none);
    expect(readTags({ gain: Number.NaN })).toEqual(none);
    expect(readTags({ title: '\0', year: -4, track: { no: 1e9 } })).toEqual(none);
  });

  test('one artist, and long texts cut by characters', () => {
    expect(readTags({ artist: 'AC/DC', artists: ['AC/DC'] }).artist).toBe('AC/DC');
    expect(readTags({ artists: ['Only'] }).artist).toBe('Only');
    expect(readTags({ title: '😀'.repeat(400) }).title).toBe('😀'.repeat(300));
    expect(readTags({ title: 'lone\ud800' }).title).toBe('lone\ufffd');
  });
});
