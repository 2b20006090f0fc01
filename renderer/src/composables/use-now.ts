/** The time, for words that go stale. One timer for all who look, none when nobody does. */
import { onScopeDispose, readonly, ref, type Ref } from 'vue';

const STEP_MS = 60_000;
const now = ref(Date.now());
let watchers = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

function tick(): void {
  now.value = Date.now();
  // On the minute, so that "tomorrow" comes at midnight and a mute ends when it says.
  timer = setTimeout(tick, STEP_MS - (now.value % STEP_MS) + 5);
}

/** Milliseconds since the epoch, anew each minute, while the calling component lives. */
export function useNow(): Readonly<Ref<number>> {
  watchers += 1;
  if (watchers === 1) tick();
  onScopeDispose(() => {
    watchers -= 1;
    if (watchers === 0) clearTimeout(timer);
  });
  return readonly(now);
}
