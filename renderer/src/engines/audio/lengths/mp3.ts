/** The length of an MP3 whose first frame is the header of LAME: it counts the frames, and what the encoder has added. */
import { letters, viewOf, type SoundBytes } from '../../wave/bytes.ts';
import { frameOf, tagBytes } from '../mp3-places.ts';

/** Bits of the header's flags: it counts frames, bytes, has a table of places, a quality. */
const FIELDS = [
  [1, 4],
  [2, 4],
  [4, 100],
  [8, 4],
] as const;
/** Bytes between the encoder's name and the samples that it has added. */
const ADDED = 21;
/** Bytes of the longest first frame, as far as the header reaches. */
const HEAD_BYTES = 256;

/** Seconds; null where there is no such header, or none that can be right. */
export async function mp3Length(bytes: SoundBytes): Promise<number | null> {
  const start = tagBytes(await bytes.read(0, 10));
  const head = await bytes.read(start, HEAD_BYTES);
  const frame = frameOf(head);
  if (frame === null || head.length < HEAD_BYTES) return null;
  const name = letters(head, frame.side, 4);
  const view = viewOf(head);
  const flags = view.getUint32(frame.side + 4);
  if ((name !== 'Xing' && name !== 'Info') || (flags & 1) === 0) return null;
  const encoder = frame.side + 8 + FIELDS.reduce((sum, [bit, size]) => sum + ((flags & bit) === 0 ? 0 : size), 0);
  if (!/^(?:LAME|Lavc|Lavf|L3\.9)$/.test(letters(head, encoder, 4))) return null;
  const added = view.getUint32(encoder + ADDED - 1) & 0xff_ffff;
  const samples = view.getUint32(frame.side + 8) * frame.samples - (added >> 12) - (added & 0xfff);
  return samples > 0 ? (samples * frame.lasts) / frame.samples : null;
}
