/** What the system shows of calls: everything, or that somebody calls and nothing of who. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { CallView } from '../../../../contract/ipc/call-views.ts';
import { veiledCalls } from '../../../../electron/main/services/lock/veiled-calls.ts';
import type { AppCall, CallSystem, RingAnswers } from '../../../../electron/main/services/ports.ts';

const view = { key: 'k', chatId: 'c', peer: { id: 'b', name: 'Boris', avatarUrl: '/media/b' } } as CallView;
const call = { accountId: 'anna', view } as AppCall;
const nothing = () => undefined;

let isLocked: boolean;
let shown: unknown[];
let answers: RingAnswers | null;
let raised: number;
let calls: ReturnType<typeof veiledCalls>;

beforeEach(() => {
  [isLocked, shown, answers, raised] = [false, [], null, 0];
  const system: CallSystem = {
    show: (one) => void shown.push(one && one.view.peer),
    lobby: (open) => void shown.push(open),
    mini: () => undefined,
    keepAwake: (on) => void shown.push(on),
    ring: (one, account, given) => {
      shown.push([one.peer, account]);
      answers = given;
      return nothing;
    },
    missed: (one, account) => {
      shown.push([one.peer, account]);
      return nothing;
    },
  };
  calls = veiledCalls(system, {
    isLocked: () => isLocked,
    onShow: (one) => void shown.push(one === null ? 'first: none' : 'first'),
    raise: () => (raised += 1),
  });
});

const given: RingAnswers = {
  accept: () => shown.push('accepted'),
  decline: () => shown.push('declined'),
  open: () => shown.push('opened'),
};
const VEILED = { id: 'b', name: 'Relay', avatarUrl: null };

describe('calls', () => {
  it('are shown as they are while the application is open, and answered where they ring', () => {
    calls.show(call);
    calls.show(null);
    calls.ring(view, 'Anna', given);
    answers?.accept();
    calls.missed(view, 'Anna', nothing);
    expect(shown).toEqual([
      'first',
      view.peer,
      'first: none',
      null,
      [view.peer, 'Anna'],
      'accepted',
      [view.peer, 'Anna'],
    ]);
    expect(raised).toBe(0);
  });

  it('tell nobody who calls, and whom, while it is locked; to accept one brings the lock screen to the front', () => {
    isLocked = true;
    calls.show(call);
    calls.show(null);
    calls.ring(view, 'Anna', given);
    for (const answer of ['accept', 'decline', 'open'] as const) answers?.[answer]();
    calls.missed(view, 'Anna', nothing);
    expect(shown).toEqual(['first', VEILED, 'first: none', null, [VEILED, null], 'declined', 'opened', [VEILED, null]]);
    expect(raised).toBe(1);
  });

  it.each([true, false])(
    'keep the computer awake, and say that one is prepared, all the same (locked: %s)',
    (locked) => {
      isLocked = locked;
      calls.keepAwake(true);
      calls.lobby(false);
      expect(shown).toEqual([true, false]);
    },
  );
});
