/**
 * Whether the person works with the keyboard: only then is a ring drawn where the focus is. The browser's own judgement
 * knows nothing of a focus that the program has given, and rings the first row of a list that was just started.
 */

/** Keys that alone lead nowhere. */
const MODIFIERS = new Set(['Shift', 'Control', 'Alt', 'Meta', 'AltGraph', 'CapsLock']);

/** Keeps `data-keys` on the page's root while the last word was a key's. Answers its end. */
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
