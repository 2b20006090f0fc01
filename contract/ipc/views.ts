/**
 * What the main process tells the page: plain data, ready for the screen, times in milliseconds since the epoch. The
 * page never sees a shape of the wire, a path of a file or a token.
 */
import { z } from 'zod';
import { Bytes, Count, Pixels, Seconds } from '../api/shared.ts';
import { ERROR_CODES } from '../model/errors.ts';
import { LIST_WIDTH, MOST } from '../model/limits.ts';
import { SEND_STATES } from '../model/send-state.ts';

const id = z.string().min(1).max(64);
/** Milliseconds since the epoch: any moment that a `Date` can hold. */
export const Time = z.number().min(-MOST.moment).max(MOST.moment);
const time = Time;

export const UserView = z.object({
  id,
  username: z.string(),
  /** First and last name, or the username where there is none; bidi controls stripped. */
  name: z.string(),
  firstName: z.string(),
  lastName: z.string(),
  bio: z.string(),
  /** Null when the server does not tell. */
  online: z.boolean().nullable(),
  lastSeenAt: time.nullable(),
});
export type UserView = z.infer<typeof UserView>;

/** All that a person tells of themselves. */
export const ProfileView = UserView.extend({
  /** Years; null when the server does not tell. */
  age: z.number().int().nullable(),
  /** When the account was made. */
  since: time.nullable(),
});
export type ProfileView = z.infer<typeof ProfileView>;

/** One emoji under a message, with who chose it in the order of choosing. */
export const ReactionView = z.object({
  emoji: z.string(),
  mine: z.boolean(),
  users: z.array(z.object({ id, name: z.string() })),
});
export type ReactionView = z.infer<typeof ReactionView>;

export const AttachmentView = z.object({
  id,
  name: z.string(),
  mimeType: z.string(),
  size: Bytes,
  width: Pixels.nullable(),
  height: Pixels.nullable(),
  /** Seconds. */
  duration: Seconds.nullable(),
});
export type AttachmentView = z.infer<typeof AttachmentView>;

/** The message that another one answers, as far as it is known here. */
export const QuoteView = z.object({
  id,
  senderName: z.string(),
  mine: z.boolean(),
  /** Empty when the message is not known here and the server did not quote it. */
  text: z.string(),
  known: z.boolean(),
});
export type QuoteView = z.infer<typeof QuoteView>;

export const MessageView = z.object({
  /** The bubble's own name, the same for all of its life: the local id of what this device wrote, else the server's id. */
  key: id,
  chatId: id,
  /** Null until the server has it. */
  id: id.nullable(),
  /** Null for what this device did not write. */
  localId: id.nullable(),
  /** Where it stands among the others: see model/message-order.ts. */
  position: z.object({
    at: z
      .number()
      .min(-MOST.moment)
      .max(2 * MOST.moment),
    tie: z.string(),
  }),
  senderId: id,
  senderName: z.string(),
  mine: z.boolean(),
  text: z.string(),
  /** The server's time, or the time of writing while it is pending. */
  createdAt: time,
  /** Null for what others wrote. */
  state: z.enum(SEND_STATES).nullable(),
  /** Why it failed or waits; null when nothing is wrong. */
  problem: z.enum(ERROR_CODES).nullable(),
  /** True when nobody can know whether the server has it and the person must decide: send again or discard. */
  undecided: z.boolean(),
  /** Set on both of two messages that are the same send stored twice: the other one's id. */
  doubleOf: id.nullable(),
  quote: QuoteView.nullable(),
  reactions: z.array(ReactionView),
  attachments: z.array(AttachmentView),
});
export type MessageView = z.infer<typeof MessageView>;

/** What lies beyond an end of a loaded page: the chat's end, more in the local store, or rows only the server has. */
export const PAGE_EDGES = ['end', 'more', 'gap'] as const;
export const MessagePage = z.object({
  chatId: id,
  /** Oldest first. */
  items: z.array(MessageView),
  older: z.enum(PAGE_EDGES),
  newer: z.enum(PAGE_EDGES),
  /** The newest message that had been read when the chat was opened: the unread divider stands after it. */
  readUpTo: id.nullable(),
});
export type MessagePage = z.infer<typeof MessagePage>;
export type PageEdge = (typeof PAGE_EDGES)[number];

export const LastMessageView = z.object({
  key: id,
  mine: z.boolean(),
  senderName: z.string(),
  text: z.string(),
  /** Number of files it carries. */
  files: Count,
  at: time,
  state: z.enum(SEND_STATES).nullable(),
});

export const ChatView = z.object({
  id,
  title: z.string(),
  /** The other person of a chat of two; null when there is none or several. */
  peer: UserView.nullable(),
  participants: z.array(UserView),
  last: LastMessageView.nullable(),
  /** Time of the newest activity: the list's order. */
  activityAt: time,
  unread: Count,
  /** The person marked it unread by hand. */
  markedUnread: z.boolean(),
  pinned: z.boolean(),
  archived: z.boolean(),
  /** Null: not muted. `until` null: muted without an end. */
  muted: z.object({ until: time.nullable() }).nullable(),
  draft: z.string(),
  draftReplyTo: id.nullable(),
  /** Messages of this device that have not reached the server, and those that failed. */
  waiting: Count,
  failed: Count,
  hasFiles: z.boolean(),
  hasMusic: z.boolean(),
});
export type ChatView = z.infer<typeof ChatView>;

/** The key of an account and of everything that is stored for it: server and user together. */
export const AccountId = z.string().min(1).max(400);

/** Who somebody is, and where. */
export const AccountIdentity = z.object({
  id: AccountId,
  /** The server's address, without a path. */
  server: z.string(),
  user: UserView,
});
export type AccountIdentity = z.infer<typeof AccountIdentity>;

/** An open account: its chats are here, and it is connected while there is a good token. */
export const AccountView = AccountIdentity.extend({
  /** `expired`: readable, but the person must sign in again before anything is sent. */
  status: z.enum(['signed_in', 'expired']),
  /** What its server can do beyond the API. */
  capabilities: z.array(z.string()),
});
export type AccountView = z.infer<typeof AccountView>;

export const SECRET_STORAGE = ['strong', 'weak_memory', 'weak_kept', 'unavailable'] as const;
/** All accounts that are open, at the same time, and what the sign-in screen needs. */
export const AccountsView = z.object({
  /** In the order of their first sign-in. Empty: nobody is signed in. */
  open: z.array(AccountView),
  /** The one that was looked at last, where a start begins; null exactly when none is open. */
  current: AccountId.nullable(),
  /** How tokens are kept: by the system's key store; in memory only because that store is weak; kept all the same by choice. */
  secretStorage: z.enum(SECRET_STORAGE),
  /** The person has not yet been told that the key store is weak. */
  tellWeakStorage: z.boolean(),
  /** The address that the sign-in screen offers first. */
  defaultServer: z.string(),
  /** Nobody signed in: whose account was open last and is still kept here, for the sign-in screen; null where nobody's is. */
  last: z.object({ server: z.string(), username: z.string() }).nullable(),
});
export type AccountsView = z.infer<typeof AccountsView>;

export const CONNECTION_PHASES = [
  'idle',
  'connecting',
  'syncing',
  'live',
  'waiting',
  'offline',
  'waiting_auth',
] as const;
export const ConnectionView = z.object({
  phase: z.enum(CONNECTION_PHASES),
  /** When the next try is made, while waiting. */
  retryAt: time.nullable(),
  reason: z.enum(ERROR_CODES).nullable(),
});
export type ConnectionView = z.infer<typeof ConnectionView>;

export const THEMES = ['system', 'light', 'dark'] as const;
/** What can be done is shown in one of these colours, one's own bubbles included. */
export const ACCENTS = ['indigo', 'violet', 'raspberry', 'brick', 'ochre', 'green', 'blue'] as const;
export const LANGUAGES = ['system', 'en', 'ru'] as const;
/** How much of the past is read without being asked: nothing, a bounded part, everything. */
export const OLDER_MESSAGES = ['off', 'usual', 'all'] as const;
export const TEXT_SIZES = ['small', 'normal', 'large', 'huge'] as const;
export const DENSITIES = ['compact', 'normal', 'roomy'] as const;
export const SettingsView = z.object({
  theme: z.enum(THEMES),
  language: z.enum(LANGUAGES),
  textSize: z.enum(TEXT_SIZES),
  /** False: nobody is told that this person types. */
  sendTyping: z.boolean(),
  /** True: Enter sends and Shift+Enter breaks the line; false: the other way round, with Ctrl/Cmd+Enter. */
  enterSends: z.boolean(),
  /** How tall the rows of lists are. */
  density: z.enum(DENSITIES),
  accent: z.enum(ACCENTS),
  /** The open chat takes a little light from its person's colour. */
  chatLight: z.boolean(),
  /** Stronger words and lines, whatever the system asks for. */
  moreContrast: z.boolean(),
  /** Null: what suits the window. */
  listWidth: z.number().int().min(LIST_WIDTH.min).max(LIST_WIDTH.max).nullable(),
  /** What is read of older messages while nobody needs the line, so that searches find it. */
  olderMessages: z.enum(OLDER_MESSAGES),
});
export type SettingsView = z.infer<typeof SettingsView>;

export const UnreadView = z.object({
  /** Unread messages over all chats that are not muted, archived ones included when not muted. */
  messages: z.number().int().min(0),
  chats: Count,
});
export type UnreadView = z.infer<typeof UnreadView>;

/** What a page needs to show one account. */
export const AccountSnapshot = z.object({
  accountId: AccountId,
  connection: ConnectionView,
  /** The first chats of the list. */
  chats: z.array(ChatView),
  /** There are more: ask for them by `chats.rest`. */
  moreChats: z.boolean(),
  /** The chat that was opened last, while there is one. */
  lastChatId: id.nullable(),
  unread: UnreadView,
});
export type AccountSnapshot = z.infer<typeof AccountSnapshot>;

/** Everything a page needs to stand up, and the number of the last push it includes. */
export const Snapshot = z.object({
  seq: z.number().int().min(0),
  accounts: AccountsView,
  /** One for each open account. */
  states: z.array(AccountSnapshot),
  /** The sum over all accounts: the number on the badge and the tray. */
  unread: UnreadView,
  settings: SettingsView,
  /** For the screen's own conventions only: shortcuts and window buttons. */
  platform: z.enum(['win32', 'darwin', 'linux']),
  version: z.string(),
  /** The system's language, as a BCP 47 tag. */
  systemLocale: z.string(),
});
export type Snapshot = z.infer<typeof Snapshot>;

/** A place where a word was found: `start` and `length` in UTF-16 units of `excerpt`. */
export const SearchHit = z.object({
  chatId: id,
  chatTitle: z.string(),
  messageId: id,
  senderName: z.string(),
  mine: z.boolean(),
  createdAt: time,
  excerpt: z.string(),
  marks: z.array(z.object({ start: Count, length: Count })),
  files: Count,
});
export type SearchHit = z.infer<typeof SearchHit>;

/** How much of what a search asked for is stored here, and could have been found. */
export const SearchReach = z.object({
  /** Chats that were searched, and those of which nothing is missing here. */
  chats: z.number().int().min(0),
  complete: z.number().int().min(0),
  /** From this moment on nothing is missing in any of them; null when nothing is missing at all, or it cannot be told. */
  since: time.nullable(),
  /** Chats left alone since this server would count what is unread there as read. */
  spared: z.number().int().min(0),
  /** More can be read from the server now: `search.further`. */
  further: z.boolean(),
});
export type SearchReach = z.infer<typeof SearchReach>;

export const MessageDetails = z.object({
  key: id,
  id: id.nullable(),
  state: z.enum(SEND_STATES).nullable(),
  /** When each state was reached, oldest first. */
  history: z.array(z.object({ state: z.enum(SEND_STATES), at: time })),
  attempts: Count,
  nextTryAt: time.nullable(),
});
export type MessageDetails = z.infer<typeof MessageDetails>;

/** What a server at an address is, before anybody signs in. */
export const ServerView = z.object({
  /** The address as it will be used: scheme, host, port. */
  url: z.string(),
  /** False: whoever is on the way can read along. */
  encrypted: z.boolean(),
  version: z.string().nullable(),
  capabilities: z.array(z.string()),
});
export type ServerView = z.infer<typeof ServerView>;
