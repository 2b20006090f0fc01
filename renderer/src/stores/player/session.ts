/** Shows the player to the system and to the tray. Music alone: a voice message owns neither. */
import { watch, type Ref } from 'vue';
import type { PlayableView } from '#contract/ipc/music-views.ts';
import { mediaAddress } from '#contract/model/media-address.ts';
import { createSystemSession, type SessionHands } from '../../engines/media-session.ts';
import { ask } from '../bridge-call.ts';

/** Seconds by which the place may drift from what the system computes by itself. */
const DRIFT = 1.5;

export interface ShownPlayer {
  current: Readonly<Ref<PlayableView | null>>;
  playing: Readonly<Ref<boolean>>;
  /** Seconds. */
  duration: Readonly<Ref<number>>;
  at: Readonly<Ref<number>>;
  /** 1 is normal. */
  rate: Readonly<Ref<number>>;
}

/** Follows the player until the scope it is called in ends. */
export function showToSystem({ current, playing, at, duration, rate }: ShownPlayer, hands: SessionHands): void {
  const session = createSystemSession(hands);
  const music = (): PlayableView | null => (current.value?.source === 'voice' ? null : current.value);
  /** The place that the system was told, and when. */
  let told = { at: 0, time: 0 };

  function tellPlace(): void {
    if (music() === null) return;
    told = { at: at.value, time: Date.now() };
    session.place({ duration: duration.value, position: at.value, rate: rate.value });
  }

  watch(
    music,
    (item) => {
      session.show(
        item && {
          title: item.title,
          artist: item.artist ?? '',
          album: item.album ?? '',
          cover: mediaAddress(item.coverUrl),
        },
      );
      if (item !== null) session.playing(playing.value);
      tellPlace();
    },
    { immediate: true },
  );
  watch([duration, rate], () => tellPlace());
  watch(playing, (now) => {
    if (music() !== null) session.playing(now);
    tellPlace();
  });
  watch(at, (now) => {
    const expected = told.at + (playing.value ? ((Date.now() - told.time) / 1000) * rate.value : 0);
    if (Math.abs(now - expected) > DRIFT) tellPlace();
  });

  watch(
    () => {
      const item = music();
      return item && { title: item.title, artist: item.artist, playing: playing.value };
    },
    (now, before) => {
      // Main logs a failure; the next change tells it again.
      if (JSON.stringify(now) !== JSON.stringify(before)) void ask((bridge) => bridge.player.tell({ now }));
    },
  );
}
