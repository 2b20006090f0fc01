/**
 * The interfaces between the services of main. A service takes what it needs through its constructor, by these names;
 * `main/assembly.ts` and `services/accounts` put the parts together. Otherwise services import each other only as
 * types.
 */
import type { User } from '#contract/api/user.ts';
import type { ClientFrame } from '#contract/ws/client-frames.ts';
import type { ServerFrame, ServerFrameOf } from '#contract/ws/server-frames.ts';
import type { CallMediaView, CallView, ScreenView } from '#contract/ipc/call-views.ts';
import type { Autostart, DesktopFacts, Diagnostics } from '#contract/ipc/desktop-views.ts';
import type { AccountEvent } from '#contract/ipc/push.ts';
import type { UpdateOff, UpdateProblem } from '#contract/model/updates.ts';
import type { AccountIdentity } from '#contract/ipc/views.ts';
import type { AppError, ErrorCode, Result } from '#contract/model/errors.ts';
import type { Capability } from '#contract/api/capabilities.ts';
import type { Chat } from '#contract/api/chat.ts';
import type { TrayState } from '../lib/tray-state.ts';
import type { DownloadRouteName, JsonRouteName, RouteAnswer, RouteInput, UploadRouteName } from '#contract/routes.ts';

/** Ends a subscription or cancels a timer. */
export type Disposer = () => void;

/** Structured log. Fields never contain content, names of people or secrets: only ids, counts, codes and times. */
export interface Logger {
  debug(event: string, fields?: Record<string, unknown>): void;
  info(event: string, fields?: Record<string, unknown>): void;
  warn(event: string, fields?: Record<string, unknown>): void;
  error(event: string, fields?: Record<string, unknown>): void;
}

/** Time, so that tests control it. */
export interface Clock {
  /** Wall time, milliseconds since the epoch. */
  now(): number;
  /** Monotonic clock, in milliseconds. */
  monotonic(): number;
  /** Runs once after `ms` milliseconds; the disposer cancels it. */
  after(ms: number, run: () => void): Disposer;
}

/** Randomness in [0, 1), so that jitter can be reproduced. */
export type Random = () => number;

/**
 * What is known about a request without a successful answer. `not_stored`: the server certainly did not process it.
 * `unknown`: it may have.
 */
export type Effect = 'not_stored' | 'unknown';

/**
 * `dropped`: number of list items or optional fields that were invalid and left out; a page shortened by it is not the
 * end. `cut`: a list that was taken piece by piece did not arrive whole.
 */
export type ApiOutcome<T> =
  | { ok: true; value: T; status: number; dropped?: number; cut?: boolean }
  | { ok: false; error: AppError; effect: Effect };

export interface ApiOptions {
  signal?: AbortSignal;
  /** Milliseconds until the request counts as unanswered. */
  timeoutMs?: number;
  /**
   * For the chat list: takes it piece by piece while it arrives, whatever its size; the answer's own list stays empty.
   * The next piece waits until the last one has been taken.
   */
  take?: (chats: Chat[]) => Promise<void>;
}

/** Bytes to send. */
export interface UploadSource {
  /** Exactly as many bytes must come, or the upload fails with `file_changed`. */
  readonly size: number;
  /**
   * Starts reading, from the beginning for each attempt. An error ends the upload with `file_unreadable`, or with its
   * own code if it is a `TransferFailed` (lib/transfer-failed.ts). Closed early if the upload is.
   */
  open(): AsyncIterable<Uint8Array>;
}

/** A file to send; its name and type are reported to the server, sanitized. */
export interface UploadFile {
  name: string;
  mimeType: string;
  source: UploadSource;
}

/** `bytes` of the file itself; `total` is null if unknown. */
export interface TransferProgress {
  bytes: number;
  total: number | null;
}

export interface TransferOptions {
  signal?: AbortSignal;
  /**
   * Called at most 10 times a second, and once more at the end. All bytes sent does not mean stored: only the answer
   * says that.
   */
  onProgress?: (progress: TransferProgress) => void;
  /**
   * Milliseconds without a byte in either direction after which the transfer counts as dead. Its total time is
   * unlimited.
   */
  silenceMs?: number;
}

export interface UploadOptions extends TransferOptions {
  /** Form fields, sent before the file. Only for rows that take a form. */
  fields?: Readonly<Record<string, string>>;
  /** Where the bytes belong in the file, for rows that take part of one. */
  offset?: number;
}

export interface DownloadOptions extends TransferOptions {
  /** A part: from `start` to `end`, both inclusive and zero-based; to the end of the file without `end`. */
  range?: { start: number; end?: number };
  /** The `etag` that the part must belong to; if the file has changed, all of it comes (`status` 200). */
  ifRange?: string;
}

/** A stream that has begun. It must be read to its end or cancelled. */
export interface Download {
  /** 206: the requested part. 200: the whole, even if a part was requested and the server did not send one. */
  readonly status: 200 | 206;
  /** Offset of the first byte in the file. */
  readonly start: number;
  /** Number of bytes to come; null if only the end will tell. */
  readonly length: number | null;
  /** Size of the whole file in bytes; null if unknown. */
  readonly size: number | null;
  /** Media type according to the server; null if it names none, or an invalid one. */
  readonly type: string | null;
  /** With its quotes, as `ifRange` expects it. */
  readonly etag: string | null;
  /**
   * Read once, and no faster than it is consumed: time in which its reader takes nothing does not count as silence.
   * Throws `TransferFailed` (lib/transfer-failed.ts) if the bytes do not arrive as announced: a truncated body never
   * looks complete.
   */
  readonly body: AsyncIterable<Uint8Array>;
  /** Ends the transfer. */
  cancel(): void;
}

/** The REST side of the connected server, bound to one account's token. Never throws for anything a server can do. */
export interface RelayApi {
  call<N extends JsonRouteName>(
    route: N,
    input: RouteInput<N>,
    options?: ApiOptions,
  ): Promise<ApiOutcome<RouteAnswer<N>>>;
  /** Sends a file, streamed from its source. `not_stored` also if it broke off before all of it had left. */
  upload<N extends UploadRouteName>(
    route: N,
    input: RouteInput<N>,
    file: UploadFile,
    options?: UploadOptions,
  ): Promise<ApiOutcome<RouteAnswer<N>>>;
  /** Opens a file. What goes wrong after the head is thrown while the body is read. */
  download<N extends DownloadRouteName>(
    route: N,
    input: RouteInput<N>,
    options?: DownloadOptions,
  ): Promise<ApiOutcome<Download>>;
}

export type SocketState = 'closed' | 'connecting' | 'open';

/**
 * The live connection. Reconnects by itself while it is wanted; frames arrive parsed, malformed ones are logged and
 * dropped.
 */
export interface RelaySocket {
  readonly state: SocketState;
  /** Time of the next attempt, in milliseconds since the epoch, while waiting for one. */
  readonly nextTryAt: number | null;
  /** Why it is not open; null while it is, and until the first attempt has ended. */
  readonly reason: ErrorCode | null;
  /** `state`, `nextTryAt` or `reason` changed. */
  onState(run: () => void): Disposer;
  /** Sends if open; returns false if not (nothing is queued here). */
  send(frame: ClientFrame): boolean;
  /** Authenticated and open; called for every new connection. */
  onOpen(run: (hello: ServerFrameOf<'auth:success'>['data']) => void): Disposer;
  /** `chars`: length of the JSON it arrived as. */
  onFrame(run: (frame: ServerFrame, chars: number) => void): Disposer;
  onClose(run: () => void): Disposer;
  /** Retry now: the network is back, the computer woke up. */
  nudge(): void;
}

/** The clock of one server, see services/time. */
export interface ServerClock {
  /** The server's time, milliseconds since the epoch; null until the server has answered. */
  now(): number | null;
  /** How far the server is ahead of this computer's wall clock, in milliseconds; 0 until the server has answered. */
  aheadMs(): number;
}

/** An open account's connection to its server; a new object per sign-in. */
export interface AccountContext {
  readonly account: AccountIdentity;
  readonly api: RelayApi;
  readonly socket: RelaySocket;
  readonly serverTime: ServerClock;
  has(capability: Capability): boolean;
  /** The server refused the token: the account becomes `expired`. */
  tokenRefused(): void;
  /** The server sent this user's own profile: it is shown and stored. */
  meChanged(user: User): void;
}

/** Where an account's services publish what the page should know. */
export interface AccountSink {
  emit(event: AccountEvent): void;
}

/** The same for all accounts and for the application. */
export interface PushSink {
  account(accountId: string, event: AccountEvent): void;
}

/** Sign-in's events for services that act per account. Several accounts are open at the same time. */
export interface SignInEvents {
  /**
   * An account was opened, at the start or by a sign-in. `online` false: readable, but the token expired or was not
   * kept.
   */
  onOpened(run: (context: AccountContext, online: boolean) => void): Disposer;
  /** The account was closed; `forget`: everything stored for it is deleted too. */
  onClosed(run: (accountId: string, forget: boolean) => void): Disposer;
  /** The token of an open account was refused: it stays open and readable until the user signs in again. */
  onExpired(run: (accountId: string) => void): Disposer;
}

/** Power and network events. */
export interface PowerEvents {
  /** True on battery power. Asked when it matters: no system reports every change. */
  onBattery(): boolean;
  onResume(run: () => void): Disposer;
  onOnline(run: () => void): Disposer;
}

/**
 * How well the system protects a secret here. `weak`: encrypted with a publicly known key (Linux without a key store).
 * `unavailable`: not at all.
 */
export type SecretStrength = 'strong' | 'weak' | 'unavailable';

/**
 * Result of reading a secret back. `renew`: encrypt it again and keep that instead, the system's key has changed.
 * `later`: the key store cannot answer now and may be asked again. `lost`: it works, and cannot read this.
 */
export type SecretRead = { state: 'read'; secret: string; renew: boolean } | { state: 'later' } | { state: 'lost' };

/**
 * The system's key store. Never throws. Each answer may take as long as the user takes to answer the system's own
 * prompt, or forever: nothing on the screen waits for it.
 */
export interface SecretStore {
  strength(): Promise<SecretStrength>;
  /** The secret as text that only this user on this computer can read back; `secret_store_failed` if it was refused. */
  encrypt(secret: string): Promise<Result<string>>;
  decrypt(kept: string): Promise<SecretRead>;
}

/** What files need of the system. */
export interface FilesSystem {
  /** True where it is on us to mark what comes from elsewhere (Windows). */
  readonly marksOfTheWeb: boolean;
  /** Asks the user where to save a file of that name; null when there is no answer. */
  askPlace(name: string): Promise<string | null>;
  /** Asks the user for a folder; null when there is no answer. */
  askFolder(): Promise<string | null>;
  /** The user's folder for downloads. */
  downloadsFolder(): string;
  /** Shows a file in its folder; never opens it. */
  showInFolder(path: string): void;
  /** Puts a picture on the clipboard; false when it is of no type that the system takes. */
  copyImage(bytes: Uint8Array): Promise<boolean>;
}

/** One small JSON document on disk, replaced as a whole, readable only by this user. */
export interface JsonDocument {
  /** What is stored, unchecked; an empty object if there is nothing or it cannot be read. */
  read(): Record<string, unknown>;
  /** `disk_full` or `storage_failed` if the disk refuses it. */
  write(value: Record<string, unknown>): Result<null>;
}

/** What the page does with devices in a call. */
export type CallMedia = CallMediaView;

/** The current call, as the system shows it. */
export interface AppCall {
  accountId: string;
  view: CallView;
  media: CallMedia;
}

/** What the system does for a call. */
export interface CallSystem {
  /** The call began, changed, or is over (null). */
  show(call: AppCall | null): void;
  /** A video call is being prepared, or not any more. */
  lobby(open: boolean): void;
  /** Opens the small window of the call, or closes it. */
  mini(open: boolean): void;
  /** Keeps the computer awake, or not any more. */
  keepAwake(on: boolean): void;
  /** Shows that somebody calls; the disposer removes it. */
  ring(call: CallView, account: string | null, answers: RingAnswers): Disposer;
  /** Shows that a call was missed; the disposer removes it. */
  missed(call: CallView, account: string | null, clicked: () => void): Disposer;
}

export interface RingAnswers {
  readonly accept: () => void;
  readonly decline: () => void;
  /** The user wants to see it. */
  readonly open: () => void;
}

/** What can be shared, as the system has it. */
export interface ScreenSources<Source> {
  /** The system asks the user itself. */
  readonly ownPicker: boolean;
  /** The system's own sound can be shared. */
  readonly hasSound: boolean;
  list(): Promise<{ source: Source; view: ScreenView }[]>;
}

/** What a request for a display gets. */
export interface ChosenScreen<Source> {
  source: Source;
  sound: boolean;
}

/** What this system offers around the window. */
export interface DesktopSystem {
  tray(): DesktopFacts['tray'];
  /** Notifications can be shown; `reply`: with a field for an answer. */
  readonly notices: { readonly supported: boolean; readonly reply: boolean };
  readonly spelling: DesktopFacts['spelling'];
  autostart(): Autostart;
  /** Starts the app with the computer, or not any more; the state that holds then. */
  setAutostart(on: boolean): Autostart;
  /** Shows it in the tray's menu. */
  show(state: TrayState): void;
  /** Shows a notification that is only a trial. */
  tryNotification(): void;
  /** Opens the application menu at a place of the page, in its pixels. */
  showMenu(place: { x: number; y: number }): void;
  /** Shows the log in its folder. */
  showLog(): void;
  /** Versions, the system, the log, and names of known limits. */
  about(): Pick<Diagnostics, 'versions' | 'limits' | 'log'> & {
    system: Omit<Diagnostics['system'], 'locale' | 'onBattery'>;
  };
}

/** An answer of what updates the program; `problem` names why there is none. */
export type UpdateOutcome<T> = { ok: true; value: T } | { ok: false; problem: UpdateProblem };

/** What fetches and installs versions of the program. It decides nothing: services/updates does. */
export interface UpdateSource {
  /** Why nothing can be updated here; null if it can. */
  off(): Promise<UpdateOff | null>;
  /**
   * Asks for the newest version. `feed`: what is said of it, unchecked. `offered` false: it is not meant for this
   * computer (yet).
   */
  check(signal: AbortSignal): Promise<UpdateOutcome<{ feed: unknown; offered: boolean }>>;
  /** Fetches and verifies the version of the last check. */
  download(heard: (bytes: number, total: number) => void, signal: AbortSignal): Promise<UpdateOutcome<null>>;
  /** Quits the program, so that it can be installed. */
  quit(): void;
  /** Installs what was fetched: the last thing that the program does. `restart`: and starts it again. */
  install(restart: boolean): void;
}
