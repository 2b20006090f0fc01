/**
 * What is listened to: voice messages and other sound inline, one at a time over all chats and accounts. When a voice
 * message ends, the next one in its chat follows.
 */
import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import { mediaAddress } from '#contract/model/media-address.ts';
import { createVoicePlayer, type VoiceEvent, type VoicePlayer } from '../engines/voice-player.ts';
import { useMessagesStore } from './account/messages.ts';
import { nextVoice } from './account/messages/next-voice.ts';
import { useAccountsStore } from './accounts.ts';

export interface Sound {
  accountId: string;
  chatId: string;
  /** The message it is in; null for a recording that was not sent. */
  messageKey: string | null;
  /** The id of the file. */
  id: string;
  /** Main's address, or the `blob:` address of a recording. */
  url: string;
  /** Seconds, as far as known before it is loaded. */
  seconds: number | null;
  /** The next voice message follows. */
  voice: boolean;
}

export const SPEEDS = [1, 1.5, 2] as const;
export type Speed = (typeof SPEEDS)[number];

export const useVoiceStore = defineStore('voice', () => {
  const accounts = useAccountsStore();
  const current = shallowRef<Sound | null>(null);
  const playing = ref(false);
  /** Seconds from the begin. */
  const at = ref(0);
  const seconds = ref<number | null>(null);
  const speed = ref<Speed>(1);
  const problem = ref<'codec' | 'load' | null>(null);
  let player: VoicePlayer | null = null;

  function hear(event: VoiceEvent): void {
    switch (event.kind) {
      case 'playing':
      case 'paused':
        playing.value = event.kind === 'playing';
        return;
      case 'time':
        at.value = event.at;
        return;
      case 'length':
        seconds.value = event.seconds;
        return;
      case 'ended':
        return ended();
      case 'failed':
        playing.value = false;
        problem.value = event.reason;
    }
  }

  function ended(): void {
    playing.value = false;
    at.value = 0;
    const last = current.value;
    if (!last?.voice || last.messageKey === null || !accounts.get(last.accountId)) return;
    const next = nextVoice(useMessagesStore(last.accountId).state(last.chatId).window, last.messageKey, last.id);
    if (next) play({ ...last, ...next });
  }

  function isCurrent(sound: Pick<Sound, 'accountId' | 'id'>): boolean {
    return current.value?.id === sound.id && current.value.accountId === sound.accountId;
  }

  /** Makes it the current sound, unless it is already; false when its address is not one of ours. */
  function take(sound: Sound): boolean {
    player ??= createVoicePlayer(hear);
    if (isCurrent(sound) && problem.value === null) return true;
    const address = sound.url.startsWith('blob:') ? sound.url : mediaAddress(sound.url);
    if (address === null) return false;
    current.value = sound;
    at.value = 0;
    seconds.value = sound.seconds;
    problem.value = null;
    playing.value = false;
    player.load(address);
    player.speed(speed.value);
    return true;
  }

  function play(sound: Sound): void {
    if (take(sound)) player?.play();
  }

  function stop(): void {
    player?.unload();
    current.value = null;
    playing.value = false;
    at.value = 0;
    problem.value = null;
  }

  return {
    current,
    playing,
    at,
    seconds,
    speed,
    problem,
    isCurrent,
    play,
    pause: () => player?.pause(),
    /** Plays it, or pauses it if it is playing. */
    toggle(sound: Sound): void {
      if (isCurrent(sound) && playing.value) player?.pause();
      else play(sound);
    },
    /** Goes to a second of it; it becomes the current sound. */
    seek(sound: Sound, second: number): void {
      if (!take(sound)) return;
      at.value = second;
      player?.seek(second);
    },
    /** The next speed of SPEEDS. */
    changeSpeed(): void {
      speed.value = SPEEDS[(SPEEDS.indexOf(speed.value) + 1) % SPEEDS.length] ?? 1;
      player?.speed(speed.value);
    },
    /** Lets go of the sound, if it is one of these. */
    stopIf: (is: (sound: Sound) => boolean): void => void (current.value && is(current.value) && stop()),
  };
});
