/** The length of a running call, second by second. */
import { onScopeDispose, ref, watch, type Ref } from 'vue';

/** Seconds since `since`, a time in milliseconds; 0 while it is null. */
export function useCallTime(since: () => number | null): Readonly<Ref<number>> {
  const seconds = ref(0);
  let timer: ReturnType<typeof setTimeout> | undefined;

  function tick(): void {
    const from = since();
    clearTimeout(timer);
    if (from === null) {
      seconds.value = 0;
      return;
    }
    const passed = Math.max(0, Date.now() - from);
    seconds.value = Math.floor(passed / 1000);
    timer = setTimeout(tick, 1000 - (passed % 1000) + 5);
  }

  watch(since, tick, { immediate: true });
  onScopeDispose(() => clearTimeout(timer));
  return seconds;
}
