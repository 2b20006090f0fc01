/**
 * Every limit that the API states, in one place: the schemas, the forms' checks while typing and the relay's
 * enforcement all read it here. Text lengths are in characters: Unicode code points after NFC (`characterCount`).
 */
export const LIMITS = {
  username: { min: 3, max: 20 },
  firstName: { min: 1, max: 50 },
  lastName: { min: 1, max: 50 },
  age: { min: 13, max: 120 },
  bio: { min: 0, max: 500 },
  /** The upper bound is ours: hashing must not become a way to exhaust a server's CPU. */
  password: { min: 6, max: 1024 },
  /** Empty only when something is attached. */
  content: { min: 1, max: 4000 },
  searchQuery: { min: 1, max: 100 },
  /** Input of a message search, filters included. */
  messageQuery: { min: 0, max: 500 },
  /** A draft, kept on this device. */
  draft: { min: 0, max: 100_000 },
  /** Messages per forward, and chats they are forwarded to. */
  forwarded: { min: 1, max: 100 },
  forwardedTo: { min: 1, max: 20 },
  /** Typed at sign-in: other servers may allow longer names than ours. */
  signInName: { min: 1, max: 100 },
  address: { min: 1, max: 2048 },
  /** Attachments per message. */
  attachments: { min: 0, max: 10 },
  /** Rows per history page. */
  page: { min: 1, max: 100, default: 50 },
  /** Rows per page of the chat list. */
  chatPage: { min: 1, max: 200, default: 100 },
  /** A chat's last message in a page of the list: longer text is cut here and marked `shortened`. */
  lastMessage: { min: 0, max: 300 },
  /** Titles, artists and albums of tracks; what the tags of a file hold beyond it is cut. */
  trackTitle: { min: 1, max: 300 },
  trackGenre: { min: 1, max: 100 },
  /** Tracks per page of the library. */
  trackPage: { min: 1, max: 500 },
  avatarUrl: { min: 0, max: 2048 },
  clientId: { min: 1, max: 64 },
} as const;

/** Width of the chat column, in CSS pixels at normal text size. */
export const LIST_WIDTH = { min: 264, max: 400 } as const;
/**
 * The largest numbers allowed on the wire. An integer beyond 2^53 cannot be read back from SQLite: no sum of these,
 * over everything an account can hold, comes near it.
 */
export const MOST = {
  count: 1_000_000_000,
  /** About thirty years. */
  seconds: 1_000_000_000,
  /** One pebibyte. */
  bytes: 2 ** 50,
  pixels: 1_000_000,
  /** Milliseconds from the epoch: the last time a `Date` can hold. The first is as far before it. */
  moment: 8.64e15,
} as const;

/** Bytes per JSON request body and per WebSocket payload. */
export const MAX_JSON_BYTES = 64 * 1024;
export const MAX_FRAME_BYTES = 64 * 1024;

/** Tracks in a queue or a playlist. */
export const MOST_QUEUED = 20_000;

/** Files that one message of this app may carry. */
export const MOST_FILES = 10;
/** Files that are staged at once. */
export const STAGED_FILES = { min: 1, max: 50 } as const;
/** Stands for a chat where a picture of the user's own profile is staged. */
export const PROFILE_CHAT = '-profile';
/** Stands for a chat where files for the music library are staged: each is listed there once the server has it. */
export const LIBRARY_PLACE = 'library';
/** Bytes of a file that comes from the page itself, and of one piece of it. */
export const MAX_STAGED_BYTES = 25 * 1024 * 1024;
export const MAX_CHUNK_BYTES = 1024 * 1024;

/** Bytes per uploaded file, and of the multipart overhead around it: boundaries, part headers, fields. */
export const MAX_UPLOAD_BYTES = 100 * 1024 * 1024;
export const MAX_MULTIPART_BYTES = 64 * 1024;

/** Reaction emojis if a server does not return its own list. */
export const DEFAULT_REACTIONS = ['👍', '❤️', '😂', '😮', '😢', '🙏', '🔥', '🎉', '👏', '👎'] as const;

/** The farthest that a message can be put off, in milliseconds, and how many of an account wait at once. */
export const MOST_LATER_MS = 366 * 24 * 3_600_000;
export const MOST_LATER = 200;

/** Notes of an account. */
export const MOST_NOTES = 2_000;
