/** Whether the window is too narrow for two panes side by side. */
import { onScopeDispose, readonly, ref, type Ref } from 'vue';

/** Below this the page has a single column; the media queries in the styles use the same value. */
const COMPACT_QUERY = '(width < 720px)';

/** The current state. */
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
