/** The hue that the current cover gives to the ground it lies on: measured once per cover. */
import { shallowReactive, watchEffect, computed, type ComputedRef } from 'vue';
import type { PlayableView } from '#contract/ipc/music-views.ts';
import { mediaAddress } from '#contract/model/media-address.ts';
import { hueOf } from './hue.ts';

/** Pixels of a side: enough for a hue. */
const SIDE = 16;
/** Covers whose hue is kept. */
const KEPT = 200;

/** By address; null while it is measured, and for a cover without colour. */
const hues = shallowReactive(new Map<string, number | null>());

async function measure(address: string): Promise<void> {
  hues.set(address, null);
  const image = new Image();
  image.src = address;
  try {
    await image.decode();
  } catch (error) {
    // A cover that cannot be shown has no hue; the tone of the album stays.
    if (error instanceof DOMException) return;
    throw error;
  }
  const context = new OffscreenCanvas(SIDE, SIDE).getContext('2d', { willReadFrequently: true });
  if (!context) return;
  context.drawImage(image, 0, 0, SIDE, SIDE);
  hues.set(address, hueOf(context.getImageData(0, 0, SIDE, SIDE).data));
  for (const oldest of hues.keys()) {
    if (hues.size <= KEPT) break;
    hues.delete(oldest);
  }
}

/** The custom property that replaces the tone's own hue; null leaves that. */
export function useCoverHue(item: () => PlayableView | null): ComputedRef<Record<string, string> | null> {
  const address = computed(() => mediaAddress(item()?.coverUrl));
  watchEffect(() => {
    if (address.value !== null && !hues.has(address.value)) void measure(address.value);
  });
  return computed(() => {
    const hue = address.value === null ? null : (hues.get(address.value) ?? null);
    return hue === null ? null : { '--h': String(hue) };
  });
}
