import { describe, expect, it } from 'vitest';
import { canShow, isHuge } from '../../../../electron/main/lib/picture-size.ts';

describe('the size of a picture', () => {
  it.each([
    [6000, 4000, false, true],
    [6001, 4000, true, true],
    [16_000, 4000, true, true],
    [16_001, 4000, true, false],
    [null, 4000, false, false],
  ])('%s by %s is huge: %s, and shown here: %s', (width, height, huge, shown) => {
    expect(isHuge({ width, height })).toBe(huge);
    expect(canShow({ width, height })).toBe(shown);
  });
});
