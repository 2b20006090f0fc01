/**
 * One's own player while something is heard together: a track of the library that is played there plays for both
 * instead, and anything else is heard alone, so that nobody hears two things at once.
 */
import { watch } from 'vue';
import { useCallsStore } from '../../stores/calls.ts';
import { usePlayerStore } from '../../stores/player.ts';

/** Follows the player until the scope it is called in ends. */
export function useOwnPlayer(): void {
  const player = usePlayerStore();
  const calls = useCallsStore();

  watch(
    () => (player.playing ? player.entry : null),
    (entry) => {
      const together = calls.session?.together;
      if (!entry || !together || together.view.trackId === null || !together.view.here) return;
      const { accountId, source } = entry.item;
      if (source !== 'library' || accountId !== calls.current?.accountId) return together.join(false);
      const from = player.upcoming.findIndex(({ key }) => key === entry.key);
      const rest = player.upcoming.slice(from).map(({ item }) => item);
      player.pause();
      together.play(
        rest.filter((item) => item.source === 'library' && item.accountId === accountId).map(({ fileId }) => fileId),
      );
    },
  );
  // The other way round: what begins to play for both is not heard over one's own music.
  watch(
    () => {
      const view = calls.session?.together.view;
      return view?.here === true && view.playing;
    },
    (shared) => {
      if (shared && player.playing) player.pause();
    },
  );
}
