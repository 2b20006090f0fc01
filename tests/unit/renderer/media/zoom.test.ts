import { describe, expect, it, test } from 'vitest';
import {
  fitScale,
  fitted,
  isZoomed,
  panBy,
  pinchBy,
  settle,
  toggled,
  viewerKey,
  wheelFactor,
  zoomBy,
  type ViewerAction,
  type ZoomView,
} from '../../../../renderer/src/features/media/zoom.ts';

const STAGE = { width: 1000, height: 600 };
const LARGE = { width: 4000, height: 2000 };
const SMALL = { width: 200, height: 100 };
const MIDDLE = { x: 0, y: 0 };
const round = ({ scale, x, y }: ZoomView): number[] =>
  [scale, x, y].map((value) => Math.round(value * 1000) / 1000 + 0);

describe('fitScale', () => {
  it.each([
    ['a wide picture fills the width', LARGE, 0.25],
    ['a tall one the height', { width: 600, height: 1200 }, 0.5],
    ['a small one is not enlarged', SMALL, 1],
    ['one without a size', { width: 0, height: 0 }, 1],
  ])('%s', (_name, picture, scale) => {
    expect(fitScale(STAGE, picture)).toBe(scale);
  });
});

describe('settle', () => {
  it.each<[string, ZoomView, typeof LARGE, number[]]>([
    ['smaller than fitting', { scale: 0.1, x: 50, y: 50 }, LARGE, [0.25, 0, 0]],
    ['larger than eight times', { scale: 20, x: 0, y: 0 }, LARGE, [8, 0, 0]],
    ['a small one goes to eight times as well', { scale: 20, x: 0, y: 0 }, SMALL, [8, 0, 0]],
    ['an edge inside the stage is drawn back to it', { scale: 0.5, x: 900, y: -900 }, LARGE, [0.5, 500, -200]],
    ['a side that fits stays in the middle', { scale: 0.26, x: 0, y: 30 }, LARGE, [0.26, 0, 0]],
  ])('%s', (_name, view, picture, expected) => {
    expect(round(settle(view, STAGE, picture))).toEqual(expected);
  });
});

describe('zoomBy', () => {
  it.each<[string, ZoomView, number, { x: number; y: number }, number[]]>([
    ['in the middle', { scale: 0.5, x: 0, y: 0 }, 2, MIDDLE, [1, 0, 0]],
    ['under a point, which stays', { scale: 0.5, x: 0, y: 0 }, 2, { x: 100, y: -50 }, [1, -100, 50]],
    ['and back', { scale: 1, x: -100, y: 50 }, 0.5, { x: 100, y: -50 }, [0.5, 0, 0]],
    ['beyond the limit it does not move any more', { scale: 8, x: 10, y: 10 }, 2, { x: 300, y: 200 }, [8, 10, 10]],
  ])('%s', (_name, view, factor, point, expected) => {
    expect(round(zoomBy(view, factor, point, STAGE, LARGE))).toEqual(expected);
  });
});

test('panning ends at the edges', () => {
  const view = { scale: 1, x: 0, y: 0 };
  expect(round(panBy(view, { x: 100, y: -40 }, STAGE, LARGE))).toEqual([1, 100, -40]);
  expect(round(panBy(view, { x: 5000, y: -5000 }, STAGE, LARGE))).toEqual([1, 1500, -700]);
});

test('two fingers zoom around their middle and move the picture with them', () => {
  const before = [
    { x: -50, y: 0 },
    { x: 50, y: 0 },
  ] as const;
  const apart = [
    { x: -100, y: 0 },
    { x: 100, y: 0 },
  ] as const;
  const aside = [
    { x: 0, y: 20 },
    { x: 100, y: 20 },
  ] as const;
  const view = { scale: 0.5, x: 0, y: 0 };
  expect(round(pinchBy(view, before, apart, STAGE, LARGE))).toEqual([1, 0, 0]);
  expect(round(pinchBy(view, before, aside, STAGE, LARGE))).toEqual([0.5, 50, 20]);
});

test('a double click shows the true size, twice the size where that fits, and the whole again', () => {
  const true_ = toggled(fitted(STAGE, LARGE), MIDDLE, STAGE, LARGE);
  expect(true_.scale).toBe(1);
  expect(isZoomed(true_, STAGE, LARGE)).toBe(true);
  expect(toggled(true_, MIDDLE, STAGE, LARGE)).toEqual(fitted(STAGE, LARGE));
  expect(toggled(fitted(STAGE, SMALL), MIDDLE, STAGE, SMALL).scale).toBe(2);
});

describe('wheelFactor', () => {
  it.each([
    ['a notch down makes it smaller', { deltaY: 100, deltaMode: 0, ctrlKey: false }, Math.exp(-0.2)],
    ['a notch up larger', { deltaY: -100, deltaMode: 0, ctrlKey: false }, Math.exp(0.2)],
    ['in lines', { deltaY: 3, deltaMode: 1, ctrlKey: false }, Math.exp(-0.096)],
    ['in pages', { deltaY: 1, deltaMode: 2, ctrlKey: false }, Math.exp(-0.8)],
    ['a pinch is finer', { deltaY: -10, deltaMode: 0, ctrlKey: true }, Math.exp(0.1)],
  ])('%s', (_name, event, factor) => {
    expect(wheelFactor(event)).toBeCloseTo(factor, 10);
  });
});

describe('viewerKey', () => {
  const press = (key: string, more: object = {}) => ({ key, ctrlKey: false, metaKey: false, altKey: false, ...more });
  it.each<[string, ViewerAction | null, ViewerAction | null]>([
    ['+', { do: 'zoom', factor: 1.25 }, { do: 'zoom', factor: 1.25 }],
    ['=', { do: 'zoom', factor: 1.25 }, { do: 'zoom', factor: 1.25 }],
    ['-', { do: 'zoom', factor: 0.8 }, { do: 'zoom', factor: 0.8 }],
    ['0', { do: 'fit' }, { do: 'fit' }],
    ['ArrowLeft', { do: 'go', by: -1 }, { do: 'pan', by: { x: 80, y: 0 } }],
    ['ArrowRight', { do: 'go', by: 1 }, { do: 'pan', by: { x: -80, y: 0 } }],
    ['ArrowUp', null, { do: 'pan', by: { x: 0, y: 80 } }],
    ['ArrowDown', null, { do: 'pan', by: { x: 0, y: -80 } }],
    ['PageDown', { do: 'go', by: 1 }, { do: 'go', by: 1 }],
    ['PageUp', { do: 'go', by: -1 }, { do: 'go', by: -1 }],
    ['x', null, null],
  ])('%s', (key, whole, zoomed) => {
    expect(viewerKey(press(key), false)).toEqual(whole);
    expect(viewerKey(press(key), true)).toEqual(zoomed);
    expect(viewerKey(press(key, { ctrlKey: true }), true)).toBeNull();
    expect(viewerKey(press(key, { metaKey: true }), true)).toBeNull();
    expect(viewerKey(press(key, { altKey: true }), true)).toBeNull();
  });
});
