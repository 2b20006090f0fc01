/** How it should sound: volume, speed, crossfade, even loudness, and softer beside a voice message or a ring. */
import { computed, ref, shallowReactive } from 'vue';
import type { PlayableView, PlayerMemory } from '#contract/ipc/music-views.ts';

/** Why the music is soft for now. A call pauses it; the others lower it. */
export type DuckReason = 'voice' | 'ring' | 'call';

/** The part of the volume that is left beside a voice message or a ring. */
const SOFT = 0.15;

export function createMix() {
  const volume = ref(0.8);
  const muted = ref(false);
  const speed = ref(1);
  const musicSpeed = ref(1);
  const crossfade = ref(0);
  const levelling = ref(true);
  const ducks = shallowReactive(new Set<DuckReason>());

  /** What the engine is told, 0 to 1. Loudness is heard in proportions: half way up should sound half as loud. */
  const level = computed(() => {
    const part = muted.value ? 0 : volume.value;
    return part * part * (ducks.has('voice') || ducks.has('ring') ? SOFT : 1);
  });

  return {
    volume,
    muted,
    speed,
    musicSpeed,
    crossfade,
    levelling,
    ducks,
    level,
    /** dB. */
    gainOf: (item: PlayableView): number => (levelling.value ? (item.gain ?? 0) : 0),
    /** Speech and music each have a speed of their own. */
    rateOf: (item: PlayableView | null): number => (item?.source === 'voice' ? speed : musicSpeed).value,
    /**
     * Seconds by which a track overlaps the next one. Tracks of one album in their order follow each other as they
     * were recorded.
     */
    overlapOf(item: PlayableView, next: PlayableView | null, duration: number): number {
      const together =
        next !== null &&
        item.albumKey !== null &&
        item.albumKey === next.albumKey &&
        item.trackNumber !== null &&
        next.trackNumber === item.trackNumber + 1;
      return together ? 0 : Math.min(crossfade.value, duration / 3);
    },
    kept: () => ({
      volume: volume.value,
      muted: muted.value,
      speed: speed.value,
      musicSpeed: musicSpeed.value,
      crossfade: crossfade.value,
      levelling: levelling.value,
    }),
    recall(memory: PlayerMemory): void {
      volume.value = memory.volume;
      muted.value = memory.muted;
      speed.value = memory.speed;
      musicSpeed.value = memory.musicSpeed;
      crossfade.value = memory.crossfade;
      levelling.value = memory.levelling;
    },
  };
}
