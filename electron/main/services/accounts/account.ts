/**
 * One open account and everything that works for it: its store, its outbox, its sync. Created when the account opens,
 * whether or not the server can be reached; a new sign-in of the same person only replaces the connection.
 */
import { join } from 'node:path';
import type { ConnectionView, SettingsView } from '#contract/ipc/views.ts';
import { LIBRARY_PLACE } from '#contract/model/limits.ts';
import type { ClientFrame } from '#contract/ws/client-frames.ts';
import type { AccountContext, AccountSink, Clock, Logger, Random, Disposer } from '../ports.ts';
import { AccountCalls } from '../calls/account-calls.ts';
import type { SharedCalls } from '../calls/call-line.ts';
import { Backfill } from '../backfill/backfill.ts';
import { Exports } from '../files/exports/exports.ts';
import { AccountFiles, type SharedFiles } from '../files/account-files.ts';
import { Music } from '../music/music.ts';
import { Later } from '../later/later.ts';
import { LiveSends } from '../outbox/live-sends.ts';
import { Outbox, type OutboxFailpoint } from '../outbox/outbox.ts';
import type { AccountStore } from '../store/account-store.ts';
import { accountFolder, openAccountStore } from '../store/account-store.ts';
import { StoreError } from '../../lib/store-problem.ts';
import type { StoreSnapshot } from '../store/ops/chat-operations.ts';
import type { ChangeSet, StoreOpened } from '../store/protocol.ts';
import { connectionView, sameConnection } from '../sync/connection.ts';
import { History } from '../sync/history.ts';
import { ReadReports } from '../sync/read-reports.ts';
import { Sync } from '../sync/sync.ts';
import { TypingTracker } from '../sync/typing.ts';
import { TypingReports } from '../sync/typing-reports.ts';
import { type FrameRoutes, routeFrame } from '../socket/frame-router.ts';
import { UnreadKeeper } from '../unread/unread.ts';
import { exportTexts } from '../../lib/export-texts.ts';
import { accountTag } from '../../lib/media-id.ts';
import { createIdMaker } from './ids.ts';

/** Named moments at which a test may end the program. */
export type Failpoint =
  OutboxFailpoint | 'events-applied' | 'chats-applied' | 'history-applied' | 'enqueue-asked' | 'enqueue-committed';

export interface AccountOptions {
  clock: Clock;
  random: Random;
  logger: Logger;
  push: AccountSink;
  userDataDir: string;
  workerUrl: URL;
  /** Resolves when an earlier instance on the same files has closed. */
  after: Promise<unknown>;
  settleMs: number;
  useFts: boolean;
  onBattery: () => boolean;
  files: SharedFiles;
  calls: SharedCalls;
  settings: () => Pick<SettingsView, 'olderMessages' | 'sendTyping' | 'language'>;
  /** The system's language, a BCP 47 tag. */
  systemLocale: string;
  onFailpoint: (failpoint: Failpoint) => void;
  /** Receives each chat's unread count at the beginning: anything above it is new. */
  onCounts: (counts: StoreSnapshot['counts']) => void;
}

/** Chats that a page receives at once: several screens. */
const FIRST_CHATS = 60;

export class Account {
  readonly id: string;
  readonly me: string;
  /** What stands for it in the addresses of media. */
  readonly tag: string;
  readonly store: AccountStore;
  readonly history: History;
  readonly outbox: Outbox;
  readonly files: AccountFiles;
  readonly exports: Exports;
  readonly later: Later;
  readonly music: Music;
  readonly calls: AccountCalls;
  readonly sync: Sync;
  readonly unread: UnreadKeeper;
  readonly reads: ReadReports;
  readonly backfill: Backfill;
  readonly typingReports: TypingReports;
  readonly clock: Clock;
  /** A new id for a message written on this device: unique, and later ones sort later. */
  readonly newMessageId: () => string;
  readonly #typing: TypingTracker;
  readonly #liveSends: LiveSends;
  readonly #options: AccountOptions;
  /** Resolves when the store is open and what the last run left unfinished is settled. */
  readonly #ready: Promise<void>;
  /** As sign-in provided it. */
  #given: AccountContext;
  /** The same, wrapped for our services. */
  #context: AccountContext;
  #isExpired = true;
  #isClosed = false;
  #connectionView: ConnectionView = { phase: 'connecting', retryAt: null, reason: null };
  /** The last snapshot, until something changes. */
  #fresh: Promise<StoreSnapshot> | null = null;
  #leaveConnection: Disposer = () => undefined;

  constructor(context: AccountContext, options: AccountOptions) {
    const { clock, random, logger } = options;
    const push: AccountSink = {
      emit: (event) => {
        options.push.emit(event);
        // Somebody may be online for whom a message waits.
        if (event.kind === 'presence') this.later.seen(event.userId, event.online);
        else if (event.kind === 'chats') this.later.look();
      },
    };
    this.#options = options;
    this.#given = context;
    this.#context = this.#watched(context);
    this.id = context.account.id;
    this.me = context.account.user.id;
    this.tag = accountTag(this.id);
    this.clock = clock;
    this.newMessageId = createIdMaker(() => clock.now());
    this.store = openAccountStore({
      userDataDir: options.userDataDir,
      account: this.id,
      me: this.me,
      workerUrl: options.workerUrl,
      clock,
      logger,
      after: options.after,
      useFts: options.useFts,
      onRebuilt: (opened) => void this.#rebuilt(opened, true),
    });
    const { writer } = this.store;
    const publish = (changes: ChangeSet): void => this.publish(changes);
    this.unread = new UnreadKeeper({ store: writer, clock, logger, push, publish });
    this.history = new History({ store: writer, clock, logger, publish });
    const send = (frame: ClientFrame): boolean => this.connection?.socket.send(frame) ?? false;
    this.#liveSends = new LiveSends({ clock, me: this.me, send });
    this.outbox = new Outbox({
      ...{ store: writer, clock, random, logger, publish },
      settleMs: options.settleMs,
      live: this.#liveSends,
      onFailpoint: options.onFailpoint,
      readHistory: (chatId, after) => this.history.since(this.#context, chatId, after),
    });
    this.files = new AccountFiles({
      store: writer,
      clock,
      random,
      logger,
      push,
      publish,
      shared: options.files,
      tag: this.tag,
      folder: join(accountFolder(options.userDataDir, this.id), 'outgoing'),
    });
    this.later = new Later({
      ...{ store: writer, clock, logger, push, publish },
      connection: () => this.connection,
      serverNow: () => this.serverNow(),
      peerOf: async (chatId) => (await writer.chat({ chatId, now: clock.now() }))?.peer ?? null,
      newId: () => this.newMessageId(),
      onReleased: () => this.outbox.wake(),
    });
    this.exports = new Exports({
      ...{ clock, random, logger, push },
      me: () => this.#given.account.user,
      system: options.files.system,
      connection: () => this.connection,
      chat: (chatId) => writer.chat({ chatId, now: clock.now() }),
      newest: async (chatId) => (await writer.fillStart({ chatId, key: null }))?.newest?.id ?? null,
      cached: (id) => this.files.cached(id),
      texts: () => {
        const { language } = options.settings();
        return exportTexts(language === 'system' ? options.systemLocale : language);
      },
    });
    this.music = new Music({
      store: writer,
      me: this.me,
      tag: this.tag,
      cache: options.files.cache,
      connection: () => this.connection,
      uploads: {
        all: () => writer.uploads({}),
        remove: (id) => this.files.remove(id),
        refuse: (id, problem) => this.files.refuse(id, problem),
      },
      push,
      clock,
      random,
      logger,
    });
    this.calls = new AccountCalls({
      ...{ accountId: this.id, me: this.me, clock, logger, push, send, shared: options.calls },
      connection: () => this.connection,
      chat: (chatId) => writer.chat({ chatId, now: clock.now() }),
      newKey: () => this.newMessageId(),
    });
    this.#typing = new TypingTracker(clock, (chatId, users) => push.emit({ kind: 'typing', chatId, users }));
    this.typingReports = new TypingReports({ clock, isWanted: () => options.settings().sendTyping, send });
    this.sync = new Sync({
      store: writer,
      history: this.history,
      clock,
      random,
      logger,
      push,
      publish,
      me: this.me,
      typing: this.#typing,
      onFailpoint: options.onFailpoint,
      inFlight: (chatId) => this.outbox.inFlight(chatId),
      onMode: (mode) => {
        this.tellConnection();
        if (mode !== 'live') return;
        this.#inBackground('reads', this.reads.report());
        this.#inBackground('outbox', this.outbox.retryNow());
        this.files.retryNow();
        this.later.look();
        this.backfill.live();
        this.music.live();
      },
    });
    this.reads = new ReadReports({
      store: writer,
      clock,
      logger,
      context: () => this.connection,
      settled: () => this.sync.drained(),
    });
    this.backfill = new Backfill({
      ...{ store: writer, history: this.history, clock, random, logger },
      line: () => (this.sync.mode === 'live' ? this.connection : null),
      onBattery: options.onBattery,
      olderMessages: () => options.settings().olderMessages,
    });
    this.#ready = this.#open();
    this.#inBackground('open', this.#ready);
  }

  /** The connection to the server; null while it may not be used. */
  get connection(): AccountContext | null {
    return this.#isExpired ? null : this.#context;
  }

  /** The state of the connection, for the screens. */
  get connectionView(): ConnectionView {
    return this.#connectionView;
  }

  /** The server's time, milliseconds since the epoch; null until it has answered. */
  serverNow(): number | null {
    return this.#context.serverTime.now();
  }

  readonly #routes: FrameRoutes = {
    sync: (frame, chars) => {
      // First, so that the event stores the message and the answer only confirms it.
      this.sync.event(frame, chars);
      if (frame.type === 'message:new') this.#liveSends.heard(frame);
    },
    typing: ({ type, data }) => {
      if (type === 'typing:stop') this.#typing.stop(data.chatId, data.userId);
      else if (data.userId !== this.me) this.#typing.start(data.chatId, data.userId, data.username ?? data.userId);
    },
    calls: (frame) => this.calls.frame(frame),
    refused: (frame) => {
      this.#options.logger.warn('account.frame_refused', { code: frame.data.code });
      this.#liveSends.refused(frame);
      const { code, clientId, retryAfterMs } = frame.data;
      if (code === 'rate_limited' && !clientId) this.calls.refused(retryAfterMs ?? 0);
    },
  };

  async #open(): Promise<void> {
    const opened = await this.store.opened;
    await this.outbox.recover();
    await this.files.open();
    await this.later.open();
    await this.#rebuilt(opened, false);
    await this.unread.start();
  }

  /** The head of the list and the unread sum. All callers get the same objects until something changes. */
  snapshot(): Promise<StoreSnapshot> {
    const reading = (this.#fresh ??= this.store.writer.snapshot({
      now: this.#options.clock.now(),
      limit: FIRST_CHATS,
    }));
    reading.catch(() => {
      if (this.#fresh === reading) this.#fresh = null;
    });
    return reading;
  }

  async #rebuilt(opened: StoreOpened, wasOpen: boolean): Promise<void> {
    const { push, logger } = this.#options;
    try {
      if (wasOpen) this.#fresh = null;
      const { chats, more, unread, counts } = await this.snapshot();
      if (this.#isClosed) return;
      push.emit({ kind: 'chats:reset', chats, more });
      this.#options.onCounts(counts);
      this.unread.offer(unread);
      if (opened.rebuilt) push.emit({ kind: 'notice', notice: 'store_rebuilt', code: null });
      if (opened.rescued > 0) push.emit({ kind: 'notice', notice: 'outbox_rescued', code: null });
      if (wasOpen) {
        this.music.rebuilt();
        this.sync.readAnew();
        this.#inBackground('line', this.#resume());
      }
    } catch (error) {
      logger.error('account.not_shown', { reason: error instanceof Error ? error.name : 'unknown' });
    }
  }

  /** Resumes with another store. Damage may have cut the start short: what it left undone is done now. */
  async #resume(): Promise<void> {
    await Promise.allSettled([this.#ready]);
    await this.unread.start();
    await this.files.open();
    await this.later.open();
    await this.#connectOutbox(this.#given);
  }

  /** Reports that a failpoint was reached. */
  failpoint(failpoint: Failpoint): void {
    this.#options.onFailpoint(failpoint);
  }

  /** Attaches a connection. `online` false: there is no valid token, everything waits. */
  attach(context: AccountContext, online: boolean): void {
    this.#given = context;
    this.#context = this.#watched(context);
    this.#isExpired = !online;
    this.#leaveConnection();
    const disposers = [
      context.socket.onClose(() => this.later.away()),
      context.socket.onState(() => this.#socketChanged()),
      context.socket.onFrame((frame, chars) => routeFrame(frame, chars, this.#routes)),
      context.socket.onOpen(() => this.calls.opened()),
      context.socket.onClose(() => this.#liveSends.closed()),
    ];
    this.#leaveConnection = () => {
      disposers.forEach((dispose) => dispose());
      this.#liveSends.closed();
    };
    this.sync.start(this.#context);
    this.tellConnection();
    this.#inBackground(
      'line',
      this.#ready.then(() => this.#connectOutbox(context)),
    );
  }

  /** The token was refused, whichever service noticed. */
  expired(): void {
    if (this.#isExpired) return;
    this.#isExpired = true;
    this.tellConnection();
    this.files.disconnect();
    this.#inBackground('expired', this.outbox.disconnect());
  }

  /** Retry now: the network is back, the computer woke up, or its clock was set. */
  retryNow(): void {
    this.#context.socket.nudge();
    this.sync.check();
    // Mutes end at times of the computer's clock, which may have been set.
    this.#inBackground('mutes', this.unread.start());
    this.#inBackground('outbox', this.outbox.retryNow());
    this.files.retryNow();
    this.#inBackground('later', this.later.wake());
    this.calls.network();
  }

  /** Publishes an operation's changes to the page. */
  publish(changes: ChangeSet): void {
    if (this.#isClosed) return;
    const { push } = this.#options;
    this.#fresh = null;
    if (changes.chats.length > 0) push.emit({ kind: 'chats', upserts: changes.chats, removed: [] });
    for (const { chatId, upserts, removed } of changes.messages) {
      if (upserts.length > 0 || removed.length > 0) push.emit({ kind: 'messages', chatId, upserts, removed });
    }
    if (changes.stale.length > 0) this.backfill.wake();
    for (const chatId of changes.stale) push.emit({ kind: 'messages:stale', chatId });
    if (changes.unread) this.unread.offer(changes.unread);
    if (changes.uploads.length > 0) {
      this.files.changed();
      if (changes.uploads.includes(LIBRARY_PLACE)) this.music.uploadsChanged();
      // A message may have been waiting for them.
      this.outbox.wake();
    }
    for (const { code } of changes.failed) push.emit({ kind: 'notice', notice: 'send_failed', code });
  }

  /** Recomputes the connection's view, and pushes it to the page if it has changed. */
  tellConnection(): void {
    const view = connectionView({
      account: this.#isExpired ? 'expired' : 'ready',
      socket: this.#context.socket,
      isLive: this.sync.mode === 'live',
    });
    if (this.#isClosed || sameConnection(view, this.#connectionView)) return;
    this.#connectionView = view;
    // The list also shows who is online, which ends with the connection.
    this.#fresh = null;
    this.#options.push.emit({ kind: 'connection', connection: view });
  }

  /** Disconnects from the server and closes the store: unfinished work is settled at the next start. */
  async close(): Promise<void> {
    await this.calls.close();
    this.#isClosed = true;
    this.#leaveConnection();
    this.backfill.stop();
    this.later.stop();
    this.sync.stop();
    this.unread.stop();
    this.reads.stop();
    await this.outbox.stop();
    await this.music.stop();
    await this.exports.close();
    await this.files.close();
    await this.store.close();
  }

  async #connectOutbox(given: AccountContext): Promise<void> {
    // The token may have expired, or another sign-in may have come, while the store was opening.
    if (this.#given !== given) return;
    if (this.#isExpired) {
      this.files.disconnect();
      await this.outbox.disconnect();
    } else {
      this.files.connect(this.#context);
      await this.outbox.connect(this.#context);
    }
  }

  #socketChanged(): void {
    if (this.#context.socket.reason === 'unauthenticated') this.expired();
    this.tellConnection();
  }

  /** The context for our services: when one of them meets a refusal, it is known here at once. */
  #watched(context: AccountContext): AccountContext {
    return {
      account: context.account,
      api: context.api,
      socket: context.socket,
      serverTime: context.serverTime,
      has: (capability) => context.has(capability),
      tokenRefused: () => {
        if (this.#given !== context) return;
        this.expired();
        context.tokenRefused();
      },
      meChanged: (user) => context.meChanged(user),
    };
  }

  #inBackground(what: string, work: Promise<unknown>): void {
    work.catch((error: unknown) => {
      const problem = error instanceof StoreError ? error.problem : 'failed';
      if (!this.#isClosed) this.#options.logger.error('account.step_failed', { what, problem });
    });
  }
}
