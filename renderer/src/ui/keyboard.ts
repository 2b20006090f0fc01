/**
 * Whether the user is working with the keyboard: focus rings are drawn only then. The browser's own heuristic ignores
 * that the program set the focus, and draws a ring around the first row of a list at startup.
 */

/** Keys that do nothing on their own. */
const MODIFIERS = new Set(['Shift', 'Control', 'Alt', 'Meta', 'AltGraph', 'CapsLock']);

/** Sets `data-keys` on the root while the last input was a key. Returns a disposer. */
export function watchKeyboard(root: HTMLElement = document.documentElement): () => void {
  const controller = new AbortController();
  const options = { capture: true, passive: true, signal: controller.signal };
  const onKey = (event: KeyboardEvent): void => {
    if (!MODIFIERS.has(event.key)) root.toggleAttribute('data-keys', true);
  };
  window.addEventListener('keydown', onKey, options);
  window.addEventListener('pointerdown', () => root.toggleAttribute('data-keys', false), options);
  return () => controller.abort();
}
