/**
 * Keeps the store equal to the server. The socket is a hint, history is the truth.
 *
 * `off`: no socket. `catching_up`: the socket is open, events wait in the buffer, and what was missed is read: from the
 * server's event log if it keeps one and its epoch is the same, else from the chat list and the history of chats whose
 * last message is not here. `live`: the buffer has been applied and events are applied as they come, in batches as
 * large as what arrived during the store's last answer. A gap in the numbers of events, more of them than may wait, or
 * a store that did not apply them lead back to `catching_up`: at once the first time, then throttled, so that no server
 * can make a loop of it.
 */
import type { ServerFrameOf } from '#contract/ws/server-frames.ts';
import type { AccountContext, AccountSink, Clock, Logger, Random, Disposer } from '../ports.ts';
import type { ChatToFill, StoredFrame } from '../store/ops/event-operations.ts';
import type { WriterApi } from '../store/operations.ts';
import type { ChangeSet } from '../store/protocol.ts';
import { CatchUp } from './catch-up.ts';
import { EchoGate } from './echo-gate.ts';
import { EventQueue } from './event-queue.ts';
import type { History } from './history.ts';
import { Throttle, steadyWait } from './throttle.ts';

/** Maximum number of events per transaction. */
const BATCH = 500;

export type SyncMode = 'off' | 'catching_up' | 'live';

export interface SyncOptions {
  store: WriterApi;
  history: History;
  clock: Clock;
  random: Random;
  logger: Logger;
  push: AccountSink;
  publish: (changes: ChangeSet) => void;
  /** Our own request in flight in a chat: an echo without a key waits for its answer. */
  inFlight: (chatId: string) => Promise<void> | null;
  me: string;
  onMode: (mode: SyncMode) => void;
  /** Who is typing where: a message ends its author's typing, and the end of the connection everyone's. */
  typing: { stop(chatId: string, userId: string): void; clear(): void };
  /** Failpoints, for tests that end the program at one of them. */
  onFailpoint: (step: 'events-applied' | 'chats-applied' | 'history-applied') => void;
}

export class Sync {
  readonly #options: SyncOptions;
  readonly #gate: EchoGate;
  readonly #catchUp: CatchUp;
  readonly #queue: EventQueue;
  /** Throttles reading everything again at the server's instigation. */
  readonly #rereadThrottle: Throttle;
  /** Throttles reading the chat list because of events from unknown chats. */
  readonly #listThrottle: Throttle;
  readonly #disposers: Disposer[] = [];
  #context: AccountContext | null = null;
  #mode: SyncMode = 'off';
  /** Counts connections and catch-ups: what belongs to an earlier one ends silently. */
  #generation = 0;
  /** More arrived than may wait: nothing is kept until everything is read again. */
  #overflowed = false;
  /** The number behind the gap because of which everything is read. */
  #gap: number | null = null;
  #pumping: Promise<void> | null = null;
  #hello: ServerFrameOf<'auth:success'>['data'] | null = null;
  /** The server's epoch to which the numbers belong. */
  #epoch: string | null = null;
  #retry: Disposer | null = null;
  #listTimer: Disposer | null = null;
  #unknownChatsWait = false;
  #tries = 0;

  constructor(options: SyncOptions) {
    this.#options = options;
    this.#gate = new EchoGate({
      clock: options.clock,
      me: options.me,
      inFlight: options.inFlight,
      release: (frames) => {
        this.#queue.putBack(frames);
        this.#pump();
      },
    });
    this.#queue = new EventQueue(this.#gate);
    this.#rereadThrottle = new Throttle(options.clock, options.random);
    this.#listThrottle = new Throttle(options.clock, options.random);
    let wasNotified = false;
    this.#catchUp = new CatchUp({
      ...options,
      onCut: () => {
        // Once: each connection reads the same list.
        if (!wasNotified) options.push.emit({ kind: 'notice', notice: 'chats_not_whole', code: null });
        wasNotified = true;
      },
    });
  }

  get mode(): SyncMode {
    return this.#mode;
  }

  /**
   * Follows an account's socket; its frames come by `event`. Call as soon as the account opens, so as not to miss the
   * first frame.
   */
  start(context: AccountContext): void {
    this.stop();
    this.#context = context;
    this.#disposers.push(
      context.socket.onOpen((hello) => this.#opened(hello)),
      context.socket.onClose(() => this.#closed()),
    );
  }

  /** Ends every subscription and timer. */
  stop(): void {
    for (const dispose of this.#disposers.splice(0)) dispose();
    this.#closed();
    this.#context = null;
  }

  /** Checks whether something was missed: after sleep, or a jump of the clock. A retry that waits is made now. */
  check(): void {
    if (!this.#hello || (this.#mode !== 'live' && !this.#retry)) return;
    this.#tries = 0;
    this.#begin(this.#hello);
  }

  /** Reads the history of newly discovered chats, in the background; without a connection the next one does it. */
  fillSoon(chats: readonly ChatToFill[]): void {
    const context = this.#context;
    const generation = this.#generation;
    if (!context || this.#mode !== 'live' || chats.length === 0) return;
    this.#catchUp
      .fill(context, chats, () => this.#generation === generation)
      .catch((error: unknown) => this.#logFailure('sync.chat_not_read', error));
  }

  /** Resolves when everything received over the socket so far is in the store. */
  async drained(): Promise<void> {
    // Listeners of the mode `live` ask before the first event is taken.
    await Promise.resolve();
    while (this.#pumping) await this.#pumping;
  }

  #logFailure(event: string, error: unknown): void {
    this.#options.logger.warn(event, { reason: error instanceof Error ? error.name : 'unknown' });
  }

  /** Reads everything again, as after the store was rebuilt. */
  readAnew(): void {
    if (this.#mode !== 'off' && this.#hello) this.#begin(this.#hello);
  }

  #setMode(mode: SyncMode): void {
    if (this.#mode === mode) return;
    this.#mode = mode;
    this.#options.onMode(mode);
  }

  #opened(hello: ServerFrameOf<'auth:success'>['data']): void {
    this.#hello = hello;
    this.#tries = 0;
    this.#gap = null;
    this.#queue.clear();
    this.#begin(hello);
  }

  #closed(): void {
    this.#generation += 1;
    this.#retry?.();
    this.#retry = null;
    this.#listTimer?.();
    this.#listTimer = null;
    this.#hello = null;
    // What a live socket delivered stays true after its end: it is still applied. What waited for a catch-up is not,
    // since it is unknown what preceded it.
    if (this.#mode !== 'live') this.#queue.clear();
    this.#gate.clear();
    this.#options.typing.clear();
    const wasOpen = this.#mode !== 'off';
    this.#setMode('off');
    if (wasOpen) void this.#forgetPresence();
  }

  async #forgetPresence(): Promise<void> {
    try {
      await this.#options.store.forgetPresence({});
    } catch (error) {
      this.#options.logger.warn('sync.presence_kept', { reason: error instanceof Error ? error.name : 'unknown' });
    }
  }

  #begin(hello: ServerFrameOf<'auth:success'>['data']): void {
    this.#generation += 1;
    this.#retry?.();
    this.#retry = null;
    this.#overflowed = false;
    this.#setMode('catching_up');
    void this.#run(this.#generation, hello);
  }

  /** Reads everything again at the server's instigation: throttled. */
  #again(reason: 'gap' | 'overflow' | 'not_applied'): void {
    const hello = this.#hello;
    if (!hello) return;
    const wait = this.#rereadThrottle.next();
    this.#options.logger.info('sync.again', { reason, after: this.#queue.seq ?? -1, wait: Math.round(wait) });
    this.#generation += 1;
    this.#retry?.();
    this.#setMode('catching_up');
    if (wait === 0) this.#begin(hello);
    else this.#retry = this.#options.clock.after(wait, () => this.#begin(hello));
  }

  async #run(generation: number, hello: ServerFrameOf<'auth:success'>['data']): Promise<void> {
    const { logger, clock, random } = this.#options;
    const context = this.#context;
    if (!context) return;
    const started = clock.monotonic();
    const isCurrent = (): boolean => this.#generation === generation;
    try {
      // What an earlier connection passed to the store must be applied before anything is compared.
      await this.#pumping;
      if (!isCurrent()) return;
      const end = await this.#catchUp.run(context, hello, isCurrent, this.#gap);
      if (!isCurrent()) return;
      if (end.kind === 'failed') {
        if (end.code === 'unauthenticated') {
          context.tokenRefused();
          return;
        }
        this.#tries += 1;
        const wait = Math.max(end.retryAfterMs ?? 0, steadyWait(this.#tries, random()));
        logger.warn('sync.failed', { code: end.code, tries: this.#tries, wait });
        this.#retry = clock.after(wait, () => this.#begin(hello));
        return;
      }
      this.#tries = 0;
      this.#gap = null;
      this.#queue.startAfter(end.seq);
      this.#epoch = hello.epoch ?? null;
      if (this.#overflowed) {
        this.#again('overflow');
        return;
      }
      this.#setMode('live');
      logger.info('sync.live', {
        how: end.how,
        ms: Math.round(clock.monotonic() - started),
        buffered: this.#queue.length,
      });
      this.#pump();
      if (end.how === 'events') await this.#verify(context, isCurrent);
      else await this.#catchUp.fillRest(context, end.rest, isCurrent);
    } catch (error) {
      if (!isCurrent()) return;
      this.#tries += 1;
      logger.error('sync.broke', { reason: error instanceof Error ? error.message.slice(0, 100) : 'unknown' });
      this.#retry = clock.after(1_000 + steadyWait(this.#tries, random()), () => this.#begin(hello));
    }
  }

  /** The events were complete; the chat list is read anyway, for profiles and for what no event reported. */
  async #verify(context: AccountContext, isCurrent: () => boolean): Promise<void> {
    const chats = await this.#catchUp.readChats(context);
    if (!isCurrent() || chats.kind === 'failed') return;
    await this.#catchUp.fill(context, chats.fill, isCurrent);
  }

  /** Takes an event of the open socket. `chars`: the length of its JSON. */
  event(frame: StoredFrame, chars: number): void {
    if (!this.#context) return;
    this.#hint(frame);
    if (this.#overflowed) return;
    if (!this.#queue.add(frame, chars)) {
      this.#options.logger.warn('sync.buffer_full', { kept: this.#queue.length });
      this.#queue.clear();
      this.#overflowed = true;
      if (this.#mode === 'live') this.#again('overflow');
      return;
    }
    if (this.#mode === 'live') this.#pump();
  }

  /** Handles what needs no store: presence for the screen, a message that ends its author's typing. */
  #hint(frame: StoredFrame): void {
    if (frame.type === 'presence') {
      const { userId, online, lastSeenAt } = frame.data;
      const seen = lastSeenAt ? Date.parse(lastSeenAt) : Number.NaN;
      this.#options.push.emit({ kind: 'presence', userId, online, lastSeenAt: Number.isFinite(seen) ? seen : null });
    } else if (frame.type === 'message:new') {
      this.#options.typing.stop(frame.data.chatId, frame.data.sender?.id ?? frame.data.senderId ?? '');
    } else if (frame.type === 'reaction:new' || frame.type === 'reaction:removed') {
      this.#options.history.reactionChanged(frame.data.messageId);
    }
  }

  #pump(): void {
    if (this.#pumping || this.#mode !== 'live') return;
    this.#pumping = this.#drain()
      .catch((error: unknown) => {
        this.#options.logger.error('sync.events_not_applied', {
          reason: error instanceof Error ? error.message.slice(0, 100) : 'unknown',
        });
        // What was taken and what follows it are in the server's history: reading it brings them back.
        this.#queue.clear();
        this.#again('not_applied');
      })
      .finally(() => {
        this.#pumping = null;
        if (this.#queue.length > 0) this.#pump();
      });
  }

  async #drain(): Promise<void> {
    while (this.#queue.length > 0 && this.#mode !== 'catching_up') {
      const generation = this.#generation;
      const taken = this.#queue.take(BATCH);
      if (taken.frames.length > 0) {
        const applied = await this.#options.store.applyEvents({
          frames: taken.frames,
          seq: taken.seq,
          epoch: this.#epoch,
          now: this.#options.clock.now(),
        });
        this.#options.publish(applied.changes);
        this.#options.onFailpoint('events-applied');
        if (applied.unknownChats.length > 0) this.#readUnknownChats(generation);
      }
      if (taken.gap !== null && this.#hello && this.#generation === generation) {
        this.#gap = taken.gap;
        this.#again('gap');
        return;
      }
    }
  }

  /** Events came from unknown chats: their people and history are read, once for all that arrive meanwhile. */
  #readUnknownChats(generation: number): void {
    const context = this.#context;
    this.#unknownChatsWait = true;
    if (!context || this.#listTimer || this.#generation !== generation) return;
    const isCurrent = (): boolean => this.#generation === generation;
    const readList = (): void => {
      this.#unknownChatsWait = false;
      this.#verify(context, isCurrent)
        .catch((error: unknown) => this.#logFailure('sync.unknown_chats_not_read', error))
        .finally(() => {
          if (!isCurrent()) return;
          this.#listTimer = null;
          if (this.#unknownChatsWait) this.#readUnknownChats(generation);
        });
    };
    this.#listTimer = this.#options.clock.after(this.#listThrottle.next(), readList);
  }
}
