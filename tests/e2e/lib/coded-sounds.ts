/** Two files of one tone that goes on from one to the other, in each codec; see tests/fixtures/sound. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { itunesM4a } from '../../helpers/muxed-sound.ts';

const CODECS = { m4a: 'audio/mp4', mp3: 'audio/mpeg', ogg: 'audio/ogg', opus: 'audio/ogg' } as const;

const fixture = (name: string): Buffer => readFileSync(join(import.meta.dirname, `../../fixtures/sound/${name}`));

/** By names such as `first_mp3`; `itunes_m4a` has a comment in place of an edit list, `vbr_mp3` is of a changing rate, without a table, each second louder. */
export const CODED_FILES: Readonly<Record<string, Buffer>> = Object.fromEntries([
  ['vbr_mp3', fixture('vbr.mp3')],
  ...['first', 'second'].flatMap((name): [string, Buffer][] => [
    [`${name}_bare_mp3`, fixture(`${name}_bare.mp3`)],
    [`${name}_lame_mp3`, fixture(`${name}_lame.mp3`)],
  ]),
  ['first_itunes_m4a', itunesM4a(fixture('first.m4a'), [1024, 0, 52_920])],
  ['second_itunes_m4a', itunesM4a(fixture('second.m4a'), [1024, 0, 52_920])],
  ...Object.keys(CODECS).flatMap((codec) =>
    ['first', 'second'].map((name): [string, Buffer] => [`${name}_${codec}`, fixture(`${name}.${codec}`)]),
  ),
]);

/** The type of a file whose name ends with its codec; null for any other. */
export const codedType = (name: string): string | null =>
  Object.entries(CODECS).find(([codec]) => name.endsWith(codec))?.[1] ?? null;
