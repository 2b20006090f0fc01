/**
 * The length of the sound in a file by the file's own header, to the sample: without what its encoder has put before and
 * after it. A server rounds, and counts what is put there in some formats; a browser counts it in others.
 */
import { letters, openBytes, type SoundBytes } from '../../wave/bytes.ts';
import { m4aLength } from './m4a.ts';
import { mp3Length } from './mp3.ts';
import { opusLength } from './opus.ts';

/**
 * Seconds; null where the header does not say.
 * @param played seconds that the browser states
 */
export async function lengthIn(bytes: SoundBytes, played: number): Promise<number | null> {
  const head = await bytes.read(0, 64);
  if (letters(head, 4, 4) === 'ftyp') return m4aLength(bytes);
  return opusLength(head, played) ?? (await mp3Length(bytes));
}

/** The same at an address of this page; null also when it cannot be read. */
export async function readLength(address: string, played: number): Promise<number | null> {
  try {
    return await lengthIn(await openBytes(address), played);
  } catch (error) {
    console.warn('the header of a sound cannot be read', error);
    return null;
  }
}
