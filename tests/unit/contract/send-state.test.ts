import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  furtherStatus,
  holdsBackLater,
  isServerStatus,
  isWithdrawable,
  nextSendState,
  SEND_EVENT_TYPES,
  SEND_STATES,
  SERVER_STATUSES,
  type SendEvent,
  type SendState,
} from '../../../contract/model/send-state.ts';

type Moves = Partial<Record<Exclude<SendEvent['type'], 'stored'>, SendState>>;

/** Every move there is; whatever is not listed must change nothing. */
const TABLE: Record<SendState, Moves> = {
  queued: { attempt: 'sending', auth_lost: 'waiting_auth', expired: 'failed', file_failed: 'failed' },
  sending: { not_stored: 'queued', refused: 'failed', no_answer: 'unknown', auth_lost: 'waiting_auth' },
  unknown: { may_resend: 'queued', undecidable: 'failed', expired: 'failed' },
  waiting_auth: { auth_back: 'queued', file_failed: 'failed' },
  failed: { resend: 'queued' },
  sent: {},
  delivered: {},
  read: {},
};

const LOCAL_EVENTS = SEND_EVENT_TYPES.filter((type) => type !== 'stored');

describe('send state', () => {
  it.each(SEND_STATES.flatMap((state) => LOCAL_EVENTS.map((type) => ({ state, type }))))(
    '$state, $type',
    ({ state, type }) => {
      expect(nextSendState(state, { type })).toBe(TABLE[state][type] ?? state);
    },
  );

  it.each(SEND_STATES.flatMap((state) => SERVER_STATUSES.map((status) => ({ state, status }))))(
    '$state, stored as $status',
    ({ state, status }) => {
      const expected = isServerStatus(state) ? furtherStatus(state, status) : status;
      expect(nextSendState(state, { type: 'stored', status })).toBe(expected);
    },
  );

  it('knows every event of the table by its name', () => {
    const named = new Set(Object.values(TABLE).flatMap((moves) => Object.keys(moves)));
    expect(new Set<string>(SEND_EVENT_TYPES)).toEqual(named.add('stored'));
  });

  it('knows which of two statuses is further', () => {
    expect(SERVER_STATUSES.map((a) => SERVER_STATUSES.map((b) => furtherStatus(a, b)))).toEqual([
      ['sent', 'delivered', 'read'],
      ['delivered', 'delivered', 'read'],
      ['read', 'read', 'read'],
    ]);
  });

  it('lets a person take back only what has not left', () => {
    expect(SEND_STATES.filter(isWithdrawable)).toEqual(['queued', 'waiting_auth']);
  });

  it('holds a chat back for everything that is neither stored nor failed', () => {
    expect(SEND_STATES.filter(holdsBackLater)).toEqual(['queued', 'sending', 'unknown', 'waiting_auth']);
  });

  const event = fc.oneof(
    fc.constantFrom(...LOCAL_EVENTS).map((type): SendEvent => ({ type })),
    fc.constantFrom(...SERVER_STATUSES).map((status): SendEvent => ({ type: 'stored', status })),
  );

  it('never goes back once the server has it, whatever happens in whatever order', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (events) => {
        let state: SendState = 'queued';
        let reached = -1;
        for (const one of events) {
          state = nextSendState(state, one);
          const rank = isServerStatus(state) ? SERVER_STATUSES.indexOf(state) : -1;
          if (rank < reached) return false;
          reached = rank;
        }
        return true;
      }),
    );
  });

  it('can always still reach the server: no state is a dead end', () => {
    for (const state of SEND_STATES) expect(nextSendState(state, { type: 'stored', status: 'read' })).toBe('read');
  });
});
