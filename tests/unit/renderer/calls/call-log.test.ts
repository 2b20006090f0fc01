/** What a recap says of a call's connection. */
import { describe, expect, it, test } from 'vitest';
import type { TrackView } from '../../../../contract/ipc/music-views.ts';
import type { Quality } from '../../../../renderer/src/engines/peer/quality.ts';
import { createCallLog, curveOf, usualQuality } from '../../../../renderer/src/stores/call-log.ts';

const many = (count: number, quality: Quality): Quality[] => Array.from({ length: count }, () => quality);

test.each<[readings: Quality[], usual: Quality | null]>([
  [[], null],
  [['fair'], 'fair'],
  [[...many(9, 'good'), 'bad'], 'good'],
  [[...many(8, 'good'), 'bad', 'bad'], 'bad'],
  [[...many(50, 'good'), ...many(50, 'poor')], 'poor'],
])('what nine of ten readings reach: %s', (readings, usual) => {
  expect(usualQuality(readings)).toBe(usual);
});

describe('the curve', () => {
  it('has a bar per reading while there are few, and the worst of each part when there are many', () => {
    expect(curveOf(['good', 'bad', 'fair'])).toEqual(['good', 'bad', 'fair']);
    const curve = curveOf([...many(320, 'good'), 'poor', ...many(319, 'good')]);
    expect(curve).toHaveLength(32);
    expect(curve.filter((level) => level === 'poor')).toHaveLength(1);
  });

  it('of a call of many hours stays whole and small', () => {
    const log = createCallLog();
    for (let n = 0; n < 20_000; n++) log.reading(n < 10_000 ? 'good' : 'poor');
    const { curve, quality } = log.recap();
    expect([curve.length, curve[0], curve.at(-1), quality]).toEqual([32, 'good', 'poor', 'poor']);
  });
});

test('what was heard together is named once', () => {
  const log = createCallLog();
  const track = (id: string): TrackView => ({ id, title: id }) as TrackView;
  for (const id of ['one', 'two', 'one']) log.heard(track(id));
  expect(log.recap().tracks.map(({ id }) => id)).toEqual(['one', 'two']);
});
