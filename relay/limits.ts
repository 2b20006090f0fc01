/** What one node bears. Every number can be set through the options of `buildRelay`; the main ones through the environment. */
export interface RelayLimits {
  /** Failed log-ins for one account from one address within the window, then 429. */
  loginFailures: number;
  /** Failed log-ins from one address over all accounts within the window: a guesser who walks through names. */
  loginFailuresPerAddress: number;
  /** Milliseconds. */
  loginWindowMs: number;
  /** New accounts from one address in an hour. */
  registrationsPerHour: number;
  /** Passwords that may wait for their turn to be hashed; past it 429. */
  waitingHashes: number;
  /** Frames of one socket: a steady rate per second, and how many may come at once. */
  framesPerSecond: number;
  framesBurst: number;
  /** Open sockets of one user. */
  socketsPerUser: number;
  /** Sockets of nobody yet, over all addresses. */
  unauthenticatedSockets: number;
  /** Milliseconds a socket may stay without telling who it is. */
  unauthenticatedMs: number;
  /** Bytes a reader may leave unsent before it is closed. */
  unsentBytes: number;
  /** Milliseconds between pings; a socket that answered none in between is dead. */
  heartbeatMs: number;
  /** Milliseconds after which a `typing:start` ends by itself. */
  typingMs: number;
  /** Milliseconds a person may be away before the others hear of it: a reconnect is no absence. */
  presenceGraceMs: number;
  /** Events kept per user for `GET /sync`, and for how long (milliseconds). */
  eventsPerUser: number;
  eventsMs: number;
  /** Events in one answer of `GET /sync`. */
  eventsPerAnswer: number;
  /** Status frames for single messages beside the one that says "up to here". */
  statusFrames: number;
  /** People in one answer of the search. */
  searchResults: number;
  /** Milliseconds for a whole request to arrive. */
  requestMs: number;
  /** Milliseconds that work under way may take once the node was told to stop. */
  stopMs: number;
}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

export const DEFAULT_LIMITS: RelayLimits = {
  loginFailures: 5,
  loginFailuresPerAddress: 100,
  loginWindowMs: 15 * MINUTE,
  registrationsPerHour: 2000,
  waitingHashes: 64,
  framesPerSecond: 20,
  framesBurst: 60,
  socketsPerUser: 10,
  unauthenticatedSockets: 1000,
  unauthenticatedMs: 5000,
  unsentBytes: 1024 * 1024,
  heartbeatMs: 30_000,
  typingMs: 6000,
  presenceGraceMs: 3000,
  eventsPerUser: 10_000,
  eventsMs: 30 * DAY,
  eventsPerAnswer: 500,
  statusFrames: 200,
  searchResults: 50,
  requestMs: 15_000,
  stopMs: 5000,
};
