/**
 * Zoom and pan of a picture on a stage. Pure. Points are CSS pixels from the stage's centre; a scale of 1 shows one
 * picture pixel per CSS pixel.
 */

export interface Size {
  width: number;
  height: number;
}
export interface Point {
  x: number;
  y: number;
}
/** `x` and `y`: the picture's centre. */
export interface ZoomView extends Point {
  scale: number;
}

/** The largest scale, and how far a picture that fits can be enlarged beyond its fitting size. */
const MAX_SCALE = 8;
const MAX_BEYOND_FIT = 4;
/** Factor of one key press. */
export const ZOOM_STEP = 1.25;
/** Pixels of one key press while panning. */
export const PAN_STEP = 80;
const PER_WHEEL_PIXEL = 0.002;
const PER_PINCH_PIXEL = 0.01;
const LINE_PIXELS = 16;
const PAGE_PIXELS = 400;

/** The scale at which the whole picture is visible; a small picture is not enlarged. */
export function fitScale(stage: Size, picture: Size): number {
  if (picture.width <= 0 || picture.height <= 0) return 1;
  return Math.min(1, stage.width / picture.width, stage.height / picture.height);
}

/** The picture as a whole, centred. */
export function fitted(stage: Size, picture: Size): ZoomView {
  return { scale: fitScale(stage, picture), x: 0, y: 0 };
}

/** True when part of the picture may be outside the stage, so that it can be panned. */
export function isZoomed(view: ZoomView, stage: Size, picture: Size): boolean {
  return view.scale > fitScale(stage, picture) * 1.001;
}

/** Keeps the scale in its range, and the picture's edges at or outside those of the stage, or centred. */
export function settle(view: ZoomView, stage: Size, picture: Size): ZoomView {
  const fit = fitScale(stage, picture);
  const scale = Math.min(Math.max(view.scale, fit), Math.max(MAX_SCALE, fit * MAX_BEYOND_FIT));
  const rest = (stageEdge: number, edge: number): number => Math.max(0, (edge * scale - stageEdge) / 2);
  const within = (value: number, most: number): number => Math.min(Math.max(value, -most), most) + 0;
  return {
    scale,
    x: within(view.x, rest(stage.width, picture.width)),
    y: within(view.y, rest(stage.height, picture.height)),
  };
}

/** Zooms by a factor; what lies under `point` stays there as far as the edges allow. */
export function zoomBy(view: ZoomView, factor: number, point: Point, stage: Size, picture: Size): ZoomView {
  const { scale } = settle({ ...view, scale: view.scale * factor }, stage, picture);
  const change = scale / view.scale;
  return settle(
    { scale, x: point.x - (point.x - view.x) * change, y: point.y - (point.y - view.y) * change },
    stage,
    picture,
  );
}

/** Moves the picture. */
export function panBy(view: ZoomView, by: Point, stage: Size, picture: Size): ZoomView {
  return settle({ ...view, x: view.x + by.x, y: view.y + by.y }, stage, picture);
}

/** Two fingers that were at `before` are now at `after`: zooms around their middle, and follows it. */
export function pinchBy(
  view: ZoomView,
  before: readonly [Point, Point],
  after: readonly [Point, Point],
  stage: Size,
  picture: Size,
): ZoomView {
  const middle = ([a, b]: readonly [Point, Point]): Point => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
  const spread = ([a, b]: readonly [Point, Point]): number => Math.max(1, Math.hypot(a.x - b.x, a.y - b.y));
  const from = middle(before);
  const to = middle(after);
  const zoomed = zoomBy(view, spread(after) / spread(before), from, stage, picture);
  return panBy(zoomed, { x: to.x - from.x, y: to.y - from.y }, stage, picture);
}

/** Between the whole picture and its true size; a picture that fits at its true size is doubled. */
export function toggled(view: ZoomView, point: Point, stage: Size, picture: Size): ZoomView {
  if (isZoomed(view, stage, picture)) return fitted(stage, picture);
  const fit = fitScale(stage, picture);
  return zoomBy(view, (fit < 1 ? 1 : 2) / view.scale, point, stage, picture);
}

/** The zoom factor of a wheel event; a touchpad's pinch arrives as a wheel event with Ctrl. */
export function wheelFactor(event: { deltaY: number; deltaMode: number; ctrlKey: boolean }): number {
  const unit = event.deltaMode === 1 ? LINE_PIXELS : event.deltaMode === 2 ? PAGE_PIXELS : 1;
  return Math.exp(-event.deltaY * unit * (event.ctrlKey ? PER_PINCH_PIXEL : PER_WHEEL_PIXEL));
}

export type ViewerAction =
  { do: 'zoom'; factor: number } | { do: 'fit' } | { do: 'pan'; by: Point } | { do: 'go'; by: 1 | -1 };

const ARROWS: Record<string, Point> = {
  ArrowLeft: { x: PAN_STEP, y: 0 },
  ArrowRight: { x: -PAN_STEP, y: 0 },
  ArrowUp: { x: 0, y: PAN_STEP },
  ArrowDown: { x: 0, y: -PAN_STEP },
};

/** What a key does; null for nothing. Arrows pan a zoomed picture, otherwise left and right go to its neighbours. */
export function viewerKey(
  event: { key: string; ctrlKey: boolean; metaKey: boolean; altKey: boolean },
  zoomed: boolean,
): ViewerAction | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  switch (event.key) {
    case '+':
    case '=':
      return { do: 'zoom', factor: ZOOM_STEP };
    case '-':
    case '_':
      return { do: 'zoom', factor: 1 / ZOOM_STEP };
    case '0':
      return { do: 'fit' };
    case 'PageUp':
      return { do: 'go', by: -1 };
    case 'PageDown':
      return { do: 'go', by: 1 };
    default: {
      const by = ARROWS[event.key];
      if (!by) return null;
      if (zoomed) return { do: 'pan', by };
      return by.x === 0 ? null : { do: 'go', by: by.x > 0 ? -1 : 1 };
    }
  }
}
