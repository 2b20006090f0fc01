/** Zoom and pan on an element by wheel, pointers and buttons; the arithmetic is in zoom.ts. */
import { computed, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue';
import {
  fitted,
  isZoomed,
  panBy,
  pinchBy,
  settle,
  toggled,
  wheelFactor,
  zoomBy,
  type Point,
  type Size,
  type ZoomView,
} from './zoom.ts';

export interface Zoom {
  view: ShallowRef<ZoomView>;
  zoomed: Readonly<Ref<boolean>>;
  /** The last change was a step, not a drag: it may be animated. */
  smooth: Ref<boolean>;
  by(factor: number): void;
  pan(by: Point): void;
  /** Shows all of it. */
  reset(smoothly?: boolean): void;
  onWheel(event: WheelEvent): void;
  onDown(event: PointerEvent): void;
  onMove(event: PointerEvent): void;
  onUp(event: PointerEvent): void;
  onDouble(event: MouseEvent): void;
  stop(): void;
}

/** `picture`: its size in pixels; a new one keeps the whole picture in view if it was. */
export function useZoom(element: Readonly<Ref<HTMLElement | null>>, picture: Readonly<Ref<Size>>): Zoom {
  const stage = shallowRef<Size>({ width: 1, height: 1 });
  const view = shallowRef<ZoomView>(fitted(stage.value, picture.value));
  const smooth = ref(false);
  const zoomed = computed(() => isZoomed(view.value, stage.value, picture.value));
  /** The pointers that are down, by id. */
  const pointers = new Map<number, Point>();

  function set(next: ZoomView, smoothly: boolean): void {
    smooth.value = smoothly;
    view.value = next;
  }

  function pointOf(event: { clientX: number; clientY: number }): Point {
    const box = element.value?.getBoundingClientRect();
    if (!box) return { x: 0, y: 0 };
    return { x: event.clientX - box.left - box.width / 2, y: event.clientY - box.top - box.height / 2 };
  }

  const observer = new ResizeObserver(([entry]) => {
    if (!entry) return;
    const whole = !zoomed.value;
    stage.value = { width: entry.contentRect.width, height: entry.contentRect.height };
    set(whole ? fitted(stage.value, picture.value) : settle(view.value, stage.value, picture.value), false);
  });
  watch(
    element,
    (now, before) => {
      if (before) observer.unobserve(before);
      if (now) observer.observe(now);
    },
    { immediate: true, flush: 'post' },
  );
  watch(picture, (now, before) => {
    const whole = !isZoomed(view.value, stage.value, before);
    set(whole ? fitted(stage.value, now) : settle(view.value, stage.value, now), false);
  });

  function twoPointers(): [Point, Point] | null {
    const [first, second] = pointers.values();
    return first && second ? [first, second] : null;
  }

  return {
    view,
    zoomed,
    smooth,
    by: (factor) => set(zoomBy(view.value, factor, { x: 0, y: 0 }, stage.value, picture.value), true),
    pan: (by) => set(panBy(view.value, by, stage.value, picture.value), true),
    reset: (smoothly = false) => set(fitted(stage.value, picture.value), smoothly),
    onWheel(event) {
      set(zoomBy(view.value, wheelFactor(event), pointOf(event), stage.value, picture.value), false);
    },
    onDown(event) {
      if (event.button !== 0 || !(event.currentTarget instanceof Element)) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      pointers.set(event.pointerId, pointOf(event));
    },
    onMove(event) {
      const from = pointers.get(event.pointerId);
      if (!from) return;
      const before = twoPointers();
      const to = pointOf(event);
      pointers.set(event.pointerId, to);
      const after = twoPointers();
      if (before && after) set(pinchBy(view.value, before, after, stage.value, picture.value), false);
      else set(panBy(view.value, { x: to.x - from.x, y: to.y - from.y }, stage.value, picture.value), false);
    },
    onUp: (event) => void pointers.delete(event.pointerId),
    onDouble: (event) => set(toggled(view.value, pointOf(event), stage.value, picture.value), true),
    stop: () => observer.disconnect(),
  };
}
