import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeWindow, SMALLEST } from '../../../../electron/main/windows/bounds.ts';

const LAPTOP = { x: 0, y: 25, width: 1440, height: 875 };
const RIGHT = { x: 1440, y: 0, width: 1920, height: 1080 };

describe('where the window opens', () => {
  it.each([
    ['nothing stored', {}, [LAPTOP], { width: 1280, height: 800, maximized: false }],
    ['nonsense stored', { x: 'a', y: null }, [LAPTOP], { width: 1280, height: 800, maximized: false }],
    [
      'not a number stored',
      { x: Number.NaN, y: 0, width: 5, height: 5, maximized: false },
      [LAPTOP],
      { width: 1280, height: 800, maximized: false },
    ],
    ['a small display', {}, [{ x: 0, y: 0, width: 1024, height: 600 }], { width: 1024, height: 600, maximized: false }],
    [
      'where it was',
      { x: 100, y: 100, width: 900, height: 700, maximized: false },
      [LAPTOP],
      { x: 100, y: 100, width: 900, height: 700, maximized: false },
    ],
    [
      'on the second display',
      { x: 1500, y: 10, width: 900, height: 700, maximized: true },
      [LAPTOP, RIGHT],
      { x: 1500, y: 10, width: 900, height: 700, maximized: true },
    ],
    [
      'on a display that is gone',
      { x: 1500, y: 10, width: 900, height: 700, maximized: false },
      [LAPTOP],
      { width: 900, height: 700, maximized: false },
    ],
    [
      'title bar above every display',
      { x: 100, y: -500, width: 900, height: 700, maximized: false },
      [LAPTOP],
      { width: 900, height: 700, maximized: false },
    ],
    [
      'larger than the display',
      { x: 0, y: 25, width: 5000, height: 5000, maximized: false },
      [LAPTOP],
      { x: 0, y: 25, width: 1440, height: 875, maximized: false },
    ],
    [
      'smaller than it may be',
      { x: 10, y: 30, width: 1, height: 1, maximized: false },
      [LAPTOP],
      { width: 480, height: 400, maximized: false },
    ],
    ['no display at all', {}, [], { width: 1280, height: 800, maximized: false }],
  ])('%s', (_what, stored, displays, expected) => {
    expect(placeWindow(stored, displays)).toEqual(expected);
  });

  it('can always be seen and grabbed', () => {
    const side = fc.integer({ min: -5000, max: 5000 });
    const size = fc.integer({ min: 0, max: 6000 });
    fc.assert(
      fc.property(side, side, size, size, (x, y, width, height) => {
        const place = placeWindow({ x, y, width, height, maximized: false }, [LAPTOP, RIGHT]);
        expect(place.width).toBeGreaterThanOrEqual(SMALLEST.width);
        expect(place.height).toBeGreaterThanOrEqual(SMALLEST.height);
        if (place.x === undefined || place.y === undefined) return;
        const { x: left, y: top, width: wide = 0 } = place;
        const seen = [LAPTOP, RIGHT].some(
          (display) =>
            Math.min(left + wide, display.x + display.width) - Math.max(left, display.x) >= 100 &&
            top + 40 >= display.y + 20 &&
            top <= display.y + display.height - 20,
        );
        expect(seen).toBe(true);
      }),
    );
  });
});
