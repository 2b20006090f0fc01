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
