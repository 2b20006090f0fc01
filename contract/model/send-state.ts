/**
 * The life of a message that is sent from this device.
 *
 * queued -> sending -> sent -> delivered -> read is the way of a message that meets no trouble. Beside it stand
 * `unknown` (the request left and no answer came: the server may or may not have it), `waiting_auth` (the token ended;
 * nothing is sent until the person has signed in again) and `failed` (the server will never take it, or the person must
 * decide). Once the server has it, the state never goes back.
 */

/** Every state, in the order of progress; the last three of the main line belong to the server. */
export const SEND_STATES = [
  'queued',
  'sending',
  'unknown',
  'waiting_auth',
  'failed',
  'sent',
  'delivered',
  'read',
] as const;

/** One state of a message sent from this device. */
export type SendState = (typeof SEND_STATES)[number];

/** The states the server knows; they only ever grow. */
export const SERVER_STATUSES = ['sent', 'delivered', 'read'] as const;

/** How far the server says a message has come. */
export type ServerStatus = (typeof SERVER_STATUSES)[number];

/** Everything that can happen to a message on its way. */
export type SendEvent =
  /** The request is about to leave. */
  | { type: 'attempt' }
  /** The server has it: its answer, its echo or its history says so. */
  | { type: 'stored'; status: ServerStatus }
  /** The server certainly did nothing with it, and may take it another time. */
  | { type: 'not_stored' }
  /** The server certainly did nothing with it, and never will. */
  | { type: 'refused' }
  /** The request left and no answer came, also because this program ended in between. */
  | { type: 'no_answer' }
  /** The token ended. */
  | { type: 'auth_lost' }
  /** The person signed in again. */
  | { type: 'auth_back' }
  /** An unanswered message may go again: the server knows its key, or its history was read and does not hold it. */
  | { type: 'may_resend' }
  /** Too many unanswered attempts: only the person can decide. */
  | { type: 'undecidable' }
  /** It waited for longer than anybody would want it to be sent. */
  | { type: 'expired' }
  /** The person says: again. */
  | { type: 'resend' };

export const SEND_EVENT_TYPES = [
  'attempt',
  'stored',
  'not_stored',
  'refused',
  'no_answer',
  'auth_lost',
  'auth_back',
  'may_resend',
  'undecidable',
  'expired',
  'resend',
] as const satisfies readonly SendEvent['type'][];

/** True for the states that only the server can give. */
export function isServerStatus(state: SendState): state is ServerStatus {
  return state === 'sent' || state === 'delivered' || state === 'read';
}

/** The further of two states of the server. */
export function furtherStatus(a: ServerStatus, b: ServerStatus): ServerStatus {
  return SERVER_STATUSES.indexOf(a) >= SERVER_STATUSES.indexOf(b) ? a : b;
}

type LocalState = Exclude<SendState, ServerStatus>;
type LocalEvent = Exclude<SendEvent['type'], 'stored'>;

/**
 * Where each event leads before the server has the message; an event that is not listed changes nothing. Note what is
 * missing: an `unknown` message does not become `waiting_auth` or `failed` by a refusal, since an earlier request of it
 * may still be stored, and a waiting one never expires, since only the person can end its wait.
 */
const MOVES: Record<LocalState, Partial<Record<LocalEvent, LocalState>>> = {
  queued: { attempt: 'sending', auth_lost: 'waiting_auth', expired: 'failed' },
  sending: { not_stored: 'queued', refused: 'failed', no_answer: 'unknown', auth_lost: 'waiting_auth' },
  unknown: { may_resend: 'queued', undecidable: 'failed', expired: 'failed' },
  waiting_auth: { auth_back: 'queued' },
  failed: { resend: 'queued' },
};

/**
 * The state after an event. Pure and total: what cannot happen in a state leaves it as it is, and once the server has
 * the message the state only grows.
 */
export function nextSendState(state: SendState, event: SendEvent): SendState {
  if (event.type === 'stored') return isServerStatus(state) ? furtherStatus(state, event.status) : event.status;
  if (isServerStatus(state)) return state;
  return MOVES[state][event.type] ?? state;
}

/** True when the message has certainly not left in its present attempt: it may still be taken back or changed. */
export function isWithdrawable(state: SendState): boolean {
  return state === 'queued' || state === 'waiting_auth';
}

/**
 * True when later messages of the same chat must wait for this one. A failed one does not hold them: it waits for a
 * person, who may never come.
 */
export function holdsBackLater(state: SendState): boolean {
  return !isServerStatus(state) && state !== 'failed';
}
