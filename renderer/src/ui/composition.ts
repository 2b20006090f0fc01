/**
 * During IME composition all keys belong to the input method: Enter commits, Escape cancels, arrows move through
 * candidates. A single guard runs before all other listeners, so that none of our key handlers reacts.
 */

/** The keyCode of a key consumed by an input method; some send it before `isComposing` is set. */
const TAKEN = 229;

function guard(event: KeyboardEvent): void {
  if (event.isComposing || event.keyCode === TAKEN) event.stopImmediatePropagation();
}

/** Guards the page. Returns a disposer. */
export function guardComposition(): () => void {
  const controller = new AbortController();
  for (const type of ['keydown', 'keyup', 'keypress'] as const)
    window.addEventListener(type, guard, { capture: true, signal: controller.signal });
  return () => controller.abort();
}
