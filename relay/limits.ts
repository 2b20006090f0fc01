/**
 * What one node bears. Every number can be set through the options of `buildRelay`; those that an operator may need through
 * the environment (`settings.ts`). An address is counted as `addressKey` makes it: IPv6 by its first 64 bits.
 */
export interface RelayLimits {
  /** Connections from one address, those apart on which somebody has signed in. */
  connectionsPerAddress: number;
  /** Requests, upgrades and frames from one address: a steady rate per second, and how many may come at once. */
  addressRequestsPerSecond: number;
  addressRequestsBurst: number;
  /** Requests of one person; the dear ones count more than once (`http/serve.ts`). */
  requestsPerSecond: number;
  requestsBurst: number;
  /** What one person stores, by request or frame: messages, reactions, changes of the profile. */
  sendsPerSecond: number;
  sendsBurst: number;
  /** Bytes of text in it. */
  sendBytesPerSecond: number;
  sendBytesBurst: number;
  /** New chats of one person in a day. */
  chatsPerDay: number;
  /** Failed log-ins for one account from one address within the window, then 429. */
  loginFailures: number;
  /** Failed log-ins from one address over all accounts within the window: a guesser who walks through names. */
  loginFailuresPerAddress: number;
  /** Failed log-ins for one account over all addresses within the window, those apart where it was signed in lately. */
  loginFailuresPerAccount: number;
  /** Milliseconds. */
  loginWindowMs: number;
  /** New accounts from one address in an hour. */
  registrationsPerHour: number;
  /** Passwords hashed at the same time: each takes one of the four threads that also check tokens. */
  hashesAtOnce: number;
  /** Passwords that may wait for their turn to be hashed, in all and from one address; past it 429. */
  waitingHashes: number;
  waitingHashesPerAddress: number;
  /** Frames of one person over all sockets: past it refused, past as much again the socket is closed. Pings likewise. */
  framesPerSecond: number;
  framesBurst: number;
  /** Open sockets of one user. */
  socketsPerUser: number;
  /** Sockets of nobody yet: past it the longest waiting must go, and past the one for an address 429. */
  unauthenticatedSockets: number;
  unauthenticatedSocketsPerAddress: number;
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
  /** Milliseconds for the headers of a request to arrive, and as many for its body; an upload's is bound by the next. */
  requestMs: number;
  /** Milliseconds without a byte of an upload. */
  uploadSilenceMs: number;
  /** Milliseconds that the reader of a download may take nothing: somebody pauses a film, and comes back by another request. */
  downloadSilenceMs: number;
  /** Milliseconds for which the rest of a refused upload is let go, so that its answer arrives. */
  lingerMs: number;
  /** Milliseconds that work under way may take once the node was told to stop. */
  stopMs: number;
}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

export const DEFAULT_LIMITS: RelayLimits = {
  connectionsPerAddress: 2000,
  addressRequestsPerSecond: 2000,
  addressRequestsBurst: 10_000,
  requestsPerSecond: 200,
  requestsBurst: 2000,
  sendsPerSecond: 30,
  sendsBurst: 300,
  sendBytesPerSecond: 32 * 1024,
  sendBytesBurst: 2 * 1024 * 1024,
  chatsPerDay: 200,
  loginFailures: 5,
  loginFailuresPerAddress: 100,
  loginFailuresPerAccount: 20,
  loginWindowMs: 15 * MINUTE,
  registrationsPerHour: 2000,
  hashesAtOnce: 2,
  waitingHashes: 256,
  waitingHashesPerAddress: 32,
  framesPerSecond: 20,
  framesBurst: 60,
  socketsPerUser: 10,
  unauthenticatedSockets: 1000,
  unauthenticatedSocketsPerAddress: 200,
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
  uploadSilenceMs: 30_000,
  downloadSilenceMs: 120_000,
  lingerMs: 5000,
  stopMs: 5000,
};
