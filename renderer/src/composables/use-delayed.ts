/** Delays a loading indicator, so that short waits do not flash. */
import { onScopeDispose, ref, watch, type Ref } from 'vue';

/** True once `waiting` has been true for `ms` without interruption; false immediately when it ends. */
export function useDelayed(waiting: () => boolean, ms = 150): Readonly<Ref<boolean>> {
  const shown = ref(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  watch(
    waiting,
    (now) => {
      clearTimeout(timer);
      if (now) timer = setTimeout(() => (shown.value = true), ms);
      else shown.value = false;
    },
    { immediate: true },
  );
  onScopeDispose(() => clearTimeout(timer));
  return shown;
}
