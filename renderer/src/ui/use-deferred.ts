/** Keeps what is drawn in its place while the pointer is down. */
import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue';
import { afterRelease } from './press.ts';

/**
 * The value of `source`, whose changes wait until the pointer is up. For whatever moves other controls by appearing,
 * going away or changing its order: a control that moves between press and release is not clicked.
 */
export function useDeferred<T>(source: () => T): Readonly<ShallowRef<T>> {
  const shown = shallowRef(source()) as ShallowRef<T>;
  let alive = true;
  let queued = false;
  watch(source, () => {
    if (queued) return;
    queued = true;
    afterRelease(() => {
      queued = false;
      // The newest value, whatever came meanwhile.
      if (alive) shown.value = source();
    });
  });
  onScopeDispose(() => (alive = false));
  return shown;
}
