/**
 * The limits of one node. Every number can be set through the options of `buildRelay`, and those an operator may need
 * through the environment (`settings.ts`). Addresses are counted as returned by `addressKey`: IPv6 by its first 64
 * bits.
 */
export interface RelayLimits {
  /** Connections per address, not counting those on which a user has signed in. */
  connectionsPerAddress: number;
  /** Requests, upgrades and frames per address: a steady rate per second, and the burst size. */
  addressRequestsPerSecond: number;
  addressRequestsBurst: number;
  /** Requests per user; expensive ones count more than once (`http/serve.ts`). */
  requestsPerSecond: number;
  requestsBurst: number;
  /** What one user stores, by request or frame: messages, reactions, profile changes. */
  sendsPerSecond: number;
  sendsBurst: number;
  /** Bytes of text in these writes. */
  sendBytesPerSecond: number;
  sendBytesBurst: number;
  /** New chats per user per day. */
  chatsPerDay: number;
  /** Uploads of one person that arrive at the same time. */
  uploadsAtOnce: number;
  /** Uploads in parts of one person that are not complete. */
  openUploads: number;
  /** Milliseconds an upload in parts is kept after its last byte. */
  uploadKeptMs: number;
  /** Bytes of the files that one person uploads within 24 hours, and in total. */
  fileBytesPerDay: number;
  fileBytesPerUser: number;
  /** Bytes of the disk that uploads leave free. */
  diskReserveBytes: number;
  /** Milliseconds after which a file that was never attached, shown or listed is removed. */
  unusedFileMs: number;
  /** Failed log-ins per account and address within the window, then 429. */
  loginFailures: number;
  /** Failed log-ins per address over all accounts within the window: stops guessing across many usernames. */
  loginFailuresPerAddress: number;
  /**
   * Failed log-ins per account over all addresses within the window, not counting addresses it recently signed in from.
   */
  loginFailuresPerAccount: number;
  /** Milliseconds. */
  loginWindowMs: number;
  /** Calls that one person starts per minute. */
  callsPerMinute: number;
  /** Bytes of a person's call signals: a steady rate per second, and the burst. */
  signalBytesPerSecond: number;
  signalBytesBurst: number;
  /** Milliseconds that a call rings, and after which one whose devices are gone is over; and between two looks at them. */
  callRingMs: number;
  callGoneMs: number;
  callSweepMs: number;
  /** New accounts per address per hour. */
  registrationsPerHour: number;
  /** Passwords hashed concurrently: each takes one of the four threads that also verify tokens. */
  hashesAtOnce: number;
  /** Passwords that may wait to be hashed, in total and per address; beyond that 429. */
  waitingHashes: number;
  waitingHashesPerAddress: number;
  /** Frames per user over all sockets: beyond it refused, beyond as much again the socket is closed. Same for pings. */
  framesPerSecond: number;
  framesBurst: number;
  /** Open sockets per user. */
  socketsPerUser: number;
  /** Unauthenticated sockets: beyond the total the one waiting longest is closed, beyond the limit per address 429. */
  unauthenticatedSockets: number;
  unauthenticatedSocketsPerAddress: number;
  /** Milliseconds a socket may stay unauthenticated. */
  unauthenticatedMs: number;
  /** Bytes that may be pending for a slow reader before it is closed. */
  unsentBytes: number;
  /** Milliseconds between pings; a socket that has not answered the previous ping is dead. */
  heartbeatMs: number;
  /** Milliseconds after which `typing:start` expires. */
  typingMs: number;
  /** Milliseconds a user may be away before others are notified: a reconnect is not an absence. */
  presenceGraceMs: number;
  /** Events kept per user for `GET /sync`, and for how long (milliseconds). */
  eventsPerUser: number;
  eventsMs: number;
  /** Events per response of `GET /sync`. */
  eventsPerAnswer: number;
  /** Status frames for single messages in addition to the one with `upTo`. */
  statusFrames: number;
  /** People per search response. */
  searchResults: number;
  /**
   * Milliseconds for the headers of a request to arrive, and again for its body; an upload's body is bounded by the
   * next limit instead.
   */
  requestMs: number;
  /** Milliseconds without a byte of an upload. */
  uploadSilenceMs: number;
  /** Milliseconds the client of a download may take nothing: a paused video resumes with a new request. */
  downloadSilenceMs: number;
  /** Milliseconds to drain the rest of a refused upload, so that the response arrives. */
  lingerMs: number;
  /** Milliseconds that work in progress may take after the node is asked to stop. */
  stopMs: number;
}

const MEBIBYTE = 1024 * 1024;
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
  uploadsAtOnce: 3,
  openUploads: 100,
  uploadKeptMs: DAY,
  fileBytesPerDay: 10 * 1024 * MEBIBYTE,
  fileBytesPerUser: 100 * 1024 * MEBIBYTE,
  diskReserveBytes: 256 * MEBIBYTE,
  unusedFileMs: 30 * DAY,
  loginFailures: 5,
  loginFailuresPerAddress: 100,
  loginFailuresPerAccount: 20,
  loginWindowMs: 15 * MINUTE,
  callsPerMinute: 60,
  signalBytesPerSecond: 64 * 1024,
  signalBytesBurst: MEBIBYTE,
  callRingMs: MINUTE,
  callGoneMs: 30_000,
  callSweepMs: 1000,
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
