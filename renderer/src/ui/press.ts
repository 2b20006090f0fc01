/**
 * Nothing may move between press and release: a button that moves away under the pointer is not clicked. Anything that
 * would change the layout (a problem below a field that lost the focus, filters that disappear) waits here until the
 * pointer is up.
 */
import { computed, shallowRef, watch, type ComputedRef } from 'vue';

/** Pixels after which a press is no longer a click: a selection, or something is dragged. */
const DRAG_PX = 5;

let pressed = false;
const waiting: (() => void)[] = [];
/** What is being pressed and may yet be clicked. */
const clickTarget = shallowRef<Element | null>(null);
let from = { x: 0, y: 0 };

function press({ target, clientX: x, clientY: y }: PointerEvent): void {
  pressed = true;
  from = { x, y };
  clickTarget.value = target instanceof Element ? target : null;
}

function release(): void {
  if (!pressed) return;
  pressed = false;
  // The click event follows the release and still belongs to the pressed element.
  setTimeout(() => {
    if (!pressed) clickTarget.value = null;
    for (const run of waiting.splice(0)) run();
  });
}

function move({ buttons, clientX, clientY }: PointerEvent): void {
  if (buttons === 0) release();
  else if (clickTarget.value && Math.hypot(clientX - from.x, clientY - from.y) > DRAG_PX) clickTarget.value = null;
}

/** Tracks the pointer over the whole page. Returns a disposer. */
export function watchPresses(): () => void {
  const controller = new AbortController();
  const options = { capture: true, passive: true, signal: controller.signal };
  document.addEventListener('pointerdown', press, options);
  document.addEventListener('pointerup', release, options);
  document.addEventListener('pointercancel', release, options);
  // What is clicked is decided by now, and what the click does may change what was held.
  document.addEventListener('click', () => (clickTarget.value = null), options);
  // A release over a scroll bar or a native menu is not reported: the next move tells.
  document.addEventListener('pointermove', move, options);
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

/** Follows `source`, but keeps its value while something is pressed that `concerns` and may yet be clicked. */
export function useHeldWhilePressed<T>(source: () => T, concerns: (pressed: Element) => boolean): ComputedRef<T> {
  const held = shallowRef<{ value: T } | null>(null);
  watch(
    clickTarget,
    (target) => {
      held.value = target && concerns(target) ? (held.value ?? { value: source() }) : null;
    },
    { flush: 'sync' },
  );
  return computed(() => (held.value ? held.value.value : source()));
}
