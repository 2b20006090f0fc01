/** One's own picture in a corner: dragging it towards another corner puts it there. */
import { ref } from 'vue';

export type Corner = 'top-left' | 'top-right' | 'bottom-left' | 'bottom-right';

/** The corner of an area that is nearest to a point, all in the same coordinates. */
export function cornerAt(
  x: number,
  y: number,
  area: { left: number; top: number; width: number; height: number },
): Corner {
  const side = x < area.left + area.width / 2 ? 'left' : 'right';
  return y < area.top + area.height / 2 ? `top-${side}` : `bottom-${side}`;
}

export function useSelfView(area: () => HTMLElement | null) {
  const corner = ref<Corner>('bottom-right');
  return {
    corner,
    grab(event: PointerEvent): void {
      if (event.button === 0 && event.currentTarget instanceof HTMLElement)
        event.currentTarget.setPointerCapture(event.pointerId);
    },
    drop(event: PointerEvent): void {
      const box = area()?.getBoundingClientRect();
      if (box) corner.value = cornerAt(event.clientX, event.clientY, box);
    },
  };
}
