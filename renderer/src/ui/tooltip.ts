/** Reads the tooltip from an element's attributes, and computes its position; see TooltipLayer.vue. */

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

/** The element with a tooltip for an event at `target`; null for none. */
export function tooltipAt(target: EventTarget | null): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>('[data-tooltip]') : null;
}

/** The tooltip of an element; null when it has none, or while the popup it controls is open. */
export function tooltipOf(element: HTMLElement): TooltipWords | null {
  if (element.getAttribute('aria-expanded') === 'true') return null;
  const { tooltip = '', tooltipKeys = '', tooltipSide } = element.dataset;
  return tooltip === ''
    ? null
    : { text: tooltip, keys: tooltipKeys, side: isSide(tooltipSide) ? tooltipSide : 'bottom' };
}

/** A rectangle in window pixels. */
export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** Pixels between an element and its tooltip, and between a tooltip and the edge of the window. */
const GAP = 6;
const MARGIN = 8;
const OPPOSITE: Record<TooltipSide, TooltipSide> = { top: 'bottom', bottom: 'top', left: 'right', right: 'left' };

/** Pixels left next to the anchor once the tooltip is there: negative if it does not fit. */
function roomAt(side: TooltipSide, anchor: Box, size: { width: number; height: number }, view: Box): number {
  switch (side) {
    case 'top':
      return anchor.top - GAP - size.height - MARGIN;
    case 'bottom':
      return view.height - MARGIN - (anchor.top + anchor.height + GAP + size.height);
    case 'left':
      return anchor.left - GAP - size.width - MARGIN;
    case 'right':
      return view.width - MARGIN - (anchor.left + anchor.width + GAP + size.width);
  }
}

/**
 * The top left corner of a tooltip of `size` next to `anchor`, centred on the preferred side, or on the opposite one if
 * that has more room; never beyond the edge of the window. `view`: the window, from 0, 0.
 */
export function placeTooltip(
  side: TooltipSide,
  anchor: Box,
  size: { width: number; height: number },
  view: Box,
): { left: number; top: number } {
  const other = OPPOSITE[side];
  const room = roomAt(side, anchor, size, view);
  const at = room < 0 && roomAt(other, anchor, size, view) > room ? other : side;
  const center = {
    left: anchor.left + (anchor.width - size.width) / 2,
    top: anchor.top + (anchor.height - size.height) / 2,
  };
  const place = {
    top: { left: center.left, top: anchor.top - GAP - size.height },
    bottom: { left: center.left, top: anchor.top + anchor.height + GAP },
    left: { left: anchor.left - GAP - size.width, top: center.top },
    right: { left: anchor.left + anchor.width + GAP, top: center.top },
  }[at];
  const inside = (from: number, length: number, limit: number): number =>
    Math.round(Math.max(MARGIN, Math.min(from, limit - MARGIN - length)));
  return { left: inside(place.left, size.width, view.width), top: inside(place.top, size.height, view.height) };
}
