/**
 * The interfaces between the services of main. A service takes what it needs through its constructor, by these names;
 * the composition root (`main/index.ts`) puts the parts together. No service imports another one's file.
 */
import type { User } from '#contract/api/user.ts';
import type { ClientFrame } from '#contract/ws/client-frames.ts';
import type { ServerFrame, ServerFrameOf } from '#contract/ws/server-frames.ts';
import type { AccountEvent, AppEvent } from '#contract/ipc/push.ts';
import type { AccountIdentity } from '#contract/ipc/views.ts';
import type { AppError, ErrorCode, Result } from '#contract/model/errors.ts';
import type { Capability } from '#contract/api/capabilities.ts';
import type { Chat } from '#contract/api/chat.ts';
import type { DownloadRouteName, JsonRouteName, RouteAnswer, RouteInput, UploadRouteName } from '#contract/routes.ts';

/** Ends a subscription. */
export type Disposer = () => void;

/** Structured log. Fields never hold content, names of people or secrets: ids, counts, codes and times only. */
export interface Logger {
  debug(event: string, fields?: Record<string, unknown>): void;
  info(event: string, fields?: Record<string, unknown>): void;
  warn(event: string, fields?: Record<string, unknown>): void;
  error(event: string, fields?: Record<string, unknown>): void;
}

/** Time, so that tests own it. */
export interface Clock {
  /** Wall time, milliseconds since the epoch. */
  now(): number;
  /** Monotonic milliseconds: they never jump. */
  monotonic(): number;
  /** Runs once after `ms`; the answer takes it back. */
  after(ms: number, run: () => void): Disposer;
}

/** Randomness in [0, 1), so that jitter can be replayed. */
export type Random = () => number;

/**
 * What is known of a request that brought no answer of success. `not_stored`: the server certainly did nothing with
 * it. `unknown`: it may have.
 */
export type Effect = 'not_stored' | 'unknown';

/** `dropped`: list items or optional fields that made no sense and were left out; a page cut short by it is not the end. `cut`: a list that was taken
 * piece by piece did not come whole. */
export type ApiOutcome<T> =
  | { ok: true; value: T; status: number; dropped?: number; cut?: boolean }
  | { ok: false; error: AppError; effect: Effect };

export interface ApiOptions {
  signal?: AbortSignal;
  /** Milliseconds until the request counts as unanswered. */
  timeoutMs?: number;
  /**
   * For the list of chats: takes it piece by piece while it comes, whatever its size, and the answer's own list stays empty.
   * The next piece waits until the last one has been taken.
   */
  take?: (chats: Chat[]) => Promise<void>;
}

/** Bytes to send. */
export interface UploadSource {
  /** How many: exactly as many must come, or the upload fails with `file_changed`. */
  readonly size: number;
  /**
   * Begins to read, anew for each attempt. What it throws ends the upload with `file_unreadable`, or with its own code where
   * it is a `TransferFailed` (lib/transfer-failed.ts). It is ended early where the upload is.
   */
  open(): AsyncIterable<Uint8Array>;
}

/** A file as it is sent; its name and type are what the server is told, and cleaned on the way. */
export interface UploadFile {
  name: string;
  mimeType: string;
  source: UploadSource;
}

/** `bytes` of the file itself; `total` is null where nobody knows it. */
export interface TransferProgress {
  bytes: number;
  total: number | null;
}

export interface TransferOptions {
  signal?: AbortSignal;
  /** Told at most 10 times a second, and once more at the end. All bytes sent is not yet a file stored: the answer says that. */
  onProgress?: (progress: TransferProgress) => void;
  /** Milliseconds without a byte in either direction after which it counts as dead. There is no time for all of it. */
  silenceMs?: number;
}

export interface UploadOptions extends TransferOptions {
  /** Fields of the form, before the file. */
  fields?: Readonly<Record<string, string>>;
}

export interface DownloadOptions extends TransferOptions {
  /** A part: from `start` to `end`, both inclusive and counted from 0; to the end of the file without `end`. */
  range?: { start: number; end?: number };
  /** The `etag` that the part must belong to; where the file is another by now, all of it comes (`status` 200). */
  ifRange?: string;
}

/** A stream that has begun. It must be read to its end or cancelled. */
export interface Download {
  /** 206: the part that was asked for. 200: the whole, also where a part was asked for and the server gives none. */
  readonly status: 200 | 206;
  /** Where in the file the first byte belongs. */
  readonly start: number;
  /** Bytes that will come; null where only the end tells. */
  readonly length: number | null;
  /** Bytes of the whole file; null where it is not known. */
  readonly size: number | null;
  /** Media type, as the server says; null where it says none that could be one. */
  readonly type: string | null;
  /** With its quotes, as `ifRange` wants it. */
  readonly etag: string | null;
  /**
   * Read once, and no faster than it is taken: the time for which its reader takes nothing is no silence. Throws
   * `TransferFailed` (lib/transfer-failed.ts) where the bytes do not come as announced: what ends early never looks whole.
   */
  readonly body: AsyncIterable<Uint8Array>;
  /** Ends it. */
  cancel(): void;
}

/** The REST side of the connected server, bound to one account's token. Never throws for what a server can do. */
export interface RelayApi {
  call<N extends JsonRouteName>(
    route: N,
    input: RouteInput<N>,
    options?: ApiOptions,
  ): Promise<ApiOutcome<RouteAnswer<N>>>;
  /** Sends a file, streamed from its source. `not_stored` also where it broke off before all of it had left. */
  upload<N extends UploadRouteName>(
    route: N,
    input: RouteInput<N>,
    file: UploadFile,
    options?: UploadOptions,
  ): Promise<ApiOutcome<RouteAnswer<N>>>;
  /** Opens a file. What goes wrong after the head is thrown where the body is read. */
  download<N extends DownloadRouteName>(
    route: N,
    input: RouteInput<N>,
    options?: DownloadOptions,
  ): Promise<ApiOutcome<Download>>;
}

export type SocketState = 'closed' | 'connecting' | 'open';

/** The live side. Reconnects by itself while it is wanted; frames come parsed, what is malformed was logged and dropped. */
export interface RelaySocket {
  readonly state: SocketState;
  /** When the next try is made, in milliseconds since the epoch, while it waits for one. */
  readonly nextTryAt: number | null;
  /** Why it is not open; null while it is, and before the first try has ended. */
  readonly reason: ErrorCode | null;
  /** `state`, `nextTryAt` or `reason` changed. */
  onState(run: () => void): Disposer;
  /** Sends when open; false when it is not (nothing is queued here). */
  send(frame: ClientFrame): boolean;
  /** Authenticated and open, each time anew. */
  onOpen(run: (hello: ServerFrameOf<'auth:success'>['data']) => void): Disposer;
  /** `chars`: the length of the JSON that it came as. */
  onFrame(run: (frame: ServerFrame, chars: number) => void): Disposer;
  onClose(run: () => void): Disposer;
  /** Try at once: the network is back, the computer woke up. */
  nudge(): void;
}

/** The clock of one server, see services/time. */
export interface ServerClock {
  /** The time there, milliseconds since the epoch; null before the server has answered. */
  now(): number | null;
  /** How far it is ahead of this computer's wall clock, in milliseconds; 0 before the server has answered. */
  aheadMs(): number;
}

/** An open account's connection to its server; a new object for each sign-in. */
export interface AccountContext {
  readonly account: AccountIdentity;
  readonly api: RelayApi;
  readonly socket: RelaySocket;
  readonly serverTime: ServerClock;
  has(capability: Capability): boolean;
  /** The server refused the token: the account turns to `expired`. */
  tokenRefused(): void;
  /** The server sent this person's own profile: it is shown and kept. */
  meChanged(user: User): void;
}

/** Where an account's services put what the page should know. */
export interface AccountSink {
  emit(event: AccountEvent): void;
}

/** The same for all accounts and for the application. */
export interface PushSink {
  account(accountId: string, event: AccountEvent): void;
  app(event: AppEvent): void;
}

/** What sign-in tells those who work for accounts. Several are open at the same time. */
export interface SignInEvents {
  /** An account was opened, at the start or by a sign-in. `online` false: readable, but the token has ended or was not kept. */
  onOpened(run: (context: AccountContext, online: boolean) => void): Disposer;
  /** The account was closed; `forget`: everything stored for it goes too. */
  onClosed(run: (accountId: string, forget: boolean) => void): Disposer;
  /** The token of an open account was refused: it stays open and readable until the person signs in again. */
  onExpired(run: (accountId: string) => void): Disposer;
}

/** The network's and the computer's moods. */
export interface PowerEvents {
  /** The computer runs on its battery now. Asked when it matters: no system tells of every change. */
  onBattery(): boolean;
  onResume(run: () => void): Disposer;
  onOnline(run: () => void): Disposer;
}

/**
 * How well the system keeps a secret here. `weak`: it would be encrypted with a key that everybody knows (Linux
 * without a key store). `unavailable`: not at all.
 */
export type SecretStrength = 'strong' | 'weak' | 'unavailable';

/**
 * What came of reading a secret back. `renew`: encrypt it anew and keep that instead, the system's key has changed.
 * `later`: the key store cannot tell now and may be asked again. `lost`: it works, and cannot read this.
 */
export type SecretRead = { state: 'read'; secret: string; renew: boolean } | { state: 'later' } | { state: 'lost' };

/**
 * The system's key store. Never throws. Each answer may take as long as a person takes to answer the system's own
 * question, or for ever: nothing that somebody looks at waits for it.
 */
export interface SecretStore {
  strength(): Promise<SecretStrength>;
  /** The secret as text that only this person on this computer can read back; `secret_store_failed` when it was refused. */
  encrypt(secret: string): Promise<Result<string>>;
  decrypt(kept: string): Promise<SecretRead>;
}

/** One small JSON document on disk, replaced as a whole, readable by this person alone. */
export interface JsonDocument {
  /** What is stored, unchecked; an empty object when there is nothing or it cannot be read. */
  read(): Record<string, unknown>;
  /** `storage_failed` when the disk does not take it. */
  write(value: Record<string, unknown>): Result<null>;
}
