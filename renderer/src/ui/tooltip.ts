/** What an element's tooltip says, as its attributes tell; see TooltipLayer.vue. */

export type TooltipSide = 'top' | 'right' | 'bottom' | 'left';

export interface TooltipWords {
  text: string;
  /** A key combination; empty for none. */
  keys: string;
  side: TooltipSide;
}

const SIDES: readonly string[] = ['top', 'right', 'bottom', 'left'] satisfies TooltipSide[];

function isSide(side: string | undefined): side is TooltipSide {
  return side !== undefined && SIDES.includes(side);
}

/** The element with a tooltip that an event at `target` is about; null for none. */
export function tooltipAt(target: EventTarget | null): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>('[data-tooltip]') : null;
}

/** The words of an element's tooltip; null when it has none, or when what it opens stands there and says more. */
export function tooltipOf(element: HTMLElement): TooltipWords | null {
  if (element.getAttribute('aria-expanded') === 'true') return null;
  const { tooltip = '', tooltipKeys = '', tooltipSide } = element.dataset;
  return tooltip === ''
    ? null
    : { text: tooltip, keys: tooltipKeys, side: isSide(tooltipSide) ? tooltipSide : 'bottom' };
}
