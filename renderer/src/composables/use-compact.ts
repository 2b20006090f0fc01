/** Whether the window is too narrow for two panes beside each other. */
import { onScopeDispose, readonly, ref, type Ref } from 'vue';

/** Below this the page is one column; the same figure stands in the styles' media queries. */
const COMPACT_QUERY = '(width < 720px)';

/** Whether it is so now. */
export function isCompact(): boolean {
  return window.matchMedia(COMPACT_QUERY).matches;
}

export function useCompact(): Readonly<Ref<boolean>> {
  const query = window.matchMedia(COMPACT_QUERY);
  const compact = ref(query.matches);
  const onChange = (event: MediaQueryListEvent) => (compact.value = event.matches);
  query.addEventListener('change', onChange);
  onScopeDispose(() => query.removeEventListener('change', onChange));
  return readonly(compact);
}
