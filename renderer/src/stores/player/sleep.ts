/** The sleep timer: when the music should stop by itself. */
import { shallowRef, type Ref } from 'vue';

/** At a time (milliseconds since the epoch), or after the current track. */
export type Sleep = { kind: 'time'; at: number } | { kind: 'track' };

export interface SleepTimer {
  readonly sleep: Readonly<Ref<Sleep | null>>;
  set(next: Sleep | null): void;
}

/** `stop` is called when the time has come. */
export function createSleepTimer(stop: () => void): SleepTimer {
  const sleep = shallowRef<Sleep | null>(null);
  let timer: ReturnType<typeof setTimeout> | null = null;

  function set(next: Sleep | null): void {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    sleep.value = next;
    if (next?.kind !== 'time') return;
    timer = setTimeout(
      () => {
        set(null);
        stop();
      },
      Math.max(0, next.at - Date.now()),
    );
  }

  return { sleep, set };
}
