import { seededRandom } from '../../../tests/chaos/random.ts';

/** So many of them, drawn by a seed, in their own order. Pure. */
export function sampleOf<T>(all: readonly T[], size: number, seed: number): T[] {
  const random = seededRandom(seed);
  return all
    .map((item, index) => ({ item, index, draw: random() }))
    .sort((a, b) => a.draw - b.draw)
    .slice(0, size)
    .sort((a, b) => a.index - b.index)
    .map(({ item }) => item);
}
