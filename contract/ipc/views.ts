/**
 * What main sends to the page: plain data, ready to display, times in milliseconds since the epoch. The page never sees
 * a wire shape, a file path or a token.
 */
import { z } from 'zod';
import { Count } from '../api/shared.ts';
import { ERROR_CODES } from '../model/errors.ts';
import { LIST_WIDTH, MOST } from '../model/limits.ts';
import { SEND_STATES } from '../model/send-state.ts';
import { CALL_SETTINGS } from './call-settings.ts';
import { CallView } from './call-views.ts';
import { DESKTOP_SETTINGS } from './desktop-views.ts';
import { AttachmentView, MediaUrl } from './file-views.ts';
import { LockView } from './lock-views.ts';
import { CONNECTION_PHASES } from './phases.ts';
import { Time } from './time.ts';

export { AttachmentView } from './file-views.ts';
export { Time } from './time.ts';

const id = z.string().min(1).max(64);
const time = Time;

export const UserView = z.object({
  id,
  username: z.string(),
  /** First and last name, or the username if there is none; bidi controls stripped. */
  name: z.string(),
  firstName: z.string(),
  lastName: z.string(),
  bio: z.string(),
  /** Null when the server does not say. */
  online: z.boolean().nullable(),
  lastSeenAt: time.nullable(),
  /** Served by main, whatever the server's address of the picture is. */
  avatarUrl: MediaUrl.nullable(),
});
export type UserView = z.infer<typeof UserView>;

/** Everything a person publishes about themselves. */
export const ProfileView = UserView.extend({
  /** Years; null when the server does not say. */
  age: z.number().int().nullable(),
  /** When the account was created. */
  since: time.nullable(),
});
export type ProfileView = z.infer<typeof ProfileView>;

/** One emoji under a message, with its users in the order in which they chose it. */
export const ReactionView = z.object({
  emoji: z.string(),
  mine: z.boolean(),
  users: z.array(z.object({ id, name: z.string() })),
});
export type ReactionView = z.infer<typeof ReactionView>;

/** The message a reply refers to, as far as it is known here. */
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
  /**
   * The bubble's key, the same for its whole life: the local id of a message written on this device, else the server's
   * id.
   */
  key: id,
  chatId: id,
  /** Null until the server has stored it. */
  id: id.nullable(),
  /** Null for messages not written on this device. */
  localId: id.nullable(),
  /** Sort position: see model/message-order.ts. */
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
  /** The server's time, or the time of writing while pending. */
  createdAt: time,
  /** Null for other people's messages. */
  state: z.enum(SEND_STATES).nullable(),
  /** Why it failed or waits; null when nothing is wrong. */
  problem: z.enum(ERROR_CODES).nullable(),
  /** True when it is impossible to know whether the server has it and the user must decide: resend or discard. */
  undecided: z.boolean(),
  /** Set on both copies when one send was stored twice: the other copy's id. */
  doubleOf: id.nullable(),
  quote: QuoteView.nullable(),
  reactions: z.array(ReactionView),
  attachments: z.array(AttachmentView),
});
export type MessageView = z.infer<typeof MessageView>;

/** What lies beyond one end of a loaded page: the chat's end, more in the local store, or rows only the server has. */
export const PAGE_EDGES = ['end', 'more', 'gap'] as const;
export const MessagePage = z.object({
  chatId: id,
  /** Oldest first. */
  items: z.array(MessageView),
  older: z.enum(PAGE_EDGES),
  newer: z.enum(PAGE_EDGES),
  /** The newest message already read when the chat was opened: the unread divider follows it. */
  readUpTo: id.nullable(),
});
export type MessagePage = z.infer<typeof MessagePage>;
export type PageEdge = (typeof PAGE_EDGES)[number];

export const LastMessageView = z.object({
  key: id,
  mine: z.boolean(),
  senderName: z.string(),
  text: z.string(),
  /** Number of attached files. */
  files: Count,
  at: time,
  state: z.enum(SEND_STATES).nullable(),
});

export const ChatView = z.object({
  id,
  title: z.string(),
  /** The other person in a chat of two; null when there is none or several. */
  peer: UserView.nullable(),
  participants: z.array(UserView),
  last: LastMessageView.nullable(),
  /** Time of the latest activity: the list's sort key. */
  activityAt: time,
  unread: Count,
  /** Marked unread by the user. */
  markedUnread: z.boolean(),
  pinned: z.boolean(),
  archived: z.boolean(),
  /** Null: not muted. `until` null: muted indefinitely. */
  muted: z.object({ until: time.nullable() }).nullable(),
  draft: z.string(),
  draftReplyTo: id.nullable(),
  /** This device's messages that have not reached the server, and those that failed. */
  waiting: Count,
  failed: Count,
  hasFiles: z.boolean(),
  hasMusic: z.boolean(),
});
export type ChatView = z.infer<typeof ChatView>;

/** The key of an account and of everything stored for it: server and user together. */
export const AccountId = z.string().min(1).max(400);

/** Who a user is, and on which server. */
export const AccountIdentity = z.object({
  id: AccountId,
  /** The server's address without a path. */
  server: z.string(),
  user: UserView,
});
export type AccountIdentity = z.infer<typeof AccountIdentity>;

/** An open account: its chats are available, and it is connected while its token is valid. */
export const AccountView = AccountIdentity.extend({
  /** `expired`: readable, but the user must sign in again before anything is sent. */
  status: z.enum(['signed_in', 'expired']),
  /** What its server supports beyond the API. */
  capabilities: z.array(z.string()),
});
export type AccountView = z.infer<typeof AccountView>;

export const SECRET_STORAGE = ['strong', 'weak_memory', 'weak_kept', 'unavailable'] as const;
/** All open accounts, and what the sign-in screen needs. */
export const AccountsView = z.object({
  /** In order of first sign-in. Empty: signed out. */
  open: z.array(AccountView),
  /** The account shown last, with which a start begins; null exactly when none is open. */
  current: AccountId.nullable(),
  /**
   * How tokens are kept: in the system's key store; in memory only, because that store is weak; in the weak store, by
   * the user's choice.
   */
  secretStorage: z.enum(SECRET_STORAGE),
  /** The user has not yet been warned that the key store is weak. */
  tellWeakStorage: z.boolean(),
  /** The address the sign-in screen suggests first. */
  defaultServer: z.string(),
  /** When signed out: the account open last, if its data is still kept here, for the sign-in screen; else null. */
  last: z.object({ server: z.string(), username: z.string() }).nullable(),
});
export type AccountsView = z.infer<typeof AccountsView>;

export const ConnectionView = z.object({
  phase: z.enum(CONNECTION_PHASES),
  /** Time of the next attempt, while waiting. */
  retryAt: time.nullable(),
  reason: z.enum(ERROR_CODES).nullable(),
});
export type ConnectionView = z.infer<typeof ConnectionView>;

export const THEMES = ['system', 'light', 'dark'] as const;
/** The colour of interactive elements and of the user's own bubbles. */
export const ACCENTS = ['indigo', 'violet', 'raspberry', 'brick', 'ochre', 'green', 'blue'] as const;
export const LANGUAGES = ['system', 'en', 'ru'] as const;
/** How much history is fetched in the background: none, a bounded part, everything. */
export const OLDER_MESSAGES = ['off', 'usual', 'all'] as const;
export const TEXT_SIZES = ['small', 'normal', 'large', 'huge'] as const;
export const DENSITIES = ['compact', 'normal', 'roomy'] as const;
/** A device as it was chosen: its id, and the name by which it is found when the id has changed. */
export const KeptDevice = z.object({ id: z.string().max(512), label: z.string().max(512) });
/** The devices of calls; null is the system's choice. */
export const CallDevices = z.object({
  microphone: KeptDevice.nullable(),
  camera: KeptDevice.nullable(),
  speaker: KeptDevice.nullable(),
});
export type CallDevices = z.infer<typeof CallDevices>;

export const SettingsView = z.object({
  theme: z.enum(THEMES),
  language: z.enum(LANGUAGES),
  textSize: z.enum(TEXT_SIZES),
  /** False: typing is not reported to others. */
  sendTyping: z.boolean(),
  /** True: Enter sends and Shift+Enter inserts a line break; false: the other way round, with Ctrl/Cmd+Enter. */
  enterSends: z.boolean(),
  /** Row height of lists. */
  density: z.enum(DENSITIES),
  accent: z.enum(ACCENTS),
  /** The open chat is lightly tinted with its person's colour. */
  chatLight: z.boolean(),
  /** Stronger text and lines, whatever the system asks for. */
  moreContrast: z.boolean(),
  /** Null: whatever suits the window. */
  listWidth: z.number().int().min(LIST_WIDTH.min).max(LIST_WIDTH.max).nullable(),
  /** Which older messages are fetched while the connection is idle, so that searches find them. */
  olderMessages: z.enum(OLDER_MESSAGES),
  callDevices: CallDevices,
  ...CALL_SETTINGS,
  ...DESKTOP_SETTINGS,
});
export type SettingsView = z.infer<typeof SettingsView>;

export const UnreadView = z.object({
  /** Unread messages over all chats that are not muted; archived ones count too. */
  messages: z.number().int().min(0),
  chats: Count,
});
export type UnreadView = z.infer<typeof UnreadView>;

/** What the page needs to show one account. */
export const AccountSnapshot = z.object({
  accountId: AccountId,
  connection: ConnectionView,
  /** The first chats of the list. */
  chats: z.array(ChatView),
  /** There are more: fetch them by `chats.rest`. */
  moreChats: z.boolean(),
  /** The chat opened last, if any. */
  lastChatId: id.nullable(),
  unread: UnreadView,
  /** The call that rings or runs in this account. */
  call: CallView.nullable(),
});
export type AccountSnapshot = z.infer<typeof AccountSnapshot>;

/** Everything a page needs to start, and the number of the last push it includes. */
export const Snapshot = z.object({
  seq: z.number().int().min(0),
  accounts: AccountsView,
  /** One per open account. */
  states: z.array(AccountSnapshot),
  /** The sum over all accounts: the number on the badge and the tray. */
  unread: UnreadView,
  settings: SettingsView,
  /** Locked: nothing of the accounts is in this snapshot. Without it there is no lock. */
  lock: LockView.optional(),
  /** Only for platform conventions on screen: shortcuts and window buttons. */
  platform: z.enum(['win32', 'darwin', 'linux']),
  version: z.string(),
  /** The system language as a BCP 47 tag. */
  systemLocale: z.string(),
});
export type Snapshot = z.infer<typeof Snapshot>;

/** A search hit: `start` and `length` of its marks are in UTF-16 units of `excerpt`. */
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

/** How much of what a search asked for is stored here and could be found. */
export const SearchReach = z.object({
  /** Number of chats searched, and of those from which nothing is missing here. */
  chats: z.number().int().min(0),
  complete: z.number().int().min(0),
  /** From this time on nothing is missing in any of them; null when nothing is missing at all, or when unknown. */
  since: time.nullable(),
  /** Chats skipped because this server would count their unread messages as read. */
  spared: z.number().int().min(0),
  /** More can be fetched from the server now: `search.further`. */
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

/** What a server at an address is, before sign-in. */
export const ServerView = z.object({
  /** The address as it will be used: scheme, host, port. */
  url: z.string(),
  /** False: the traffic can be read on its way. */
  encrypted: z.boolean(),
  version: z.string().nullable(),
  capabilities: z.array(z.string()),
});
export type ServerView = z.infer<typeof ServerView>;
