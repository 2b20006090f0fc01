/**
 * Whether the page draws the window's title bar, with the system's buttons over it. Its place is in CSS: `--title-bar` of
 * the tokens is its height, and 0 where the system draws the bar, or the window fills the screen.
 */
import { onScopeDispose, ref, type Ref } from 'vue';

/** Not among TypeScript's own types of the DOM. */
interface ControlsOverlay extends EventTarget {
  readonly visible: boolean;
}

function controlsOverlay(): ControlsOverlay | null {
  const { windowControlsOverlay = null } = navigator as Navigator & { windowControlsOverlay?: ControlsOverlay };
  return windowControlsOverlay;
}

/** Follows it for the calling scope. */
export function useTitleBar(): Ref<boolean> {
  const overlay = controlsOverlay();
  const visible = ref(overlay?.visible ?? false);
  const look = (): void => {
    visible.value = overlay?.visible ?? false;
  };
  overlay?.addEventListener('geometrychange', look);
  onScopeDispose(() => overlay?.removeEventListener('geometrychange', look));
  return visible;
}
