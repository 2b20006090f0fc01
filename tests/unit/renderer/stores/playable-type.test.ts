import { expect, test } from 'vitest';
import { formatName, isPlayableType } from '../../../../renderer/src/stores/player/playable-type.ts';

/** What Chromium answers. */
const CHROMIUM = new Set([
  'audio/mpeg',
  'audio/mp4',
  'audio/aac',
  'audio/flac',
  'audio/wav',
  'audio/ogg',
  'audio/ogg; codecs="opus"',
  'audio/ogg; codecs="vorbis"',
  'audio/webm',
]);
const can = (type: string): string => (CHROMIUM.has(type) ? 'maybe' : '');

test.each([
  ['audio/mpeg', true],
  ['audio/mp3', true],
  ['audio/x-flac', true],
  ['audio/x-wav', true],
  ['audio/vnd.wave', true],
  ['audio/x-m4a', true],
  ['audio/opus', true],
  ['application/ogg', true],
  ['audio/x-matroska', true],
  ['application/octet-stream', true],
  ['audio/mp4; codecs="alac"', false],
  ['audio/mp4; codecs="drms"', false],
  ['audio/aiff', false],
  ['audio/x-ms-wma', false],
  ['audio/ac3', false],
])('%s plays here: %s', (type, expected) => {
  expect(isPlayableType(type, can)).toBe(expected);
});

test.each([
  ['audio/mp4; codecs="alac"', 'ALAC'],
  ['audio/aiff', 'AIFF'],
  ['audio/x-aiff', 'AIFF'],
  ['audio/x-ms-wma', 'WMA'],
  ['audio/ac3', 'AC-3'],
  ['audio/mp4; codecs="ac-3"', 'AC-3'],
  ['audio/mp4; codecs="ec-3"', 'E-AC-3'],
  ['audio/mp4; codecs="drms"', 'DRM'],
])('%s is called %s', (type, expected) => {
  expect(formatName(type)).toBe(expected);
});
