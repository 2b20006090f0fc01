/** Statistics as four levels. */
import { describe, expect, test } from 'vitest';
import {
  cameraLimits,
  lossBetween,
  QUALITIES,
  qualityOf,
  readingOf,
  smallAtFirst,
  type Quality,
  type Reading,
} from '../../../../../renderer/src/engines/peer/quality.ts';

const reading = (more: Partial<Reading> = {}): Reading => ({
  ...{ roundTrip: 0.02, jitter: 0.002, received: 0, lost: 0, lostThere: 0 },
  ...more,
});

describe('the level is the worst of what is measured', () => {
  test.each<[string, Partial<Reading>, Quality]>([
    ['everything is fine', { received: 100 }, 'good'],
    ['nothing is known', { roundTrip: null, jitter: null, lostThere: null }, 'good'],
    ['a round trip at the limit', { roundTrip: 0.2 }, 'good'],
    ['a round trip beyond it', { roundTrip: 0.21 }, 'fair'],
    ['a long way', { roundTrip: 0.7 }, 'poor'],
    ['a satellite', { roundTrip: 0.9 }, 'bad'],
    ['jitter', { jitter: 0.05 }, 'fair'],
    ['much jitter', { jitter: 0.2 }, 'bad'],
    ['1 of 100 lost', { received: 99, lost: 1 }, 'good'],
    ['4 of 100 lost', { received: 96, lost: 4 }, 'fair'],
    ['10 of 100 lost', { received: 90, lost: 10 }, 'poor'],
    ['half of it lost', { received: 50, lost: 50 }, 'bad'],
    ['the other side misses a lot', { lostThere: 0.1 }, 'poor'],
  ])('%s', (_name, now, expected) => {
    expect(qualityOf(reading(), reading(now))).toBe(expected);
  });
});

test('loss counts between two readings only, and late packets are no gain', () => {
  expect(lossBetween(reading({ received: 1000, lost: 500 }), reading({ received: 1100, lost: 500 }))).toBe(0);
  expect(lossBetween(reading({ lost: 5 }), reading({ received: 10, lost: 3 }))).toBe(0);
  expect(lossBetween(reading(), reading())).toBeNull();
});

test('each level gives the camera less than the one before', () => {
  const rates = QUALITIES.map((quality) => cameraLimits(quality).maxBitrate);
  expect(rates).toEqual(rates.toSorted((one, other) => other - one));
  expect(new Set(rates).size).toBe(rates.length);
});

describe('at first the shorter side of the picture has 180 pixels, or fewer where the line is bad', () => {
  test.each<[string, Quality, number | null, number]>([
    ['a usual camera', 'good', 720, 4],
    ['an old one', 'good', 480, 480 / 180],
    ['a large one', 'good', 1080, 6],
    ['a smaller one', 'good', 90, 1],
    ['its size is not known', 'good', null, 1],
    ['a bad line', 'bad', 360, 4],
  ])('%s', (_name, quality, side, scale) => {
    const { maxBitrate } = cameraLimits(quality);
    expect(smallAtFirst(cameraLimits(quality), side)).toEqual({ maxBitrate, scaleResolutionDownBy: scale });
  });
});

test('a reading from the browser’s entries: the pair in use, the voice’s jitter, the sum of packets', () => {
  const entries = [
    { type: 'candidate-pair', nominated: false, state: 'succeeded', currentRoundTripTime: 9 },
    { type: 'candidate-pair', nominated: true, state: 'succeeded', currentRoundTripTime: 0.05 },
    { type: 'inbound-rtp', kind: 'video', jitter: 3, packetsReceived: 10, packetsLost: 1 },
    { type: 'inbound-rtp', kind: 'audio', jitter: 0.01, packetsReceived: 5, packetsLost: 2 },
    { type: 'remote-inbound-rtp', fractionLost: 0.01 },
    { type: 'remote-inbound-rtp', fractionLost: 0.3 },
    { type: 'codec' },
  ];
  expect(readingOf(entries)).toEqual({ roundTrip: 0.05, jitter: 0.01, received: 15, lost: 3, lostThere: 0.3 });
  expect(readingOf([])).toEqual({ roundTrip: null, jitter: null, received: 0, lost: 0, lostThere: null });
});
