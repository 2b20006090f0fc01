/**
 * Nothing may move between a press and its release: a button that jumps away under the finger is not clicked. What would
 * move something (words that appear under a field that was left, filters that go away) waits here until the pointer is up.
 */

let pressed = false;
const waiting: (() => void)[] = [];

function release(): void {
  if (!pressed) return;
  pressed = false;
  // The click comes right after the release, and still belongs to what was pressed.
  setTimeout(() => {
    for (const run of waiting.splice(0)) run();
  });
}

/** Watches the pointer over the whole page. Answers its end. */
export function watchPresses(): () => void {
  const controller = new AbortController();
  const options = { capture: true, passive: true, signal: controller.signal };
  document.addEventListener('pointerdown', () => (pressed = true), options);
  document.addEventListener('pointerup', release, options);
  document.addEventListener('pointercancel', release, options);
  // A drag of the browser's own ends without a release.
  document.addEventListener('dragend', release, options);
  // Not in the capture phase: there every field's own blur would pass.
  window.addEventListener('blur', release, { signal: controller.signal });
  return () => {
    controller.abort();
    release();
  };
}

/** Runs at once, or after the release when the pointer is down. */
export function afterRelease(run: () => void): void {
  if (pressed) waiting.push(run);
  else run();
}
