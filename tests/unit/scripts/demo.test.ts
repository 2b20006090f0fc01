import { expect, it } from 'vitest';
import { placeWindow } from '../../../electron/main/windows/bounds.ts';
import { demoPlace } from '../../../scripts/lib/demo.ts';

const DISPLAY = { x: 0, y: 0, width: 1440, height: 860 };

it('puts the two windows of the demonstration side by side, as the application reads its own memory', () => {
  const [first, second] = [demoPlace(0), demoPlace(1)].map((place) => placeWindow(place, [DISPLAY]));
  expect(first).toEqual(demoPlace(0));
  expect(second).toEqual(demoPlace(1));
  expect(second?.x).toBe(demoPlace(0).x + demoPlace(0).width);
  expect(demoPlace(1).x + demoPlace(1).width).toBeLessThanOrEqual(DISPLAY.width);
});
