/**
 * One open account and everything that works for it: its store, its outbox, its sync. Created when the account opens,
 * whether or not the server can be reached; a new sign-in of the same person only replaces the connection.
 */
import { join } from 'node:path';
import type { ConnectionView } from '#contract/ipc/views.ts';
import type { ClientFrame } from '#contract/ws/client-frames.ts';
import type { AccountContext, AccountSink, Clock } from '../ports.ts';
import { AccountCalls } from '../calls/account-calls.ts';
import { Backfill } from '../backfill/backfill.ts';
import { Exports } from '../files/exports/exports.ts';
import { AccountFiles } from '../files/account-files.ts';
import { Music } from '../music/music.ts';
import { Later } from '../later/later.ts';
import { LiveSends } from '../outbox/live-sends.ts';
import { Outbox } from '../outbox/outbox.ts';
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
import { spreadChanges } from './account-changes.ts';
import { AccountConnection } from './account-connection.ts';
import type { AccountOptions, Failpoint } from './account-options.ts';
import { createIdMaker } from './ids.ts';

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
  readonly #line: AccountConnection;
  #isClosed = false;
  /** The last snapshot, until something changes. */
  #fresh: Promise<StoreSnapshot> | null = null;

  constructor(context: AccountContext, options: AccountOptions) {
    const { clock, random, logger } = options;
    const push: AccountSink = {
      emit: (event) => {
        options.push.emit(event);
        // Somebody may be online for whom a message waits.
        if (event.kind === 'presence') this.later.seen(event.userId, event.online);
      },
    };
    this.#options = options;
    this.#line = new AccountConnection(context, {
      look: (isExpired, socket) =>
        connectionView({ account: isExpired ? 'expired' : 'ready', socket, isLive: this.sync.mode === 'live' }),
      isSame: sameConnection,
      tell: (connection) => {
        // The list also shows who is online, which ends with the connection.
        this.#fresh = null;
        options.push.emit({ kind: 'connection', connection });
      },
      onExpired: () => {
        this.files.disconnect();
        this.#inBackground('expired', this.outbox.disconnect());
      },
    });
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
      readHistory: (chatId, after) => this.history.since(this.#line.context, chatId, after),
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
      me: () => this.#line.given.account.user,
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
    return this.#line.usable;
  }

  /** The state of the connection, for the screens. */
  get connectionView(): ConnectionView {
    return this.#line.view;
  }

  /** The server's time, milliseconds since the epoch; null until it has answered. */
  serverNow(): number | null {
    return this.#line.context.serverTime.now();
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
    await this.#connectOutbox(this.#line.given);
  }

  /** Reports that a failpoint was reached. */
  failpoint(failpoint: Failpoint): void {
    this.#options.onFailpoint(failpoint);
  }

  /** Attaches a connection. `online` false: there is no valid token, everything waits. */
  attach(context: AccountContext, online: boolean): void {
    this.#line.attach(context, online, (socket) => {
      const disposers = [
        socket.onClose(() => this.later.away()),
        socket.onFrame((frame, chars) => routeFrame(frame, chars, this.#routes)),
        socket.onOpen(() => this.calls.opened()),
        socket.onClose(() => this.#liveSends.closed()),
      ];
      return () => {
        disposers.forEach((dispose) => dispose());
        this.later.away();
        this.#liveSends.closed();
      };
    });
    this.sync.start(this.#line.context);
    this.tellConnection();
    this.#inBackground(
      'line',
      this.#ready.then(() => this.#connectOutbox(context)),
    );
  }

  /** The token was refused, whichever service noticed. */
  expired(): void {
    this.#line.expired();
  }

  /** Retry now: the network is back, the computer woke up, or its clock was set. */
  retryNow(): void {
    this.#line.context.socket.nudge();
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
    this.#fresh = null;
    spreadChanges(changes, this.#options.push, this);
  }

  /** Recomputes the connection's view, and pushes it to the page if it has changed. */
  tellConnection(): void {
    this.#line.tell();
  }

  /** Disconnects from the server and closes the store: unfinished work is settled at the next start. */
  async close(): Promise<void> {
    this.#line.ending();
    await this.calls.close();
    this.#isClosed = true;
    this.#line.leave();
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
    if (this.#line.given !== given) return;
    const { connection } = this;
    if (connection) {
      this.files.connect(connection);
      await this.outbox.connect(connection);
    } else {
      this.files.disconnect();
      await this.outbox.disconnect();
    }
  }

  #inBackground(what: string, work: Promise<unknown>): void {
    work.catch((error: unknown) => {
      const problem = error instanceof StoreError ? error.problem : 'failed';
      if (!this.#isClosed) this.#options.logger.error('account.step_failed', { what, problem });
    });
  }
}
