/** Where accounts signed in recently, in the memory of one node. */
import type { KnownPlaces } from './ports.ts';

/** Places to keep; the least recently used is evicted first. */
const MAX_PLACES = 20_000;

export function createKnownPlaces(): KnownPlaces {
  const places = new Set<string>();
  return {
    has: async (place) => places.has(place),
    async remember(place) {
      // Deleting first moves it to the end: the set is in order of last use.
      places.delete(place);
      places.add(place);
      if (places.size <= MAX_PLACES) return;
      const [oldest] = places;
      if (oldest !== undefined) places.delete(oldest);
    },
  };
}
