/**
 * Every limit that the API states, in one place: the schemas, the forms' checks while typing and the relay's
 * enforcement all read it from here. Lengths of text are in characters: Unicode code points after NFC (`characterCount`).
 */
export const LIMITS = {
  username: { min: 3, max: 20 },
  firstName: { min: 1, max: 50 },
  lastName: { min: 1, max: 50 },
  age: { min: 13, max: 120 },
  bio: { min: 0, max: 500 },
  /** The upper bound is ours: hashing must not become a way to burn a server's processor. */
  password: { min: 6, max: 1024 },
  content: { min: 1, max: 4000 },
  searchQuery: { min: 1, max: 100 },
  /** What is typed to search messages, filters included. */
  messageQuery: { min: 0, max: 500 },
  /** What is being written and kept on this device. */
  draft: { min: 0, max: 100_000 },
  /** Messages forwarded at once, and chats that they go to. */
  forwarded: { min: 1, max: 100 },
  forwardedTo: { min: 1, max: 20 },
  /** What is typed to sign in: other servers may allow longer names than ours. */
  signInName: { min: 1, max: 100 },
  address: { min: 1, max: 2048 },
  /** Attachments of one message. */
  attachments: { min: 0, max: 20 },
  /** Rows of one history page. */
  page: { min: 1, max: 100, default: 50 },
  /** Rows of one page of the chat list. */
  chatPage: { min: 1, max: 200, default: 100 },
  /** Of a chat's last message in a page of the list: a longer text is cut there and marked `shortened`. */
  lastMessage: { min: 0, max: 300 },
  avatarUrl: { min: 0, max: 2048 },
  clientId: { min: 1, max: 64 },
} as const;

/** The width of the column of chats, in CSS pixels of the normal text size. */
export const LIST_WIDTH = { min: 264, max: 400 } as const;
/**
 * The largest numbers that may travel. A whole one past 2^53 cannot be read back out of SQLite: no sum of these, over
 * everything that an account can hold, comes near it.
 */
export const MOST = {
  count: 1_000_000_000,
  /** Some thirty years. */
  seconds: 1_000_000_000,
  /** A pebibyte. */
  bytes: 2 ** 50,
  pixels: 1_000_000,
  /** Milliseconds from the epoch: the last moment that a `Date` can hold. The first is as far before it. */
  moment: 8.64e15,
} as const;

/** Bytes of one JSON request body and of one WebSocket payload. */
export const MAX_JSON_BYTES = 64 * 1024;
export const MAX_FRAME_BYTES = 64 * 1024;

/** Bytes of one uploaded file, and of what a multipart body may hold around it: boundaries, part headers, fields. */
export const MAX_UPLOAD_BYTES = 100 * 1024 * 1024;
export const MAX_MULTIPART_BYTES = 64 * 1024;

/** The emojis a reaction may use when a server does not answer its own list. */
export const DEFAULT_REACTIONS = ['👍', '❤️', '😂', '😮', '😢', '🙏', '🔥', '🎉', '👏', '👎'] as const;
