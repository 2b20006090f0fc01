/**
 * One argument schema and one result schema per channel. Main validates the argument before any handler sees it, and
 * the result in tests. The names are in channels.ts, which the preload can bundle without this file.
 */
import { z } from 'zod';
import { ClientId } from '../api/message.ts';
import { Count, countedText, Id } from '../api/shared.ts';
import { LIMITS, LIST_WIDTH, MOST_FILES } from '../model/limits.ts';
import { ADMIN_CHANNELS } from './admin-schemas.ts';
import { CALL_CHANNELS } from './call-schemas.ts';
import { CallSettings } from './call-settings.ts';
import { DESKTOP_CHANNELS } from './desktop-schemas.ts';
import { DesktopSettings } from './desktop-views.ts';
import { EXPORT_CHANNELS } from './export-schemas.ts';
import { FILE_CHANNELS } from './file-schemas.ts';
import { FoundFile, FoundMusic, SearchUnderstood } from './found-views.ts';
import { LATER_CHANNELS } from './later-schemas.ts';
import { LOCK_CHANNELS } from './lock-schemas.ts';
import { MINI_CHANNELS } from './mini-views.ts';
import { MUSIC_CHANNELS } from './music-schemas.ts';
import { NOTE_CHANNELS } from './note-schemas.ts';
import { scoped } from './scoped.ts';
import { UPDATE_CHANNELS } from './update-schemas.ts';
import {
  ACCENTS,
  CallDevices,
  AccountId,
  ChatView,
  DENSITIES,
  LANGUAGES,
  MessageDetails,
  MessagePage,
  MessageView,
  OLDER_MESSAGES,
  ProfileView,
  SearchHit,
  SearchReach,
  ServerView,
  SettingsView,
  Snapshot,
  TEXT_SIZES,
  THEMES,
  Time,
  UserView,
} from './views.ts';

const nothing = z.object({}).strict();
const done = z.null();

/** A server address as typed. */
const address = countedText(LIMITS.address);
const localId = ClientId;
const credentials = {
  server: address,
  username: countedText(LIMITS.signInName),
  password: countedText({ min: 1, max: LIMITS.password.max }),
};
const text = countedText(LIMITS.content);
/** The account opened by a sign-in. */
const signedIn = z.object({ accountId: AccountId });

/**
 * Where a page is taken: at the newest, before or after a message, around a message, at a date, at the first unread.
 */
export const PageAnchor = z.discriminatedUnion('at', [
  z.object({ at: z.literal('latest') }),
  z.object({ at: z.literal('unread') }),
  z.object({ at: z.literal('before'), key: localId }),
  z.object({ at: z.literal('after'), key: localId }),
  z.object({ at: z.literal('around'), key: localId }),
  z.object({ at: z.literal('date'), time: Time }),
]);
export type PageAnchor = z.infer<typeof PageAnchor>;

export const CHANNEL_SCHEMAS = {
  'app.ready': { input: nothing, output: Snapshot },
  /** The page has painted its first screen: work that would have delayed it may begin. */
  'app.shown': { input: nothing, output: done },
  'app.openExternal': { input: z.object({ url: z.string().min(1).max(2048) }), output: done },
  'app.copyText': { input: z.object({ text: z.string().max(1_000_000) }), output: done },
  /** Retry now: the connection and queued messages do not wait for their backoff. */
  'app.tryNow': { input: nothing, output: done },

  'accounts.probe': { input: z.object({ server: address }), output: ServerView },
  'accounts.register': {
    input: z.object({
      ...credentials,
      firstName: z.string().max(1000),
      lastName: z.string().max(1000),
      age: z.number().min(-1_000_000).max(1_000_000),
      bio: z.string().max(10_000),
    }),
    output: signedIn,
  },
  /**
   * Opens the account beside those already open. Also signs in again after the token expired: the same person on the
   * same server keeps everything stored.
   */
  'accounts.login': { input: z.object(credentials), output: signedIn },
  /** `forget`: also deletes what is stored here for the account, unsent messages included. */
  'accounts.logout': { input: scoped({ forget: z.boolean() }), output: done },
  /** The user now looks at this account: the next start begins with it. */
  'accounts.show': { input: scoped({}), output: done },
  /** The user's explicit decision about a weak key store. */
  'accounts.keepWeakly': { input: z.object({ keep: z.boolean() }), output: done },

  'settings.update': {
    input: z.object({
      theme: z.enum(THEMES).optional(),
      language: z.enum(LANGUAGES).optional(),
      textSize: z.enum(TEXT_SIZES).optional(),
      sendTyping: z.boolean().optional(),
      enterSends: z.boolean().optional(),
      density: z.enum(DENSITIES).optional(),
      accent: z.enum(ACCENTS).optional(),
      chatLight: z.boolean().optional(),
      moreContrast: z.boolean().optional(),
      listWidth: z.number().int().min(LIST_WIDTH.min).max(LIST_WIDTH.max).nullable().optional(),
      olderMessages: z.enum(OLDER_MESSAGES).optional(),
      callDevices: CallDevices.optional(),
      ...CallSettings.partial().shape,
      ...DesktopSettings.partial().shape,
    }),
    output: SettingsView,
  },

  'users.search': {
    input: scoped({ q: countedText(LIMITS.searchQuery) }),
    output: z.array(UserView),
  },
  'users.get': { input: scoped({ id: Id }), output: ProfileView },
  /** Updates the user's own profile; the limits are those of registration. */
  'users.updateMe': {
    input: scoped({
      firstName: z.string().max(1000),
      lastName: z.string().max(1000),
      bio: z.string().max(10_000),
      /** A staged picture; null removes the present one. */
      avatar: z.object({ uploadId: Id }).nullable().optional(),
    }),
    output: done,
  },

  /** More of the chat list: what follows this chat, described as it was when it was last sent to the page. */
  'chats.rest': {
    input: scoped({ after: z.object({ pinned: z.boolean(), activityAt: Time, id: Id }) }),
    output: z.object({ chats: z.array(ChatView), more: z.boolean() }),
  },
  'chats.create': { input: scoped({ userId: Id }), output: ChatView },
  'chats.saveDraft': {
    input: scoped({ chatId: Id, text: countedText(LIMITS.draft), replyTo: Id.nullable() }),
    output: done,
  },
  'chats.organise': {
    input: scoped({
      chatId: Id,
      pinned: z.boolean().optional(),
      archived: z.boolean().optional(),
      muted: z.object({ until: Time.nullable() }).nullable().optional(),
      markedUnread: z.boolean().optional(),
    }),
    output: ChatView,
  },
  /** The user opened this chat: the next start begins with it. */
  'chats.opened': { input: scoped({ chatId: Id }), output: done },
  /** The user has seen everything up to this message. */
  'chats.markRead': { input: scoped({ chatId: Id, messageId: Id }), output: done },
  'chats.setTyping': { input: scoped({ chatId: Id, typing: z.boolean() }), output: done },

  /** Reads only the local store, never the network. */
  'messages.page': {
    input: scoped({ chatId: Id, anchor: PageAnchor, limit: z.number().int().min(1).max(200) }),
    output: MessagePage,
  },
  /** Fetches what lies beyond `key` (null: the newest) from the server, stores it and returns it as a page. */
  'messages.fill': {
    input: scoped({ chatId: Id, edge: z.enum(['older', 'newer', 'around']), key: localId.nullable() }),
    output: MessagePage,
  },
  'messages.send': {
    input: scoped({
      chatId: Id,
      /** Empty only beside files. */
      text: countedText({ min: 0, max: LIMITS.content.max }),
      replyTo: Id.nullable(),
      /** Uploads of the composer, in order: the message waits until the server has them. */
      uploads: z.array(Id).max(MOST_FILES).optional(),
    }),
    output: MessageView,
  },
  /** Withdraws a message that has not left yet. `too_late` if it has. */
  'messages.cancel': { input: scoped({ localId }), output: done },
  /** Edits a message that has not left yet. `too_late` if it has. */
  'messages.edit': { input: scoped({ localId, text }), output: MessageView },
  /** Resends a failed or undecided message. */
  'messages.resend': { input: scoped({ localId }), output: MessageView },
  /** Discards a failed or undecided message. */
  'messages.discard': { input: scoped({ localId }), output: done },
  'messages.forward': {
    input: scoped({
      messageIds: z.array(Id).min(LIMITS.forwarded.min).max(LIMITS.forwarded.max),
      chatIds: z.array(Id).min(LIMITS.forwardedTo.min).max(LIMITS.forwardedTo.max),
    }),
    output: z.object({ sent: Count }),
  },
  'messages.react': { input: scoped({ messageId: Id, emoji: z.string().min(1).max(32) }), output: done },
  'messages.unreact': { input: scoped({ messageId: Id, emoji: z.string().min(1).max(32) }), output: done },
  'messages.details': { input: scoped({ key: localId }), output: MessageDetails },
  'messages.emojis': { input: scoped({}), output: z.array(z.string()) },

  /**
   * Newest first. `query` may contain from:, in:, has:, before:, after:; `problems` lists filters that were not
   * understood, `needles` the words searched for, `reach` how much could be searched here.
   */
  'search.messages': {
    input: scoped({
      query: countedText(LIMITS.messageQuery),
      chatId: Id.nullable(),
      limit: z.number().int().min(1).max(100),
      offset: z.number().int().min(0).max(100_000),
    }),
    output: z.object({
      hits: z.array(SearchHit),
      more: z.boolean(),
      problems: z.array(z.string()),
      needles: z.object({ phrases: z.array(z.array(z.string())), prefix: z.string().nullable() }),
      reach: SearchReach,
      /** Nothing has the words as they stand: found by what they mean. */
      understood: SearchUnderstood.nullable(),
    }),
  },
  /**
   * Fetches a bounded number of older messages that may match the query. `added`: messages that were not stored before.
   */
  'search.further': {
    input: scoped({ query: countedText(LIMITS.messageQuery), chatId: Id.nullable() }),
    output: z.object({ added: z.number().int().min(0), reach: SearchReach }),
  },
  /** Music and files that are known here, by words, by who shared them and when. */
  'search.shared': {
    input: scoped({ query: countedText(LIMITS.messageQuery), limit: z.number().int().min(1).max(50) }),
    output: z.object({
      music: z.array(FoundMusic),
      files: z.array(FoundFile),
      understood: SearchUnderstood.nullable(),
    }),
  },

  ...EXPORT_CHANNELS,
  ...LATER_CHANNELS,
  ...LOCK_CHANNELS,
  ...NOTE_CHANNELS,
  ...FILE_CHANNELS,
  ...MUSIC_CHANNELS,
  ...CALL_CHANNELS,
  ...MINI_CHANNELS,
  ...ADMIN_CHANNELS,
  ...DESKTOP_CHANNELS,
  ...UPDATE_CHANNELS,
} as const satisfies Record<string, { input: z.ZodType; output: z.ZodType }>;
