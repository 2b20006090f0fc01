/** The comment `iTunSMPB` of an M4A, which counts the samples of the sound and those that its encoder has put around it. Pure. */

/** Samples by which the counts may differ from the track's: two of the longest packets of AAC. */
const MOST_OFF = 4096;
/** Zeros, the samples before the sound, those after it, and the sound's. */
const COUNTS = /^ ?[\dA-F]{8} ([\dA-F]{8}) ([\dA-F]{8}) ([\dA-F]{16})/;

/**
 * Samples of the sound; 0 where the text is no such comment, or one that is of another sound.
 * @param text the comment's value, from its begin
 * @param all samples of the track
 */
export function commentedSamples(text: string, all: number): number {
  const counts = COUNTS.exec(text)?.slice(1) ?? [];
  const [before = 0, after = 0, samples = 0] = counts.map((one) => Number.parseInt(one, 16));
  return Math.abs(before + samples + after - all) <= MOST_OFF ? samples : 0;
}
