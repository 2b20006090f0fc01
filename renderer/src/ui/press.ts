/**
 * Nothing may move between press and release: a button that moves away under the pointer is not clicked. Anything that
 * would change the layout (a problem below a field that lost the focus, filters that disappear) waits here until the
 * pointer is up.
 */

let pressed = false;
const waiting: (() => void)[] = [];

function release(): void {
  if (!pressed) return;
  pressed = false;
  // The click event follows the release and still belongs to the pressed element.
  setTimeout(() => {
    for (const run of waiting.splice(0)) run();
  });
}

/** Tracks the pointer over the whole page. Returns a disposer. */
export function watchPresses(): () => void {
  const controller = new AbortController();
  const options = { capture: true, passive: true, signal: controller.signal };
  document.addEventListener('pointerdown', () => (pressed = true), options);
  document.addEventListener('pointerup', release, options);
  document.addEventListener('pointercancel', release, options);
  // A release over a scroll bar or a native menu is not reported: the next move tells.
  document.addEventListener('pointermove', (event) => event.buttons === 0 && release(), options);
  // A native drag ends without a release.
  document.addEventListener('dragend', release, options);
  // Not in the capture phase, where every field's own blur would pass too.
  window.addEventListener('blur', release, { signal: controller.signal });
  return () => {
    controller.abort();
    release();
  };
}

/** Runs at once, or after the release if the pointer is down. */
export function afterRelease(run: () => void): void {
  if (pressed) waiting.push(run);
  else run();
}
