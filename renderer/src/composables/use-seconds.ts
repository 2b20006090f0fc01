/** The time for a countdown: read again every second while one runs. */
import { onScopeDispose, ref, watch, type Ref } from 'vue';

/** Milliseconds since the epoch. `runs`: false while nothing counts. */
export function useSeconds(runs: () => boolean): Readonly<Ref<number>> {
  const now = ref(Date.now());
  let timer: ReturnType<typeof setInterval> | undefined;
  const stop = (): void => clearInterval(timer);
  watch(
    runs,
    (isRunning) => {
      stop();
      now.value = Date.now();
      if (isRunning) timer = setInterval(() => (now.value = Date.now()), 1000);
    },
    { immediate: true },
  );
  onScopeDispose(stop);
  return now;
}
