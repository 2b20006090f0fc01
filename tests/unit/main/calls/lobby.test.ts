import { describe, expect, test } from 'vitest';
import { createCallGate, isTimeFor } from '../../../../electron/main/lib/call-gate.ts';
import { createLobby } from '../../../../electron/main/services/calls/lobby.ts';
import { ManualClock } from '../../../helpers/main-parts.ts';

describe('when the camera is lent', () => {
  test.each([
    ['never by itself, even to a window in front', {}, true, false],
    ['in a lobby that is looked at', { isLobby: true }, true, true],
    ['not in a lobby behind other windows', { isLobby: true }, false, false],
    ['in a call', { isOpen: true }, false, true],
  ])('%s', (_what, open, lookedAt, expected) => {
    const gate = Object.assign(createCallGate(), open);
    expect(isTimeFor('camera', gate, () => lookedAt)).toBe(expected);
  });

  test('a display only in a call that was accepted, the microphone for recordings as well', () => {
    const gate = createCallGate();
    Object.assign(gate, { isOpen: true, isLobby: true });
    const granted = (name: string): boolean => isTimeFor(name, gate, () => true);
    expect([granted('display-capture'), granted('microphone')]).toEqual([false, true]);
    gate.isActive = true;
    expect(granted('display-capture')).toBe(true);
  });
});

test('a lobby is open until it is left, or for ten minutes', () => {
  const clock = new ManualClock();
  const shown: boolean[] = [];
  const { lobby } = createLobby(clock, (open) => shown.push(open));
  lobby({ open: true });
  lobby({ open: false });
  clock.advance(20 * 60_000);
  expect(shown).toEqual([true, false]);
  lobby({ open: true });
  clock.advance(9 * 60_000);
  expect(shown).toEqual([true, false, true]);
  clock.advance(60_000);
  expect(shown).toEqual([true, false, true, false]);
});
