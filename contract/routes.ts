/**
 * The one table of REST operations. The relay registers its routes and writes its OpenAPI document from it, the app
 * calls by name from it, and a setting can override the path of a row. Paths are below `/api`.
 */
import { z } from 'zod';
import { Capabilities, type Capability } from './api/capabilities.ts';
import {
  ADMIN_LISTS,
  ADMIN_SORTS,
  AdminUser,
  AuditEntry,
  SERIES_STEPS,
  Statistics,
  USER_SORTS,
} from './api/admin.ts';
import { AnswerCallBody, Call, IceServerEntry, InitiateCallBody, RejectCallBody } from './api/call.ts';
import { Chat, CreateChatBody } from './api/chat.ts';
import type { ApiErrorCode } from './api/error.ts';
import { File, FILE_VARIANTS } from './api/file.ts';
import { Message, ReactBody, Reaction, SendMessageBody } from './api/message.ts';
import { Count, countedText, Id, queryInt, Seconds, Sequence } from './api/shared.ts';
import { ExtractMetadataBody, Track, TRACK_SORTS, UpdateTrackBody } from './api/track.ts';
import { CreatedUpload, CreateUploadBody, UPLOAD_PART_TYPE, UploadProgress } from './api/upload.ts';
import { LoginBody, RegisterBody, UpdateProfileBody, User } from './api/user.ts';
import { LIMITS, MAX_MULTIPART_BYTES, MAX_UPLOAD_BYTES } from './model/limits.ts';
import { ServerFrame } from './ws/server-frames.ts';

/** How much of a row is fixed by the published documentation. */
export type RouteStability = 'doc' | 'ours' | 'ext';

/** Who may call: anyone, a signed-in user, an administrator. */
export type RouteAccess = 'public' | 'user' | 'admin';

interface RouteBase {
  /** Below `/api`; parameters in braces. */
  path: string;
  stability: RouteStability;
  access: RouteAccess;
  summary: string;
  /** The extension that the server must announce before the app may use the row. */
  capability?: Capability;
  params?: z.ZodObject;
  query?: z.ZodObject;
  /** The statuses of success. */
  success: readonly number[];
  errors: readonly ApiErrorCode[];
}

/** JSON both ways: the default when a row names no kind. */
export interface JsonRoute extends RouteBase {
  kind?: 'json';
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  body?: z.ZodType;
  /** Shape of a JSON answer: its own name first, so that an answer in another envelope can be opened. */
  answer: z.ZodObject | null;
  /** Served by HEAD as well: the headers of the answer alone. */
  head?: boolean;
}

/** A stream of bytes from the client, answered in JSON. */
export interface UploadRoute extends RouteBase {
  kind: 'upload';
  method: 'POST' | 'PUT' | 'PATCH';
  mediaType: string;
  /** Maximum size of the whole body, in bytes. */
  maxBytes: number;
  body?: undefined;
  answer: z.ZodObject;
}

/** A stream of bytes to the client; parts of it by `Range`, and HEAD as well as GET. */
export interface DownloadRoute extends RouteBase {
  kind: 'download';
  method: 'GET';
  body?: undefined;
  answer: null;
}

export type RouteDefinition = JsonRoute | UploadRoute | DownloadRoute;

/** Operations by name: this table, or another one served and called the same way. */
export type RouteTable = Readonly<Record<string, RouteDefinition>>;

const auth = z.object({ user: User, token: z.string().min(1).max(8192) });
const page = z.object({
  limit: queryInt(LIMITS.page.min, LIMITS.page.max).optional(),
  offset: queryInt(0, 1_000_000_000).optional(),
});
const total = Count;
/** [ext] `admin`: a search, an order, and where the page before ended. */
const searched = {
  q: countedText(LIMITS.searchQuery).optional(),
  cursor: z.string().min(1).max(400).optional(),
};
const adminPage = page.extend({ ...searched, sort: z.enum(ADMIN_SORTS).optional() });
/** [ext] `admin`: where the next page begins; missing at the end. A search has no total, or that of what it found. */
const next = z.string().min(1).max(400).optional();
const inChat = z.object({ chatId: Id });
const onMessage = z.object({ messageId: Id });
const onTrack = z.object({ fileId: Id });
const ofCall = z.object({ callId: Id });

/** [ext] `sync`: the events after a sequence number, or `reset` when they are no longer kept. */
export const SyncAnswer = z.object({
  /** True when the events are no longer kept: read everything again, then continue from `seq`. */
  reset: z.boolean().optional(),
  events: z.array(ServerFrame).max(1000).optional(),
  /** `events` is complete up to this number. */
  seq: Sequence,
  /** Changes when the node's data is restored to an earlier state. */
  epoch: z.string().max(64),
  /** True when there are more events after `seq`: ask again. */
  more: z.boolean().optional(),
});
export type SyncAnswer = z.infer<typeof SyncAnswer>;

const table = {
  register: {
    method: 'POST', path: '/auth/register', stability: 'doc', access: 'public', summary: 'Register',
    body: RegisterBody, answer: auth, success: [201], errors: ['validation', 'username_taken', 'rate_limited'],
  },
  login: {
    method: 'POST', path: '/auth/login', stability: 'doc', access: 'public', summary: 'Log in',
    body: LoginBody, answer: auth, success: [200], errors: ['validation', 'wrong_credentials', 'rate_limited'],
  },
  me: {
    method: 'GET', path: '/auth/me', stability: 'doc', access: 'user', summary: 'Who am I',
    answer: z.object({ user: User }), success: [200], errors: [],
  },
  searchUsers: {
    method: 'GET', path: '/users/search', stability: 'doc', access: 'user', summary: 'Search people',
    query: z.object({ q: countedText(LIMITS.searchQuery) }),
    answer: z.object({ users: z.array(User).max(1000) }), success: [200], errors: ['validation'],
  },
  updateProfile: {
    method: 'PUT', path: '/users/me', stability: 'doc', access: 'user', summary: 'Update my profile',
    body: UpdateProfileBody, answer: z.object({ user: User }), success: [200], errors: ['validation'],
  },
  user: {
    method: 'GET', path: '/users/{id}', stability: 'doc', access: 'user', summary: 'Profile by id',
    params: z.object({ id: Id }), answer: z.object({ user: User }), success: [200], errors: ['not_found'],
  },
  chats: {
    method: 'GET', path: '/chats', stability: 'doc', access: 'user', summary: 'My chats, newest activity first',
    // [ext] `chat-pages`: with `limit`, one page; `next` is the cursor of the next page, absent on the last one.
    query: z.object({
      limit: queryInt(LIMITS.chatPage.min, LIMITS.chatPage.max).optional(),
      cursor: z.string().min(1).max(128).regex(/^[A-Za-z0-9_-]+$/).optional(),
    }),
    answer: z.object({ chats: z.array(Chat).max(100_000), next: z.string().max(128).nullish() }), success: [200], errors: [],
  },
  createChat: {
    method: 'POST', path: '/chats', stability: 'doc', access: 'user', summary: 'Create or get the chat with a person',
    body: CreateChatBody, answer: z.object({ chat: Chat }), success: [200, 201], errors: ['validation', 'not_found'],
  },
  history: {
    method: 'GET', path: '/chats/{chatId}/messages', stability: 'doc', access: 'user',
    summary: 'History, newest first; with [ext] `after` oldest first',
    params: inChat, query: page.extend({ before: Id.optional(), after: Id.optional() }),
    answer: z.object({ messages: z.array(Message).max(1000), total: total.optional() }), success: [200],
    errors: ['validation', 'forbidden', 'not_found'],
  },
  sendMessage: {
    method: 'POST', path: '/messages/send', stability: 'doc', access: 'user', summary: 'Send a message',
    body: SendMessageBody, answer: z.object({ message: Message }), success: [200, 201],
    errors: ['validation', 'forbidden', 'not_found', 'key_reused', 'rate_limited'],
  },
  message: {
    method: 'GET', path: '/messages/{messageId}', stability: 'doc', access: 'user', summary: 'One message',
    params: onMessage, answer: z.object({ message: Message }), success: [200], errors: ['forbidden', 'not_found'],
  },
  react: {
    method: 'POST', path: '/messages/{messageId}/reactions', stability: 'doc', access: 'user', summary: 'React',
    params: onMessage, body: ReactBody, answer: z.object({ reaction: Reaction }), success: [200, 201],
    errors: ['validation', 'forbidden', 'not_found'],
  },
  unreact: {
    method: 'DELETE', path: '/messages/{messageId}/reactions/{reactionId}', stability: 'doc', access: 'user',
    summary: 'Take a reaction back', params: onMessage.extend({ reactionId: Id }), answer: null, success: [200, 204],
    errors: ['forbidden', 'not_found'],
  },
  initiateCall: {
    method: 'POST', path: '/calls/initiate', stability: 'doc', access: 'user', summary: 'Start a call',
    body: InitiateCallBody, answer: z.object({ call: Call }), success: [200, 201],
    errors: ['validation', 'forbidden', 'not_found', 'busy', 'rate_limited'],
  },
  answerCall: {
    method: 'POST', path: '/calls/{callId}/answer', stability: 'doc', access: 'user', summary: 'Answer a call',
    params: ofCall, body: AnswerCallBody, answer: z.object({ call: Call }), success: [200], errors: ['forbidden', 'not_found', 'conflict'],
  },
  rejectCall: {
    method: 'POST', path: '/calls/{callId}/reject', stability: 'doc', access: 'user', summary: 'Reject a call',
    params: ofCall, body: RejectCallBody, answer: z.object({ call: Call }), success: [200], errors: ['forbidden', 'not_found', 'conflict'],
  },
  endCall: {
    method: 'POST', path: '/calls/{callId}/end', stability: 'doc', access: 'user', summary: 'End a call',
    params: ofCall, answer: z.object({ call: Call }), success: [200], errors: ['forbidden', 'not_found', 'conflict'],
  },
  calls: {
    method: 'GET', path: '/calls', stability: 'ext', access: 'user', capability: 'calls', summary: 'My calls, newest first',
    // `before`: began earlier than this, in milliseconds since the epoch.
    query: page.extend({ offset: queryInt(0, 1000).optional(), before: queryInt(0, 1e15).optional() }),
    answer: z.object({ calls: z.array(Call).max(1000) }), success: [200], errors: ['validation'],
  },
  iceServers: {
    method: 'GET', path: '/calls/ice-servers', stability: 'ext', access: 'user', capability: 'turn',
    summary: 'Servers that help two sides of a call to reach each other; credentials are short-lived',
    answer: z.object({ iceServers: z.array(IceServerEntry).max(16) }), success: [200], errors: [],
  },
  reactions: {
    method: 'GET', path: '/reactions', stability: 'doc', access: 'user', summary: 'The emojis a reaction may use',
    answer: z.object({ reactions: z.array(z.string().min(1).max(32)).max(10_000) }), success: [200], errors: [],
  },
  allReactions: {
    method: 'GET', path: '/reactions/all', stability: 'ours', access: 'admin', summary: 'All reactions',
    // [ext] `admin`: with the people who reacted.
    query: adminPage,
    answer: z.object({ reactions: z.array(Reaction), total: total.optional(), next, people: z.array(User).optional() }), success: [200], errors: ['forbidden', 'validation'],
  },
  music: {
    method: 'GET', path: '/music', stability: 'ours', access: 'user', summary: 'The shared music library',
    // [ext] `music`: a search, an order, a page, and how many tracks there are.
    query: z.object({
      q: countedText(LIMITS.searchQuery).optional(),
      sort: z.enum(TRACK_SORTS).optional(),
      limit: queryInt(LIMITS.trackPage.min, LIMITS.trackPage.max).optional(),
      offset: queryInt(0, 1_000_000_000).optional(),
    }),
    answer: z.object({ tracks: z.array(Track).max(1_000_000), total: total.optional() }), success: [200], errors: [],
  },
  extractMetadata: {
    method: 'POST', path: '/music/metadata', stability: 'ours', access: 'user', summary: 'Read the metadata of an audio file',
    body: ExtractMetadataBody, answer: z.object({ metadata: Track }), success: [200], errors: ['forbidden', 'not_found', 'unsupported_media'],
  },
  updateTrack: {
    method: 'PATCH', path: '/music/{fileId}', stability: 'ext', access: 'user', capability: 'music', summary: 'Correct what a track is called',
    params: onTrack, body: UpdateTrackBody, answer: z.object({ track: Track }), success: [200], errors: ['forbidden', 'not_found'],
  },
  removeTrack: {
    method: 'DELETE', path: '/music/{fileId}', stability: 'ext', access: 'user', capability: 'music', summary: 'Take a track off the list',
    params: onTrack, answer: null, success: [204], errors: ['forbidden', 'not_found'],
  },
  upload: {
    kind: 'upload', mediaType: 'multipart/form-data', maxBytes: MAX_UPLOAD_BYTES + MAX_MULTIPART_BYTES,
    method: 'POST', path: '/files/upload', stability: 'ours', access: 'user', summary: 'Upload a file (multipart, field `file`)',
    answer: z.object({ file: File }), success: [200, 201],
    errors: ['validation', 'too_large', 'unsupported_media', 'rate_limited', 'quota_exceeded', 'disk_full'],
  },
  createUpload: {
    method: 'POST', path: '/uploads', stability: 'ext', access: 'user', capability: 'resumable-upload', summary: 'Begin an upload in parts',
    body: CreateUploadBody, answer: CreatedUpload, success: [201], errors: ['validation', 'too_large', 'rate_limited', 'quota_exceeded', 'disk_full'],
  },
  uploadOffset: {
    method: 'GET', head: true, path: '/uploads/{id}', stability: 'ext', access: 'user', capability: 'resumable-upload',
    summary: 'How far an upload has come; `Upload-Offset` with HEAD', params: z.object({ id: Id }),
    answer: UploadProgress, success: [200], errors: ['not_found'],
  },
  // The last part completes the upload and answers the file. With all bytes there, an empty part completes it again.
  uploadPart: {
    kind: 'upload', mediaType: UPLOAD_PART_TYPE, maxBytes: MAX_UPLOAD_BYTES, method: 'PATCH', path: '/uploads/{id}',
    stability: 'ext', access: 'user', capability: 'resumable-upload', summary: 'Continue an upload at `Upload-Offset`', params: z.object({ id: Id }),
    answer: UploadProgress, success: [200], errors: ['validation', 'not_found', 'conflict', 'too_large', 'rate_limited', 'quota_exceeded', 'disk_full'],
  },
  cancelUpload: {
    method: 'DELETE', path: '/uploads/{id}', stability: 'ext', access: 'user', capability: 'resumable-upload', summary: 'Give an upload up',
    params: z.object({ id: Id }), answer: null, success: [204], errors: ['not_found'],
  },
  download: {
    kind: 'download', method: 'GET', path: '/files/{id}', stability: 'ours', access: 'user', summary: 'The bytes of a file; Range is honoured',
    // [ext] `files`: another form of the file, where its `variants` name it.
    params: z.object({ id: Id }), query: z.object({ variant: z.enum(FILE_VARIANTS).optional() }),
    answer: null, success: [200, 206, 304], errors: ['forbidden', 'not_found', 'range_not_satisfiable'],
  },
  adminLogin: {
    method: 'POST', path: '/admin/login', stability: 'ours', access: 'public', summary: 'Log in as an administrator',
    body: LoginBody, success: [200],
    // [ext] `admin`: how long the token is good for.
    answer: z.object({ token: z.string().min(1).max(8192), expiresInSeconds: Seconds.optional() }),
    errors: ['validation', 'wrong_credentials', 'rate_limited'],
  },
  statistics: {
    method: 'GET', path: '/admin/stats', stability: 'ours', access: 'admin', summary: 'Figures of the node',
    // [ext] `admin`: a series from `from` up to before `to` (milliseconds since the epoch, whole hours), in steps of hours.
    query: z.object({
      from: queryInt(0, 8.64e14).optional(),
      to: queryInt(0, 8.64e14).optional(),
      step: queryInt(1, SERIES_STEPS.longestHours).optional(),
    }),
    answer: Statistics, success: [200], errors: ['forbidden', 'validation'],
  },
  allUsers: {
    method: 'GET', path: '/admin/users', stability: 'ours', access: 'admin', summary: 'All people',
    query: page.extend({ ...searched, sort: z.enum(USER_SORTS).optional() }),
    answer: z.object({ users: z.array(AdminUser), total: total.optional(), next }), success: [200], errors: ['forbidden', 'validation'],
  },
  allMessages: {
    method: 'GET', path: '/admin/messages', stability: 'ours', access: 'admin', summary: 'All messages',
    query: adminPage,
    answer: z.object({ messages: z.array(Message), total: total.optional(), next }), success: [200], errors: ['forbidden', 'validation'],
  },
  adminAudit: {
    method: 'GET', path: '/admin/audit', stability: 'ext', access: 'admin', capability: 'admin',
    summary: 'What administrators looked at, newest first',
    query: z.object({ limit: page.shape.limit, cursor: searched.cursor }),
    answer: z.object({ entries: z.array(AuditEntry), next }), success: [200], errors: ['forbidden', 'validation'],
  },
  adminExport: {
    kind: 'download', method: 'GET', path: '/admin/export/{list}', stability: 'ext', access: 'admin', capability: 'admin',
    summary: 'A whole list as CSV; the last line is "incomplete" when it broke off',
    params: z.object({ list: z.enum(ADMIN_LISTS) }),
    query: z.object({ q: searched.q, sort: z.enum(USER_SORTS).optional() }),
    answer: null, success: [200], errors: ['forbidden', 'validation'],
  },
  capabilities: {
    method: 'GET', path: '/capabilities', stability: 'ext', access: 'public', summary: 'What this node can do beyond the documentation',
    answer: Capabilities, success: [200], errors: [],
  },
  sync: {
    method: 'GET', path: '/sync', stability: 'ext', access: 'user', capability: 'sync', summary: 'What happened after a sequence number',
    query: z.object({ since: queryInt(0, 2 ** 52) }), answer: SyncAnswer, success: [200], errors: ['validation'],
  },
} as const satisfies Record<string, RouteDefinition>;

/** The table with each row's own types. */
export const ROUTES = table;

type PartOf<R, K extends string> = R extends Record<K, infer S extends z.ZodType> ? z.output<S> : undefined;

/** What a row's answer contains; `undefined` where it has no JSON body. */
export type AnswerOf<R extends RouteDefinition> = PartOf<R, 'answer'>;
export type ParamsOf<R extends RouteDefinition> = PartOf<R, 'params'>;
export type QueryOf<R extends RouteDefinition> = PartOf<R, 'query'>;
export type BodyOf<R extends RouteDefinition> = PartOf<R, 'body'>;

/** The names of all rows of one kind. */
type NamesOf<T extends RouteTable, R extends RouteDefinition> = {
  [N in keyof T & string]: T[N] extends R ? N : never;
}[keyof T & string];

export type RouteName = keyof typeof table;
export type JsonRouteName = NamesOf<typeof table, JsonRoute>;
export type UploadRouteName = NamesOf<typeof table, UploadRoute>;
export type DownloadRouteName = NamesOf<typeof table, DownloadRoute>;

type Row<N extends RouteName> = (typeof table)[N];

export type RouteAnswer<N extends RouteName> = AnswerOf<Row<N>>;
export type RouteParams<N extends RouteName> = ParamsOf<Row<N>>;
export type RouteQuery<N extends RouteName> = QueryOf<Row<N>>;
export type RouteBody<N extends RouteName> = BodyOf<Row<N>>;

type Given<K extends string, T> = T extends undefined ? { [P in K]?: undefined } : { [P in K]: T };

/** A query without a required part may be left out. */
type GivenQuery<T> = Partial<T> extends T ? { query?: T | undefined } : Given<'query', T>;

/** What a caller passes: only the parts that the row has. */
export type RouteInput<N extends RouteName> = Given<'params', RouteParams<N>> &
  GivenQuery<RouteQuery<N>> &
  Given<'body', RouteBody<N>>;

/** A row by name, as its general type. */
export function routeOf(name: RouteName): RouteDefinition {
  return table[name];
}

/** Every name in the table. */
export const ROUTE_NAMES = Object.keys(table) as RouteName[];
