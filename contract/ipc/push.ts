/**
 * What main pushes to the page: events of one account, and events of the whole application. They are numbered and
 * queued until the page has asked for its snapshot; a burst travels as one batch.
 */
import { z } from 'zod';
import { ERROR_CODES } from '../model/errors.ts';
import { CALL_COMMANDS, CallSignalView, CallView } from './call-views.ts';
import { LinkView, TOLD } from './desktop-views.ts';
import { ExportView } from './export-schemas.ts';
import { LaterView } from './later-schemas.ts';
import { DownloadView, UploadList } from './file-views.ts';
import { LockView } from './lock-views.ts';
import { MiniPicture, MiniView } from './mini-views.ts';
import { PLAYER_COMMANDS } from './music-views.ts';
import { UpdateView } from './update-views.ts';
import {
  AccountId,
  AccountsView,
  ChatView,
  ConnectionView,
  MessageView,
  SettingsView,
  Time,
  UnreadView,
} from './views.ts';

const id = z.string().min(1).max(64);

/** A change in one account. */
export const AccountEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('connection'), connection: ConnectionView }),
  /** Unread counts of this account. */
  z.object({ kind: z.literal('unread'), unread: UnreadView }),
  z.object({ kind: z.literal('chats'), upserts: z.array(ChatView), removed: z.array(id) }),
  /**
   * The account was opened, or everything was fetched again: replace the whole list and drop loaded pages. `more`:
   * these are the first chats only, the others are fetched by `chats.rest`.
   */
  z.object({ kind: z.literal('chats:reset'), chats: z.array(ChatView), more: z.boolean() }),
  /** New or changed messages of one chat; keys that no longer exist. */
  z.object({ kind: z.literal('messages'), chatId: id, upserts: z.array(MessageView), removed: z.array(id) }),
  /** Rows were added to this chat's past, or it was fetched again: pages on the screen should be reloaded. */
  z.object({ kind: z.literal('messages:stale'), chatId: id }),
  z.object({ kind: z.literal('typing'), chatId: id, users: z.array(z.object({ id, name: z.string() })) }),
  z.object({ kind: z.literal('presence'), userId: id, online: z.boolean(), lastSeenAt: Time.nullable() }),
  /** All uploads of a chat, as `files.uploads` lists them; at most 10 times a second. */
  UploadList.extend({ kind: z.literal('uploads'), chatId: id }),
  /** All downloads of this run, as `files.downloads` lists them; at most 10 times a second. */
  z.object({ kind: z.literal('downloads'), downloads: z.array(DownloadView) }),
  /** All exports of this run, as `exports.list` lists them; at most 10 times a second. */
  z.object({ kind: z.literal('exports'), exports: z.array(ExportView) }),
  /** All messages of the account that are sent later. */
  z.object({ kind: z.literal('later'), messages: z.array(LaterView) }),
  /** The library changed: lists on the screen ask again. `ids`: these alone changed, such as by coming into the cache. */
  z.object({ kind: z.literal('music'), ids: z.array(id).max(500).nullable(), total: z.number().int().min(0) }),
  /** The state of the current call. After `ended` nothing more comes of it. */
  z.object({ kind: z.literal('call'), call: CallView }),
  /** A signal of the other side, in order and each once. */
  z.object({ kind: z.literal('call:signal'), key: id, signal: CallSignalView }),
  /** The way to the server is back, or the computer woke: connections should be looked at. */
  z.object({ kind: z.literal('call:network'), key: id }),
  z.object({ kind: z.literal('call:command'), key: id, command: z.enum(CALL_COMMANDS) }),
  /** The small window of the call is open, and wants to show what the other side shows; or it is not any more. */
  z.object({ kind: z.literal('call:mini'), key: id, open: z.boolean() }),
  /** A notification, the tray or a link asks to open a place. */
  z.object({ kind: z.literal('open'), chatId: id, messageId: id.nullable() }),
  /** Something happened that no screen asked about: shown once, in the user's language. */
  z.object({
    kind: z.literal('notice'),
    notice: z.enum(['store_rebuilt', 'outbox_rescued', 'send_failed', 'chats_not_whole']),
    code: z.enum(ERROR_CODES).nullable(),
  }),
]);
export type AccountEvent = z.infer<typeof AccountEvent>;
export type AccountEventOf<K extends AccountEvent['kind']> = Extract<AccountEvent, { kind: K }>;

/** A change in the application as a whole. */
export const AppEvent = z.discriminatedUnion('kind', [
  /** Accounts were opened or closed, or one of them changed. State of an account that is not in the list is void. */
  z.object({ kind: z.literal('accounts'), accounts: AccountsView }),
  z.object({ kind: z.literal('settings'), settings: SettingsView }),
  /** The sum over all accounts. */
  z.object({ kind: z.literal('unread'), unread: UnreadView }),
  /** The lock was set, changed or tried. A page that is locked hears nothing else. */
  z.object({ kind: z.literal('lock'), lock: LockView }),
  /** The call in its small window, which hears nothing else. */
  z.object({ kind: z.literal('mini'), mini: MiniView }),
  /** The newest picture for it; null: there is none. */
  z.object({ kind: z.literal('mini:picture'), jpeg: MiniPicture.nullable() }),
  /** The tray asks the player. */
  z.object({ kind: z.literal('player:command'), command: z.enum(PLAYER_COMMANDS) }),
  /** A link from outside: followed only when the user agrees. */
  z.object({ kind: z.literal('link'), link: LinkView }),
  /** Something about the desktop that is said once. */
  z.object({ kind: z.literal('told'), what: z.enum(TOLD) }),
  /** Where the update of the program stands: when it changes, and at each percent of a download. */
  z.object({ kind: z.literal('update'), update: UpdateView }),
]);
export type AppEvent = z.infer<typeof AppEvent>;

export const AccountPush = z.object({ accountId: AccountId, event: AccountEvent });
export type AccountPush = z.infer<typeof AccountPush>;

/** One push: an account event or an application event. */
export const PushEvent = z.union([AccountPush, AppEvent]);
export type PushEvent = z.infer<typeof PushEvent>;

/** A batch: `seq` is the number of its last push; the first is `seq - events.length + 1`. */
export const PushBatch = z.object({ seq: z.number().int().min(1), events: z.array(PushEvent).min(1) });
export type PushBatch = z.infer<typeof PushBatch>;
