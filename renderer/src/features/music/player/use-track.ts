/** The current track as every part of the player shows it. */
import { computed, watch } from 'vue';
import { stripBidiControls } from '#contract/model/text.ts';
import { useFormat } from '../../../i18n/use-format.ts';
import { useWords } from '../../../i18n/use-words.ts';
import { usePlayerStore } from '../../../stores/player.ts';
import { useTrackFactsStore } from '../../../stores/track-facts.ts';

/** Seconds of one key press on the wave. */
export const STEP_SECONDS = 5;

export function useTrack() {
  const player = usePlayerStore();
  const facts = useTrackFactsStore();
  const { t } = useWords();
  const format = useFormat();

  const title = computed(() => stripBidiControls(player.current?.title ?? ''));
  const artist = computed(() => {
    const now = player.current;
    if (now === null) return '';
    if (now.artist !== null) return stripBidiControls(now.artist);
    // A sound from a chat has none, which is no lack.
    return now.source === 'library' ? t('player.unknownArtist') : '';
  });
  const duration = computed(() => player.duration);
  const part = computed(() => (duration.value > 0 ? Math.min(1, player.at / duration.value) : 0));
  const peaks = computed(() =>
    player.current === null ? [] : facts.peaksOf(player.current.accountId, player.current.fileId),
  );

  watch(
    () => player.current,
    (now) => now && void facts.wantPeaks(now.accountId, now.fileId),
    { immediate: true },
  );

  // Only once it sounds: measuring reads the whole file, and the first sound comes first.
  watch(
    () => {
      const now = player.current;
      const sounds = now !== null && player.playing && !player.waiting;
      return sounds && facts.lacksPeaks(now.accountId, now.fileId) ? now : null;
    },
    (now) => now && void facts.measurePeaks(now),
    { immediate: true },
  );

  return {
    title,
    artist,
    album: computed(() => stripBidiControls(player.current?.album ?? '')),
    part,
    peaks,
    duration,
    at: computed(() => format.duration(Math.floor(player.at))),
    total: computed(() => format.duration(Math.round(duration.value))),
    left: computed(() => `−${format.duration(Math.max(0, Math.round(duration.value) - Math.floor(player.at)))}`),
    place: computed(() =>
      t('player.positionOf', { at: format.duration(Math.floor(player.at)), total: format.duration(duration.value) }),
    ),
  };
}
