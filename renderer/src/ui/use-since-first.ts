/** Lazy mounting: rarely needed parts are rendered when first needed, and kept from then on. */
import { readonly, ref, watch, type Ref } from 'vue';

/** Becomes true when `wanted` does, and stays true. */
export function useSinceFirst(wanted: () => boolean): Readonly<Ref<boolean>> {
  const since = ref(wanted());
  const stop = watch(wanted, (now) => {
    if (!now) return;
    since.value = true;
    stop();
  });
  return readonly(since);
}
