/** Finds out what a file is, and opens its sound. */
import { letters, type Sound, type SoundBytes } from './bytes.ts';
import { mp4Sound } from './mp4.ts';
import { oggSound } from './ogg.ts';

/** Finds the sound of an Ogg or MP4 file by its first bytes; null for any other, and for what is not read here. */
export async function openSound(bytes: SoundBytes): Promise<Sound | null> {
  const head = await bytes.read(0, 12);
  if (letters(head, 0, 4) === 'OggS') return oggSound(bytes);
  if (letters(head, 4, 4) === 'ftyp') return mp4Sound(bytes);
  return null;
}
