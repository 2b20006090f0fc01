/**
 * While an input method composes, every key is its own: Enter chooses a word, Escape gives one up, arrows walk through
 * candidates. One guard before everybody else who listens, so that no key of ours acts, wherever it was bound.
 */

/** 229 is what a key is called that an input method has taken; some send it before they say that they compose. */
const TAKEN = 229;

function guard(event: KeyboardEvent): void {
  if (event.isComposing || event.keyCode === TAKEN) event.stopImmediatePropagation();
}

/** Guards the page. Answers its end. */
export function guardComposition(): () => void {
  const controller = new AbortController();
  for (const type of ['keydown', 'keyup', 'keypress'] as const)
    window.addEventListener(type, guard, { capture: true, signal: controller.signal });
  return () => controller.abort();
}
