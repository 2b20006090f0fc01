/**
 * The life of a file on its way to the server.
 *
 * staging -> waiting -> sending -> finishing -> ready is the normal path: `staging` while its bytes are being collected
 * or prepared here, `waiting` for its turn or for another attempt, `sending` while bytes leave, `finishing` from the last
 * byte until the server's answer (only that answer means 100 %), `ready` once the server has it. Beside it there are
 * `paused` (the user stopped it) and `failed` (only the user can start it again). `ready` is final.
 */

/** Every state, in order of progress. */
export const UPLOAD_STATES = ['staging', 'waiting', 'sending', 'finishing', 'paused', 'failed', 'ready'] as const;
export type UploadState = (typeof UPLOAD_STATES)[number];

/** Everything that can happen to an upload. */
export const UPLOAD_EVENT_TYPES = [
  /** All of its bytes are here, as they will be sent. */
  'staged',
  /** Other bytes are being prepared in its place, such as a smaller picture. */
  'prepare',
  /** It is its turn. */
  'begin',
  /** The last byte has left. */
  'all_sent',
  /** The server has the whole file. */
  'stored',
  /** The attempt ended, and another one may succeed. */
  'interrupted',
  /** No other attempt of the same file can succeed. */
  'refused',
  /** The user stops it. */
  'pause',
  /** The user lets it go on. */
  'resume',
  /** The user asks for another attempt. */
  'retry',
] as const;
export type UploadEvent = (typeof UPLOAD_EVENT_TYPES)[number];

/** Transitions; an event that is not listed changes nothing. */
const MOVES: Record<UploadState, Partial<Record<UploadEvent, UploadState>>> = {
  staging: { staged: 'waiting', refused: 'failed' },
  waiting: { begin: 'sending', pause: 'paused', prepare: 'staging', refused: 'failed', stored: 'ready' },
  sending: {
    all_sent: 'finishing',
    interrupted: 'waiting',
    pause: 'paused',
    prepare: 'staging',
    refused: 'failed',
    stored: 'ready',
  },
  finishing: { interrupted: 'waiting', prepare: 'staging', refused: 'failed', stored: 'ready' },
  // An answer that was on its way still counts.
  paused: { resume: 'waiting', prepare: 'staging', refused: 'failed', stored: 'ready' },
  failed: { retry: 'waiting', stored: 'ready' },
  ready: {},
};

/** The state after an event. Pure and total: what cannot happen in a state leaves it unchanged. */
export function nextUploadState(state: UploadState, event: UploadEvent): UploadState {
  return MOVES[state][event] ?? state;
}
