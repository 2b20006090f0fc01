/**
 * The life of a message sent from this device.
 *
 * queued -> sending -> sent -> delivered -> read is the normal path. Beside it there are `unknown` (the request left
 * and no answer came: the server may or may not have it), `waiting_auth` (the token expired; nothing is sent until the
 * user signs in again) and `failed` (the server will never accept it, or the user must decide). Once the server has it,
 * the state never goes back.
 */

/** Every state, in order of progress; the last three are the server's. */
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

export type SendState = (typeof SEND_STATES)[number];

/** The states the server knows; they only advance. */
export const SERVER_STATUSES = ['sent', 'delivered', 'read'] as const;

/** How far the server says a message has got. */
export type ServerStatus = (typeof SERVER_STATUSES)[number];

/** Everything that can happen to an outgoing message. */
export type SendEvent =
  /** The request is about to leave. */
  | { type: 'attempt' }
  /** The server has it, according to its answer, its echo or its history. */
  | { type: 'stored'; status: ServerStatus }
  /** The server certainly did not process it, and may accept it later. */
  | { type: 'not_stored' }
  /** The server certainly did not process it, and never will. */
  | { type: 'refused' }
  /** The request left and no answer came, possibly because the app ended in between. */
  | { type: 'no_answer' }
  /** The token expired. */
  | { type: 'auth_lost' }
  /** The user signed in again. */
  | { type: 'auth_back' }
  /** An unanswered message may be sent again: the server deduplicates by key, or its history was read and lacks it. */
  | { type: 'may_resend' }
  /** Too many unanswered attempts: only the user can decide. */
  | { type: 'undecidable' }
  /** It waited longer than anyone would want it to be sent. */
  | { type: 'expired' }
  /** One of its files cannot be sent. */
  | { type: 'file_failed' }
  /** The user asks to send it again. */
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
  'file_failed',
  'resend',
] as const satisfies readonly SendEvent['type'][];

/** True for the states that only the server can assign. */
export function isServerStatus(state: SendState): state is ServerStatus {
  return state === 'sent' || state === 'delivered' || state === 'read';
}

/** The further of two server states. */
export function furtherStatus(a: ServerStatus, b: ServerStatus): ServerStatus {
  return SERVER_STATUSES.indexOf(a) >= SERVER_STATUSES.indexOf(b) ? a : b;
}

type LocalState = Exclude<SendState, ServerStatus>;
type LocalEvent = Exclude<SendEvent['type'], 'stored'>;

/**
 * Transitions before the server has the message; an event that is not listed changes nothing. Note what is missing: a
 * refusal does not turn `unknown` into `waiting_auth` or `failed`, since an earlier request may still be stored, and
 * `waiting_auth` never expires, since only the user can end the wait.
 */
const MOVES: Record<LocalState, Partial<Record<LocalEvent, LocalState>>> = {
  queued: { attempt: 'sending', auth_lost: 'waiting_auth', expired: 'failed', file_failed: 'failed' },
  sending: { not_stored: 'queued', refused: 'failed', no_answer: 'unknown', auth_lost: 'waiting_auth' },
  unknown: { may_resend: 'queued', undecidable: 'failed', expired: 'failed' },
  waiting_auth: { auth_back: 'queued', file_failed: 'failed' },
  failed: { resend: 'queued' },
};

/**
 * The state after an event. Pure and total: what cannot happen in a state leaves it unchanged, and once the server has
 * the message the state only advances.
 */
export function nextSendState(state: SendState, event: SendEvent): SendState {
  if (event.type === 'stored') return isServerStatus(state) ? furtherStatus(state, event.status) : event.status;
  if (isServerStatus(state)) return state;
  return MOVES[state][event.type] ?? state;
}

/** True when the message has certainly not left in its current attempt: it may still be withdrawn or edited. */
export function isWithdrawable(state: SendState): boolean {
  return state === 'queued' || state === 'waiting_auth';
}

/**
 * True when later messages of the same chat must wait for this one. A failed one does not block them: it waits for the
 * user, who may never act.
 */
export function holdsBackLater(state: SendState): boolean {
  return !isServerStatus(state) && state !== 'failed';
}
