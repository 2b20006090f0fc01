/** When the small window of a call is open, as a table. */
import { expect, test } from 'vitest';
import { isMiniOpen, type MiniEvent, NO_MINI, nextMini } from '../../../../electron/main/services/calls/mini-state.ts';

const call: MiniEvent = { kind: 'call', key: 'a' };
const over: MiniEvent = { kind: 'call', key: null };
const away: MiniEvent = { kind: 'main', away: true };
const back: MiniEvent = { kind: 'main', away: false };
const asked: MiniEvent = { kind: 'asked' };
const closed: MiniEvent = { kind: 'closed' };
const returned: MiniEvent = { kind: 'returned' };

test.each<[name: string, events: MiniEvent[], byItself: boolean, open: boolean]>([
  ['no call', [away], true, false],
  ['asked for without a call', [asked], true, false],
  ['a call, and the main window is there', [call], true, false],
  ['asked for', [call, asked], false, true],
  ['the main window goes away', [call, away], true, true],
  ['it was away before the call', [away, call], true, true],
  ['it goes away, and that is not wanted', [call, away], false, false],
  ['it comes back', [call, away, back], true, false],
  ['asked for: it stays when the main window comes back', [call, asked, away, back], true, true],
  ['closed by its user', [call, away, closed], true, false],
  ['closed: also when nothing but the call changes', [call, away, closed, call], true, false],
  ['closed, and the main window comes and goes', [call, away, closed, back, away], true, true],
  ['closed, then asked for', [call, away, closed, asked], true, true],
  ['back to the main window, before the system says so', [call, asked, away, returned], true, false],
  ['back, then away again', [call, away, returned, back, away], true, true],
  ['the call ends', [call, asked, away, over], true, false],
  ['what was wished for one call is not for the next', [call, asked, over, { kind: 'call', key: 'b' }], true, false],
  ['closed in one call, away in the next', [call, away, closed, { kind: 'call', key: 'b' }], true, true],
])('%s', (_name, events, byItself, open) => {
  expect(isMiniOpen(events.reduce(nextMini, NO_MINI), byItself)).toBe(open);
});
