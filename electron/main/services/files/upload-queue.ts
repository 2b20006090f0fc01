/**
 * Sends files in their order, a few at once over the whole application, with as many attempts as it takes. The store has
 * the rows and their lasting states; what is known only in this run (bytes that have left, the wait for the next attempt)
 * is here. `waiting` becomes `sending` and `finishing` here alone: after a crash it is `waiting` again.
 */
import type { UploadList, UploadView } from '#contract/ipc/file-views.ts';
import type { AppError, ErrorCode } from '#contract/model/errors.ts';
import { nextUploadState, type UploadState } from '#contract/model/upload-state.ts';
import { errorName } from '../../lib/emitter.ts';
import type { AccountContext, AccountSink, Clock, Disposer, Logger, Random } from '../ports.ts';
import type { WriterApi } from '../store/operations.ts';
import { writeProblem } from '../../lib/store-problem.ts';
import type { ChangeSet } from '../store/protocol.ts';
import type { UploadResult } from '../store/ops/upload-operations.ts';
import type { UploadRecord } from '../store/upload-rows.ts';
import type { SendOptions, SendOutcome } from './send-file.ts';
import type { UploadSlots } from './slots.ts';
import { type UploadProgress, uploadView } from './upload-view.ts';
import { isQuietAsked, KEEP_TRYING_MS, uploadVerdict, uploadWait } from './upload-verdict.ts';

/** Milliseconds between two pushes of one chat. */
const TELL_MS = 100;
/** Milliseconds until a store that failed is asked again. */
const STORE_FAILED_MS = 5_000;
/** The longest wait to trust a timer with. */
const LONGEST_TIMER_MS = 3_600_000;

export interface UploadQueueOptions {
  store: Pick<WriterApi, 'uploads' | 'moveUpload' | 'uploadStored' | 'setUploadSession'>;
  /** One attempt, see send-file.ts. */
  send: (connection: UploadConnection, options: Omit<SendOptions, 'api' | 'canResume'>) => Promise<SendOutcome>;
  clock: Clock;
  random: Random;
  logger: Logger;
  push: AccountSink;
  publish: (changes: ChangeSet) => void;
  slots: UploadSlots;
  /** Stands for the account in addresses. */
  tag: string;
  /** These rows are gone: what lies in our own folder for them may go too. */
  onGone: (gone: readonly UploadRecord[]) => void;
}

/** Where files are sent: the open account, while its token is valid. */
export type UploadConnection = Pick<AccountContext, 'api' | 'has' | 'tokenRefused'>;

interface Run {
  state: UploadState;
  sent: number;
  abort: AbortController;
  /** What it sends is not wanted any more, even if it arrives. */
  isVoid: boolean;
  done: Promise<void>;
}

interface Wait {
  tries: number;
  /** On the monotonic clock. */
  until: number;
  since: number;
  problem: ErrorCode;
}

/** Files that have left and are still found by what they were on their way; the oldest are forgotten. */
const MOST_SENT = 200;

/** Over all queues: an account that is opened again goes on from where the page last saw it. */
let lastRevision = 0;

export class UploadQueue {
  readonly #options: UploadQueueOptions;
  #rows: UploadRecord[] = [];
  /** Which reading of the store the rows are from. */
  #revision = 0;
  readonly #runs = new Map<string, Run>();
  readonly #waits = new Map<string, Wait>();
  readonly #told = new Map<string, { at: number; timer: Disposer | null }>();
  /** Bytes that the server has of those that can be continued. */
  readonly #reached = new Map<string, number>();
  /** What those that messages have taken along are at the server. */
  readonly #sent = new Map<string, string>();
  readonly #watchers = new Set<() => void>();
  /** Rows that are known to be other ones by now. */
  readonly #stale = new Set<string>();
  #connection: UploadConnection | null = null;
  #quietUntil = 0;
  #timer: Disposer | null = null;
  #stopAsking: (() => void) | null = null;
  #loading: Promise<void> = Promise.resolve();
  #isStopped = false;

  constructor(options: UploadQueueOptions) {
    this.#options = options;
  }

  /** All rows as the store has them. */
  get rows(): readonly UploadRecord[] {
    return this.#rows;
  }

  /** The account can send. */
  connect(connection: UploadConnection): void {
    this.#connection = connection;
    this.retryNow();
    this.#tellAll();
  }

  /** The token expired: what is under way ends by itself, nothing new begins. */
  disconnect(): void {
    this.#connection = null;
    this.#tellAll();
  }

  /** Waits end, and count from the beginning. */
  retryNow(): void {
    this.#waits.clear();
    this.#pump();
  }

  /** Ends what is under way; the next start begins it again. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#timer?.();
    this.#stopAsking?.();
    for (const { timer } of this.#told.values()) timer?.();
    for (const run of this.#runs.values()) run.abort.abort();
    await Promise.allSettled([...this.#runs.values()].map(({ done }) => done));
    this.#wakeWatchers();
  }

  /** Reads the rows again: after the start, and whenever an operation of the store has changed some. */
  load(): Promise<void> {
    this.#loading = this.#loading.then(() => this.#load());
    return this.#loading;
  }

  async #load(): Promise<void> {
    if (this.#isStopped) return;
    const { store, logger, onGone } = this.#options;
    const before = this.#rows;
    const read = [...this.#stale];
    try {
      this.#rows = await store.uploads({});
      lastRevision += 1;
      this.#revision = lastRevision;
      for (const id of read) this.#stale.delete(id);
    } catch (error) {
      logger.error('uploads.not_read', { error: errorName(error) });
      return;
    }
    const now = new Map(this.#rows.map((row) => [row.id, row]));
    for (const [id, run] of this.#runs) {
      const row = now.get(id);
      if (row?.state === 'ready' || (row?.state === 'waiting' && row.asideFor === null)) continue;
      run.abort.abort();
    }
    for (const id of this.#waits.keys()) if (now.get(id)?.state !== 'waiting') this.#waits.delete(id);
    const gone = before.filter(({ id }) => !now.has(id));
    for (const { id, fileId } of gone) {
      this.#reached.delete(id);
      if (fileId !== null) this.#sent.set(id, fileId);
    }
    for (const id of [...this.#sent.keys()].slice(0, -MOST_SENT)) this.#sent.delete(id);
    if (gone.length > 0) onGone(gone);
    for (const chatId of new Set([...before, ...this.#rows].map((row) => row.chatId))) this.#tell(chatId);
    this.#wakeWatchers();
    this.#pump();
  }

  /** The uploads of a chat: those of its composer in their order, then those that messages wait for. */
  list(chatId: string): UploadList {
    const own = this.#rows.filter((row) => row.chatId === chatId && row.asideFor === null);
    const inComposer = own.filter(({ localId }) => localId === null);
    const inMessages = own.filter(({ localId }) => localId !== null);
    return { revision: this.#revision, uploads: [...inComposer, ...inMessages].map((row) => this.#view(row)) };
  }

  /** One upload; null when there is none. */
  view(id: string): UploadView | null {
    const row = this.#rows.find((candidate) => candidate.id === id);
    return row ? this.#view(row) : null;
  }

  /** The server's file that one has become which is gone from the queue in this run; null otherwise. */
  sentAs(id: string): string | null {
    return this.#sent.get(id) ?? null;
  }

  /** The row has changed: what is under way is not what will be sent, and nothing begins before it has been read. */
  void(id: string): void {
    this.#stale.add(id);
    const run = this.#runs.get(id);
    if (!run) return;
    run.isVoid = true;
    run.abort.abort();
  }

  /** Moves an upload by the user's command. */
  async move(id: string, event: 'pause' | 'resume' | 'retry' | 'prepare'): Promise<UploadResult> {
    const { store, clock } = this.#options;
    const run = this.#runs.get(id);
    // The server has all of it: what it answers is not to be missed.
    if (event === 'pause' && run?.state === 'finishing') return { done: true, changes: NOTHING };
    if (event !== 'pause') this.#waits.delete(id);
    const result = await store.moveUpload({ id, event, problem: null, now: clock.now() });
    if (result.done) this.#options.publish(result.changes);
    await this.load();
    return result;
  }

  /** Resolves when an upload is ready, has failed, or has to wait; `cancelled` when it is gone. */
  settled(id: string): Promise<{ fileId: string } | { problem: ErrorCode }> {
    return new Promise((resolve) => {
      const look = (): void => {
        const row = this.#rows.find((candidate) => candidate.id === id);
        const problem = row ? (row.problem ?? this.#waits.get(id)?.problem ?? null) : 'cancelled';
        if (row?.fileId) resolve({ fileId: row.fileId });
        else if (problem !== null || this.#isStopped) resolve({ problem: problem ?? 'cancelled' });
        else return;
        this.#watchers.delete(look);
      };
      this.#watchers.add(look);
      look();
    });
  }

  #wakeWatchers(): void {
    for (const look of [...this.#watchers]) look();
  }

  #view(row: UploadRecord): UploadView {
    return uploadView(row, this.#progress(row), this.#revision, this.#options.tag);
  }

  #progress(row: UploadRecord): UploadProgress {
    const run = this.#runs.get(row.id);
    if (run && row.state === 'waiting') return { state: run.state, sent: run.sent, problem: null, retryAt: null };
    const wait = row.state === 'waiting' ? this.#waits.get(row.id) : undefined;
    const { clock } = this.#options;
    const left = wait ? Math.max(wait.until, this.#quietUntil) - clock.monotonic() : 0;
    const noToken = row.state === 'waiting' && this.#connection === null ? ('unauthenticated' as const) : null;
    return {
      state: row.state,
      sent: row.session === null ? 0 : (this.#reached.get(row.id) ?? 0),
      problem: row.problem ?? noToken ?? wait?.problem ?? null,
      retryAt: wait && noToken === null ? clock.now() + Math.max(0, left) : null,
    };
  }

  /** The next upload that may begin; those that messages wait for come first. */
  #next(now: number): UploadRecord | undefined {
    const isDue = (row: UploadRecord): boolean =>
      row.state === 'waiting' &&
      row.asideFor === null &&
      !this.#stale.has(row.id) &&
      !this.#runs.has(row.id) &&
      (this.#waits.get(row.id)?.until ?? 0) <= now;
    const due = this.#rows.filter(isDue).sort((a, b) => a.createdAt - b.createdAt || a.n - b.n);
    return due.find(({ localId }) => localId !== null) ?? due[0];
  }

  #pump(): void {
    const { clock, slots } = this.#options;
    this.#timer?.();
    this.#timer = null;
    if (this.#isStopped || !this.#connection || this.#stopAsking) return;
    const now = clock.monotonic();
    if (this.#quietUntil <= now && this.#next(now)) {
      let hasStarted = false;
      const stop = slots.ask((release) => {
        hasStarted = true;
        this.#stopAsking = null;
        this.#take(release);
      });
      // A slot that was free has been taken already.
      if (!hasStarted) this.#stopAsking = stop;
      return;
    }
    const times = this.#rows
      .filter((row) => row.state === 'waiting' && row.asideFor === null && !this.#runs.has(row.id))
      .map((row) => Math.max(this.#waits.get(row.id)?.until ?? 0, this.#quietUntil) - now);
    const soonest = Math.min(...times);
    if (Number.isFinite(soonest)) {
      this.#timer = clock.after(Math.min(Math.max(soonest, 1), LONGEST_TIMER_MS), () => this.#pump());
    }
  }

  /** Begins what is next by now, which may be another one than when the slot was asked for. */
  #take(release: () => void): void {
    const connection = this.#connection;
    const row = this.#isStopped || !connection ? undefined : this.#next(this.#options.clock.monotonic());
    if (!row || !connection) {
      release();
      return;
    }
    const run: Run = {
      state: nextUploadState('waiting', 'begin'),
      // Until the server has said how much it has.
      sent: row.session === null ? 0 : (this.#reached.get(row.id) ?? 0),
      abort: new AbortController(),
      isVoid: false,
      done: Promise.resolve(),
    };
    this.#runs.set(row.id, run);
    this.#tell(row.chatId);
    run.done = this.#run(row, run, connection).finally(() => {
      this.#runs.delete(row.id);
      this.#reached.set(row.id, run.sent);
      release();
      this.#tell(row.chatId);
      this.#wakeWatchers();
      this.#pump();
    });
    this.#pump();
  }

  async #run(upload: UploadRecord, run: Run, connection: UploadConnection): Promise<void> {
    const { send, logger, clock } = this.#options;
    const advance = (): void => this.#tell(upload.chatId);
    try {
      const outcome = await send(connection, {
        upload,
        signal: run.abort.signal,
        onSession: async (session) => {
          if (!run.isVoid) await this.#keepSession(upload.id, session);
        },
        onProgress: (bytes) => {
          run.sent = bytes;
          advance();
        },
        onAllSent: () => {
          run.state = nextUploadState(run.state, 'all_sent');
          run.sent = upload.size;
          advance();
        },
      });
      if (run.isVoid) return;
      if (outcome.ok) await this.#stored(upload, outcome.file);
      else if (!run.abort.signal.aborted) await this.#failed(upload, outcome.error, connection);
    } catch (error) {
      logger.error('uploads.step_failed', { error: errorName(error) });
      const now = clock.monotonic();
      const problem = writeProblem(error);
      this.#waits.set(upload.id, { tries: 1, since: now, until: now + STORE_FAILED_MS, problem });
    }
  }

  async #keepSession(id: string, session: string): Promise<void> {
    await this.#options.store.setUploadSession({ id, session });
    this.#rows = this.#rows.map((row) => (row.id === id ? { ...row, session } : row));
  }

  async #stored(upload: UploadRecord, file: Extract<SendOutcome, { ok: true }>['file']): Promise<void> {
    const { store, clock, publish, logger } = this.#options;
    const result = await store.uploadStored({ id: upload.id, file, now: clock.now() });
    logger.info('uploads.stored', { bytes: upload.size });
    if (result.done) publish(result.changes);
    await this.load();
  }

  async #failed(upload: UploadRecord, error: AppError, connection: UploadConnection): Promise<void> {
    const { store, clock, random, publish, logger } = this.#options;
    const now = clock.monotonic();
    const known = this.#waits.get(upload.id);
    const tries = (known?.tries ?? 0) + 1;
    const since = known?.since ?? now;
    const meaning = uploadVerdict(error.code);
    const isTooOld = meaning === 'again' && now - since > KEEP_TRYING_MS;
    logger.info('uploads.not_stored', { code: error.code, meaning, tries });
    if (meaning === 'refused' || isTooOld) {
      const input = { id: upload.id, event: 'refused' as const, problem: error.code, now: clock.now() };
      const result = await store.moveUpload(input);
      if (result.done) publish(result.changes);
      await this.load();
      return;
    }
    const wait = uploadWait(error, tries, random());
    if (isQuietAsked(error)) this.#quietUntil = Math.max(this.#quietUntil, now + wait);
    this.#waits.set(upload.id, { tries, since, until: now + wait, problem: error.code });
    if (meaning === 'auth') connection.tokenRefused();
  }

  #tellAll(): void {
    for (const chatId of new Set(this.#rows.map((row) => row.chatId))) this.#tell(chatId);
  }

  /** Tells the page of a chat's uploads, soon: not more often than it can see. */
  #tell(chatId: string): void {
    if (this.#isStopped) return;
    const { clock } = this.#options;
    const told = this.#told.get(chatId) ?? { at: Number.NEGATIVE_INFINITY, timer: null };
    this.#told.set(chatId, told);
    if (told.timer) return;
    const left = told.at + TELL_MS - clock.monotonic();
    if (left > 0) {
      told.timer = clock.after(left, () => {
        told.timer = null;
        this.#tell(chatId);
      });
      return;
    }
    told.at = clock.monotonic();
    this.#options.push.emit({ kind: 'uploads', chatId, ...this.list(chatId) });
  }
}

const NOTHING: ChangeSet = { messages: [], chats: [], stale: [], unread: null, failed: [], uploads: [] };
