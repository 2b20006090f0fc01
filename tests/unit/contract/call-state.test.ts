/** The states of a call as a table: what each event does in each state, and that nothing leads back. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CALL_ENDS, CallView } from '../../../contract/ipc/call-views.ts';
import { nextCall, RING_GRACE_MS, RING_MS, type CallEvent } from '../../../contract/model/call-state.ts';

const AT = 1_000_000;

function call(state: CallView['state'], incoming: boolean): CallView {
  const ringingSince = state === 'starting' ? null : AT;
  const activeSince = state === 'active' ? AT + 5_000 : null;
  return {
    ...{ key: 'k', id: state === 'starting' ? null : 'c', chatId: 'chat', type: 'audio', incoming, state },
    ...{ peer: { id: 'ben', name: 'Ben', avatarUrl: null }, ringingSince, activeSince, polite: true },
    ...{ end: state === 'ended' ? 'missed' : null, duration: null, withVideo: false },
  };
}

const outgoing = (state: CallView['state']): CallView => call(state, false);
const incoming = (state: CallView['state']): CallView => call(state, true);
const ended = (status: 'ended' | 'rejected' | 'cancelled' | 'missed', more: object = {}): CallEvent => ({
  kind: 'ended',
  ...{ status, reason: null, at: AT + 65_000, duration: null },
  ...more,
});

describe('a call', () => {
  it.each<[string, CallView, CallEvent, Partial<CallView>]>([
    [
      'is taken by the server',
      outgoing('starting'),
      { kind: 'started', id: 'c', at: AT },
      { state: 'ringing', id: 'c', ringingSince: AT },
    ],
    ['is refused', outgoing('starting'), { kind: 'refused', end: 'busy' }, { state: 'ended', end: 'busy' }],
    [
      'turns out to be the other side’s',
      outgoing('starting'),
      { kind: 'joined', id: 'c', at: AT, type: 'video' },
      { state: 'active', id: 'c', incoming: true, type: 'video', ringingSince: AT, activeSince: AT, withVideo: true },
    ],
    [
      'is answered over there',
      outgoing('ringing'),
      { kind: 'answered', at: AT + 9 },
      { state: 'active', activeSince: AT + 9 },
    ],
    [
      'is accepted here',
      incoming('ringing'),
      { kind: 'accepted', at: AT + 9, withVideo: true },
      { state: 'active', activeSince: AT + 9, withVideo: true },
    ],
    ['is declined here', incoming('ringing'), { kind: 'declined' }, { state: 'ended', end: 'rejected' }],
    [
      'is given up before it rings',
      outgoing('starting'),
      { kind: 'hung_up', end: 'hung_up', at: AT },
      { state: 'ended', end: 'cancelled' },
    ],
    [
      'is cancelled here',
      outgoing('ringing'),
      { kind: 'hung_up', end: 'hung_up', at: AT },
      { state: 'ended', end: 'cancelled', duration: null },
    ],
    [
      'is hung up while it rings here',
      incoming('ringing'),
      { kind: 'hung_up', end: 'hung_up', at: AT },
      { end: 'rejected' },
    ],
    [
      'is hung up',
      outgoing('active'),
      { kind: 'hung_up', end: 'hung_up', at: AT + 65_000 },
      { end: 'hung_up', duration: 60 },
    ],
    ['fails', outgoing('active'), { kind: 'hung_up', end: 'failed', at: AT + 65_000 }, { end: 'failed', duration: 60 }],
    ['is hung up over there', incoming('active'), ended('ended', { duration: 61 }), { end: 'hung_up', duration: 61 }],
    ['is hung up, without a duration', incoming('active'), ended('ended'), { end: 'hung_up', duration: 60 }],
    ['is rejected', outgoing('ringing'), ended('rejected'), { end: 'rejected' }],
    ['meets a busy person', outgoing('ringing'), ended('rejected', { reason: 'busy' }), { end: 'busy' }],
    ['is rejected on another device', incoming('ringing'), ended('rejected'), { end: 'elsewhere' }],
    [
      'is answered on another device',
      incoming('ringing'),
      ended('ended', { reason: 'elsewhere' }),
      { end: 'elsewhere' },
    ],
    ['is cancelled by its caller', incoming('ringing'), ended('cancelled'), { end: 'missed' }],
    ['is not answered', outgoing('ringing'), ended('missed'), { end: 'missed' }],
    [
      'rings too long',
      incoming('ringing'),
      { kind: 'time', now: AT + RING_MS + RING_GRACE_MS },
      { state: 'ended', end: 'missed' },
    ],
  ])('%s', (_what, before, event, after) => {
    expect(nextCall(before, event)).toEqual({ ...before, ...('end' in after ? { state: 'ended' } : {}), ...after });
  });

  it.each<[string, CallView, CallEvent]>([
    ['it rings for the callee, who cannot be answered by others', incoming('ringing'), { kind: 'answered', at: AT }],
    ['only a ring can be accepted', outgoing('ringing'), { kind: 'accepted', at: AT, withVideo: false }],
    ['only a ring here can be declined', outgoing('ringing'), { kind: 'declined' }],
    ['it started already', outgoing('ringing'), { kind: 'started', id: 'other', at: AT }],
    ['a running call is not refused', outgoing('active'), { kind: 'refused', end: 'busy' }],
    ['a running call does not ring too long', outgoing('active'), { kind: 'time', now: AT + 10 * RING_MS }],
    ['it may still ring', incoming('ringing'), { kind: 'time', now: AT + RING_MS }],
  ])('stays as it is: %s', (_why, before, event) => {
    expect(nextCall(before, event)).toBe(before);
  });

  const time = fc.integer({ min: AT, max: AT + 200_000 });
  const end = fc.constantFrom(...CALL_ENDS);
  const anyEvent: fc.Arbitrary<CallEvent> = fc.oneof(
    time.map((at): CallEvent => ({ kind: 'started', id: 'c', at })),
    time.map((at): CallEvent => ({ kind: 'joined', id: 'c', at, type: 'audio' })),
    end.map((why): CallEvent => ({ kind: 'refused', end: why })),
    time.map((at): CallEvent => ({ kind: 'answered', at })),
    time.map((at): CallEvent => ({ kind: 'accepted', at, withVideo: false })),
    fc.constant<CallEvent>({ kind: 'declined' }),
    fc.tuple(end, time).map(([why, at]): CallEvent => ({ kind: 'hung_up', end: why, at })),
    fc
      .tuple(
        fc.constantFrom('ended' as const, 'rejected' as const, 'cancelled' as const, 'missed' as const),
        fc.constantFrom(null, 'busy' as const, 'elsewhere' as const),
        time,
      )
      .map(([status, reason, at]): CallEvent => ({ kind: 'ended', status, reason, at, duration: null })),
    time.map((now): CallEvent => ({ kind: 'time', now })),
  );

  it('never goes back, whatever happens, and `ended` is final', () => {
    const order: readonly CallView['state'][] = ['starting', 'ringing', 'active', 'ended'];
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 12 }), fc.boolean(), (happening, isIncoming) => {
        let now = isIncoming ? incoming('ringing') : outgoing('starting');
        for (const event of happening) {
          const next = nextCall(now, event);
          expect(order.indexOf(next.state)).toBeGreaterThanOrEqual(order.indexOf(now.state));
          if (now.state === 'ended') expect(next).toBe(now);
          expect(next.end !== null).toBe(next.state === 'ended');
          expect(CallView.safeParse(next).success).toBe(true);
          now = next;
        }
      }),
    );
  });
});
