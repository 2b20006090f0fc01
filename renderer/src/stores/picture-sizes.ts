/** Sizes of pictures that the server does not state: read from their first bytes, and kept for a while. */
import { defineStore } from 'pinia';
import { shallowReactive } from 'vue';
import { mediaAddress } from '#contract/model/media-address.ts';
import { readHeadSize, type HeadSize } from '../engines/picture-head.ts';

/** Sizes kept in memory. */
const KEPT = 1_000;

export const usePictureSizesStore = defineStore('picture-sizes', () => {
  /** By address; null while it is read, and when that failed. */
  const sizes = shallowReactive(new Map<string, HeadSize | null>());

  return {
    /** The size of a picture by main's address; null while it is not known. */
    of(url: string): HeadSize | null {
      const address = mediaAddress(url);
      return (address === null ? null : sizes.get(address)) ?? null;
    },
    /** Reads it, unless that was done before. */
    async want(url: string): Promise<void> {
      const address = mediaAddress(url);
      if (address === null || sizes.has(address)) return;
      sizes.set(address, null);
      for (const oldest of sizes.keys()) {
        if (sizes.size <= KEPT) break;
        sizes.delete(oldest);
      }
      const size = await readHeadSize(address);
      if (size && sizes.has(address)) sizes.set(address, size);
    },
  };
});
