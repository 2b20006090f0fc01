/**
 * Whether the reader is holding the scroll position: a finger on the screen, or the pointer on the scrollbar. Writing
 * the position then would fight the user.
 */
export interface Hands {
  holding(): boolean;
  stop(): void;
}

/** Tracks input on `box`; `upwards` is called when a wheel or a key is about to scroll towards the start. */
export function trackHands(box: HTMLElement, upwards: () => void): Hands {
  let held = false;
  const hold = (): void => {
    held = true;
  };
  const free = (): void => {
    held = false;
  };
  const pointer = (event: PointerEvent): void => {
    if (event.target === box && event.offsetX >= box.clientWidth) hold();
  };
  // The end of a scrollbar drag is not always reported; pointer movement without a pressed button implies it.
  const moved = (event: PointerEvent): void => {
    if (held && event.pointerType === 'mouse' && event.buttons === 0) free();
  };
  const wheel = (event: WheelEvent): void => {
    if (event.deltaY < 0) upwards();
  };
  const key = (event: KeyboardEvent): void => {
    if (event.target === box && ['ArrowUp', 'PageUp'].includes(event.key)) upwards();
  };
  const controller = new AbortController();
  const { signal } = controller;
  box.addEventListener('pointerdown', pointer, { signal });
  box.addEventListener('touchstart', hold, { signal, passive: true });
  box.addEventListener('touchend', free, { signal });
  box.addEventListener('touchcancel', free, { signal });
  box.addEventListener('wheel', wheel, { signal, passive: true });
  box.addEventListener('keydown', key, { signal });
  window.addEventListener('pointerup', free, { signal });
  window.addEventListener('pointercancel', free, { signal });
  window.addEventListener('pointermove', moved, { signal, passive: true });
  return { holding: () => held, stop: () => controller.abort() };
}
