/**
 * A sound of a chat as its row shows it. Music and everything else that was attached plays in the player; voice
 * messages, and what has not been sent yet, in a player of their own beside it.
 */
import { computed } from 'vue';
import type { AttachmentView } from '#contract/ipc/views.ts';
import { useAccountId } from '../../stores/account/account-store.ts';
import { playableFile } from '../../stores/account/music/playables.ts';
import { usePlayerStore } from '../../stores/player.ts';
import { useVoiceStore, type Sound } from '../../stores/voice.ts';

export interface SoundPlace {
  file: AttachmentView;
  chatId: string;
  messageKey: string;
}

/** What a row shows and does, whichever player has it. */
export function useSound(place: () => SoundPlace) {
  const accountId = useAccountId();
  const voice = useVoiceStore();
  const player = usePlayerStore();

  const inPlayer = computed(() => !place().file.voice && place().file.uploadId === null);
  const sound = computed<Sound>(() => {
    const { file, chatId, messageKey } = place();
    const { id, url, duration: seconds } = file;
    return { accountId, chatId, messageKey, id, url, seconds, voice: file.voice };
  });
  const current = computed(() =>
    inPlayer.value ? player.isCurrent(accountId, place().file.id) : voice.isCurrent(sound.value),
  );
  const seconds = computed(() => {
    const known = place().file.duration;
    if (!current.value) return known;
    return (inPlayer.value ? player.duration || null : voice.seconds) ?? known;
  });

  function play(): void {
    const { file, chatId, messageKey } = place();
    player.playNow(playableFile(accountId, file, { chatId, messageId: messageKey }));
  }

  return {
    /** Voice messages have a speed. */
    inPlayer,
    current,
    seconds,
    playing: computed(() => current.value && (inPlayer.value ? player.playing : voice.playing)),
    /** Seconds. */
    at: computed(() => (current.value ? (inPlayer.value ? player.at : voice.at) : 0)),
    /** The player says its own problems in words of its own. */
    problem: computed(() => (current.value && !inPlayer.value ? voice.problem : null)),
    toggle(): void {
      if (!inPlayer.value) voice.toggle(sound.value);
      else if (current.value) player.toggle();
      else play();
    },
    seek(second: number): void {
      if (!inPlayer.value) return voice.seek(sound.value, second);
      if (!current.value) play();
      player.seek(second);
    },
  };
}
