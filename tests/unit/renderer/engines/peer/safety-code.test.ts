/** The code that both sides read to each other, and what they tell each other. */
import { describe, expect, test } from 'vitest';
import { fingerprintOf, safetyCode } from '../../../../../renderer/src/engines/peer/safety-code.ts';
import { parseState, stateMessage } from '../../../../../renderer/src/engines/peer/state-message.ts';

const sdp = (fingerprint: string): string => `v=0\r\na=fingerprint:sha-256 ${fingerprint}\r\nm=audio 9 X 0\r\n`;
const [mine, yours] = [sdp('AA:01:02'), sdp('BB:03:04')];

describe('the safety code', () => {
  test('is the same on both sides, and five groups of four digits', async () => {
    const code = await safetyCode(mine, yours);
    expect(code).toMatch(/^\d{4}( \d{4}){4}$/);
    expect(await safetyCode(yours, mine)).toBe(code);
  });

  test('is another one when somebody sits between the two', async () => {
    const between = sdp('CC:05:06');
    expect(await safetyCode(mine, between)).not.toBe(await safetyCode(between, yours));
  });

  test('does not depend on how the fingerprint is written', async () => {
    expect(await safetyCode(mine.replace('sha-256 AA', 'SHA-256 aa'), yours)).toBe(await safetyCode(mine, yours));
    expect(fingerprintOf(mine)).toBe('sha-256 AA:01:02');
  });

  test('does not exist before both have described themselves', async () => {
    expect(await safetyCode(mine, undefined)).toBeNull();
    expect(await safetyCode('v=0', yours)).toBeNull();
  });
});

describe('what a side says of itself', () => {
  const state = { muted: true, camera: false, sharing: true };

  test('arrives as it was sent', () => {
    expect(parseState(stateMessage(state))).toEqual(state);
  });

  test.each([
    ['not text', new ArrayBuffer(4)],
    ['not JSON', '{'],
    ['not an object', '1'],
    ['null', 'null'],
    ['another kind', JSON.stringify({ ...state, kind: 'track' })],
    ['a field that is missing', JSON.stringify({ kind: 'state', muted: true, camera: true })],
    ['a field of another type', JSON.stringify({ ...state, kind: 'state', muted: 'yes' })],
    ['a message without end', stateMessage(state) + ' '.repeat(5000)],
  ])('is ignored: %s', (_name, data) => {
    expect(parseState(data)).toBeNull();
  });
});
