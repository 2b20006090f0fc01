/** The current time, for text that goes stale. One timer shared by all users of it, none when it is unused. */
import { onScopeDispose, readonly, ref, type Ref } from 'vue';

const STEP_MS = 60_000;
const now = ref(Date.now());
let watchers = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

function tick(): void {
  now.value = Date.now();
  // Aligned to the minute, so that "tomorrow" changes at midnight and a mute ends on time.
  timer = setTimeout(tick, STEP_MS - (now.value % STEP_MS) + 5);
}

/** Milliseconds since the epoch, updated every minute while the calling component lives. */
export function useNow(): Readonly<Ref<number>> {
  watchers += 1;
  if (watchers === 1) tick();
  onScopeDispose(() => {
    watchers -= 1;
    if (watchers === 0) clearTimeout(timer);
  });
  return readonly(now);
}
