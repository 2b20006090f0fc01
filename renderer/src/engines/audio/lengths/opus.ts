/** The length of Ogg Opus, which a browser states with the samples before the sound. It leaves those out as it plays. */
import { letters, viewOf } from '../../wave/bytes.ts';

const OPUS_RATE = 48_000;
/** Main tells the page half of them: Chromium leaves out as many twice. */
const LEFT_OUT = 2;

/** @param head the first bytes of the file, as main gives them to the page */
export function opusLength(head: Uint8Array, played: number): number | null {
  if (head.length < 47 || letters(head, 0, 4) !== 'OggS' || letters(head, 28, 8) !== 'OpusHead') return null;
  return played - (viewOf(head).getUint16(38, true) * LEFT_OUT) / OPUS_RATE;
}
