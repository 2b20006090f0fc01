import { describe, expect, test, vi } from 'vitest';
import { isMusicFile, musicIn, type Entry } from '../../../../renderer/src/composables/music-files.ts';

const file = (name: string, type = ''): Entry => ({
  isFile: true,
  name,
  file: (done) => done(new File(['x'], name, { type })),
});
/** A folder that is read in parts, as browsers do it. */
function folder(name: string, ...parts: Entry[][]): Entry {
  return {
    isFile: false,
    name,
    createReader() {
      const left = [...parts];
      return { readEntries: (done) => done(left.shift() ?? []) };
    },
  };
}
const broken: Entry = { isFile: true, name: 'gone.mp3', file: (_done, failed) => failed(new Error('gone')) };

test.each([
  ['song.mp3', '', true],
  ['SONG.FLAC', '', true],
  ['noname', 'audio/mpeg', true],
  ['old.wma', '', true],
  ['list.m3u8', 'audio/x-mpegurl', false],
  ['cover.jpg', 'image/jpeg', false],
  ['film.mp4', 'video/mp4', false],
  ['mp3', '', false],
])('%s of type "%s" is music: %s', (name, type, expected) => {
  expect(isMusicFile({ name, type })).toBe(expected);
});

describe('what a drop holds', () => {
  test('folders are walked through, all parts of them, in the order of their numbers', async () => {
    const found = await musicIn([
      folder('Album', [file('10 Last.mp3'), file('2 Second.mp3')], [file('1 First.mp3'), file('cover.jpg')]),
      file('single.ogg'),
    ]);
    expect(found.files.map(({ name }) => name)).toEqual(['1 First.mp3', '2 Second.mp3', '10 Last.mp3', 'single.ogg']);
    expect(found.others).toBe(1);
  });

  test('hidden files are not mentioned; what cannot be read is counted', async () => {
    const warned = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const found = await musicIn([folder('Album', [file('.DS_Store'), file('._song.mp3'), broken, file('a.mp3')])]);
    expect(found.files.map(({ name }) => name)).toEqual(['a.mp3']);
    expect(found.others).toBe(1);
    expect(warned).toHaveBeenCalledOnce();
    warned.mockRestore();
  });

  test('there is an end to it', async () => {
    const found = await musicIn([folder('Disk', [file('1.mp3'), file('2.mp3'), file('3.mp3')])], 2);
    expect(found.files).toHaveLength(2);
    expect(found.others).toBe(1);
  });
});
