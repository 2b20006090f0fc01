/**
 * Sends what was written, in order within each chat, with as many attempts as it takes. It keeps no list of its own:
 * the store says which message of each chat is next, and every step is committed there before it is taken.
 *
 * One request at a time per chat, at most four in all. A message that may have arrived blocks its chat until that is
 * settled; one that failed permanently does not, because it waits for the user.
 */
import type { Message } from '#contract/api/message.ts';
import type { AppError, ErrorCode } from '#contract/model/errors.ts';
import type { AccountContext, ApiOutcome, Clock, Logger, Random, Disposer } from '../ports.ts';
import type { WriterApi } from '../store/operations.ts';
import type { ChangeSet } from '../store/protocol.ts';
import type { AttemptEnd, OutgoingRequest } from '../store/ops/outbox/attempts.ts';
import type { OutboxHead } from '../store/ops/outbox/queue.ts';
import { jitter } from '../../lib/jitter.ts';
import { ASK_AFTER, asksForQuiet, KEEP_TRYING_MS, verdict, waitAfter } from './backoff.ts';
import type { LiveSends } from './live-sends.ts';
import { Schedule } from './schedule.ts';

/** Maximum number of requests in flight over all chats. */
const AT_ONCE = 4;
/** Milliseconds without an answer after which a request counts as unanswered. */
const ANSWER_MS = 20_000;
/** Until a store that failed is asked again. */
const STORE_FAILED_MS = 5_000;

export interface OutboxOptions {
  store: Pick<
    WriterApi,
    | 'outboxHeads'
    | 'beginAttempt'
    | 'endAttempt'
    | 'acknowledge'
    | 'reconcile'
    | 'recoverOutbox'
    | 'retryOutboxNow'
    | 'switchAuth'
    | 'anchorOf'
  >;
  clock: Clock;
  random: Random;
  logger: Logger;
  /** Publishes changes to the page. */
  publish: (changes: ChangeSet) => void;
  /** Makes sure that everything after a place in a chat is here; false when that cannot be known now. */
  readHistory: (chatId: string, after: { at: number; tie: string }) => Promise<boolean>;
  /** The shorter way, over the open socket; if omitted, REST only. */
  live?: Pick<LiveSends, 'send'>;
  /** Milliseconds after which a lost request can no longer arrive. */
  settleMs: number;
  /** Failpoints, for tests that end the program at one of them. */
  onFailpoint: (step: OutboxFailpoint) => void;
}

export type OutboxFailpoint = 'attempt-committed' | 'request-sent' | 'answer-received' | 'answer-committed';

/** Where the outbox may send: the open account, while its token is valid. */
export type OutboxConnection = Pick<AccountContext, 'api' | 'has' | 'tokenRefused'>;

/** A slot among the requests in flight, reserved for a message that is being written. Call one of the two, once. */
export interface Reservation {
  /** The message left the queue with its own commit: it is sent. */
  leave(outgoing: OutgoingRequest): void;
  /** It is queued, or was not written after all. */
  release(): void;
}

export class Outbox {
  readonly #options: OutboxOptions;
  /** Requests and reconciliations in flight, by chat. */
  readonly #busy = new Map<string, { localId: string; done: Promise<void>; isRequest: boolean }>();
  readonly #schedule: Schedule;
  #connection: OutboxConnection | null = null;
  #timer: Disposer | null = null;
  #pumping = false;
  #again = false;
  #stopped = false;
  readonly #abort = new AbortController();

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#schedule = new Schedule(options.clock);
  }

  /** Settles what the last run left open. Call before anything else. */
  async recover(): Promise<void> {
    const { store, clock, settleMs, publish } = this.#options;
    publish(await store.recoverOutbox({ now: clock.now(), settleMs }));
  }

  /** The account can send: after start and after each sign-in. */
  async connect(context: OutboxConnection): Promise<void> {
    this.#connection = context;
    this.#schedule.retryNow();
    this.#options.publish(await this.#options.store.switchAuth({ lost: false, now: this.#options.clock.now() }));
    this.wake();
  }

  /** The token expired: everything waits for the user. */
  async disconnect(): Promise<void> {
    this.#connection = null;
    // Waiting for the user is not an attempt.
    this.#schedule.clear();
    await this.#waitIfSignedOut();
  }

  /** Stops: requests in flight are aborted and count as unanswered at the next start. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#timer?.();
    this.#abort.abort();
    await Promise.allSettled([...this.#busy.values()].map(({ done }) => done));
  }

  /** There is something new to send. */
  wake(): void {
    void this.#pump();
  }

  /**
   * Reserves a slot for a message that is about to be written into a chat, so that it need not be looked up and
   * committed again before it leaves. Null while the chat or the outbox is busy, waits, or cannot send: then the
   * message is queued.
   */
  reserve(chatId: string): Reservation | null {
    const connection = this.#connection;
    if (!connection || this.#stopped || this.#busy.has(chatId) || this.#busy.size >= AT_ONCE) return null;
    if (this.#schedule.isQuiet) return null;
    const { promise: done, resolve } = Promise.withResolvers<void>();
    const busy = { localId: '', done, isRequest: true };
    this.#busy.set(chatId, busy);
    const release = (): void => {
      this.#freeChat(chatId);
      resolve();
    };
    return {
      release,
      leave: (outgoing) => {
        busy.localId = outgoing.localId;
        this.#schedule.meet(outgoing.localId, 0, 0);
        void this.#guarded(outgoing.localId, this.#send(outgoing, connection)).finally(release);
      },
    };
  }

  /** Retry now: the network or the server is back. Waits end, and count from the beginning. */
  async retryNow(): Promise<void> {
    this.#schedule.retryNow();
    await this.#options.store.retryOutboxNow({ now: this.#options.clock.now() });
    this.wake();
  }

  /** The request in flight in a chat, or null: an echo of it waits for the answer. */
  inFlight(chatId: string): Promise<void> | null {
    const busy = this.#busy.get(chatId);
    return busy?.isRequest ? busy.done : null;
  }

  async #pump(): Promise<void> {
    if (this.#pumping) {
      this.#again = true;
      return;
    }
    this.#pumping = true;
    try {
      do {
        this.#again = false;
        await this.#round();
      } while (this.#again && !this.#stopped);
    } catch (error) {
      this.#options.logger.error('outbox.round_failed', { reason: error instanceof Error ? error.name : 'unknown' });
      this.#wakeIn(STORE_FAILED_MS);
    } finally {
      this.#pumping = false;
    }
  }

  async #round(): Promise<void> {
    this.#timer?.();
    this.#timer = null;
    const connection = this.#connection;
    if (!connection || this.#stopped) return;
    const heads = await this.#options.store.outboxHeads({});
    // A message that left with its own commit may be newer than this list.
    const underWay = [...this.#busy.values()].map(({ localId }) => localId);
    this.#schedule.keepOnly(new Set([...heads.map(({ localId }) => localId), ...underWay]));
    let soonest = Number.POSITIVE_INFINITY;
    for (const head of heads) {
      if (this.#busy.has(head.chatId)) continue;
      const wait = this.#waitOf(head, connection);
      if (wait === null) continue;
      if (wait > 0) soonest = Math.min(soonest, wait);
      else if (this.#busy.size < AT_ONCE) this.#start(head, connection);
    }
    if (Number.isFinite(soonest)) this.#wakeIn(soonest);
  }

  /** Milliseconds until something can be done for a message; null when it waits for something other than time. */
  #waitOf(head: OutboxHead, connection: OutboxConnection): number | null {
    this.#schedule.meet(head.localId, head.tried, head.state === 'unknown' ? this.#options.settleMs : 0);
    switch (head.state) {
      case 'queued':
        return this.#schedule.waitOf(head.localId);
      case 'unknown':
        return connection.has('idempotency')
          ? this.#schedule.waitOf(head.localId)
          : this.#schedule.settleOf(head.localId);
      case 'sending':
      case 'waiting_auth':
      case 'failed':
      case 'sent':
      case 'delivered':
      case 'read':
        return null;
    }
  }

  #wakeIn(ms: number): void {
    this.#timer?.();
    if (this.#stopped) return;
    // The longest wait to trust a timer with; the round checks again anyway.
    this.#timer = this.#options.clock.after(Math.min(Math.max(ms, 1), 3_600_000), () => this.wake());
  }

  #start(head: OutboxHead, connection: OutboxConnection): void {
    const work = head.state === 'unknown' ? this.#settle(head, connection) : this.#attempt(head, connection);
    const done = this.#guarded(head.localId, work).finally(() => this.#freeChat(head.chatId));
    this.#busy.set(head.chatId, { localId: head.localId, done, isRequest: head.state !== 'unknown' });
  }

  /** Nothing is in flight in a chat any more: the next message may go. */
  #freeChat(chatId: string): void {
    this.#busy.delete(chatId);
    if (!this.#stopped) this.wake();
  }

  /** Never rejects: what fails here is tried again. */
  #guarded(localId: string, work: Promise<void>): Promise<void> {
    return work
      .then(() => this.#waitIfSignedOut())
      .catch((error: unknown) => {
        this.#options.logger.error('outbox.step_failed', {
          localId,
          reason: error instanceof Error ? error.message.slice(0, 100) : 'unknown',
        });
        // The round that follows at once must not find it free to go: the store would be asked in a loop.
        this.#schedule.wait(localId, STORE_FAILED_MS);
      });
  }

  /**
   * A request that ended after the token expired left its message queued: it waits for the sign-in, like the others.
   */
  async #waitIfSignedOut(): Promise<void> {
    if (this.#connection !== null || this.#stopped) return;
    const { store, clock, publish } = this.#options;
    publish(await store.switchAuth({ lost: true, now: clock.now() }));
  }

  async #attempt(head: OutboxHead, connection: OutboxConnection): Promise<void> {
    const { store, clock, publish } = this.#options;
    if (this.#schedule.triedFor(head.localId) > KEEP_TRYING_MS) {
      await this.#end(head.localId, 'expired', clock.now(), 'server_unreachable');
      return;
    }
    const { outgoing, changes } = await store.beginAttempt({ localId: head.localId, now: clock.now() });
    publish(changes);
    if (outgoing) await this.#send(outgoing, connection);
  }

  /** Sends a message that has left the queue: its attempt is committed. */
  async #send(outgoing: OutgoingRequest, connection: OutboxConnection): Promise<void> {
    const { clock, onFailpoint } = this.#options;
    const { localId } = outgoing;
    onFailpoint('attempt-committed');
    // Stopped or signed out since the commit: nothing has left, and the next start could not know that.
    if (this.#stopped || this.#connection !== connection) {
      await this.#end(localId, 'not_stored', clock.now(), null);
      return;
    }
    const asked = this.#request(outgoing, connection);
    onFailpoint('request-sent');
    const outcome = await asked;
    onFailpoint('answer-received');
    if (outcome.ok) await this.#answered(localId, connection, outcome.value.message);
    else await this.#unanswered(localId, connection, outcome.error, outcome.effect);
    onFailpoint('answer-committed');
  }

  #request(outgoing: OutgoingRequest, connection: OutboxConnection): Promise<ApiOutcome<{ message: Message }>> {
    const { localId, chatId, content, files, replyTo, attempt } = outgoing;
    const hasKeys = connection.has('idempotency');
    const body = {
      chatId,
      content,
      ...(files.length > 0 ? { attachments: files } : {}),
      ...(replyTo === null ? {} : { replyToId: replyTo }),
      ...(hasKeys ? { clientId: localId } : {}),
    };
    const byRequest = (): Promise<ApiOutcome<{ message: Message }>> =>
      connection.api.call('sendMessage', { body }, { timeoutMs: ANSWER_MS, signal: this.#abort.signal });
    const live = hasKeys && attempt === 1 ? this.#options.live?.send(localId, body) : null;
    return live ? this.#liveOr(byRequest, live) : byRequest();
  }

  /** What the socket answers; a request where it brings no answer, or has taken too many frames. */
  async #liveOr<T>(byRequest: () => Promise<ApiOutcome<T>>, live: Promise<ApiOutcome<T>>): Promise<ApiOutcome<T>> {
    const first = await live;
    if (first.ok || (first.effect === 'not_stored' && first.error.code !== 'rate_limited')) return first;
    const answer = await byRequest();
    // It may have been stored by what the socket took.
    return first.effect === 'unknown' && !answer.ok ? { ...answer, effect: 'unknown' } : answer;
  }

  async #answered(localId: string, connection: OutboxConnection, message: Message): Promise<void> {
    const { store, clock, publish, logger } = this.#options;
    const { changes, bound } = await store.acknowledge({ localId, message, now: clock.now() });
    publish(changes);
    if (bound) return;
    // An answer that names another chat or sender, or no time, says nothing about our message.
    logger.warn('outbox.answer_not_ours', { localId });
    await this.#unanswered(localId, connection, { code: 'bad_answer' }, 'unknown');
  }

  async #unanswered(
    localId: string,
    connection: OutboxConnection,
    error: Pick<AppError, 'code' | 'retryAfterMs'>,
    effect: 'not_stored' | 'unknown',
  ): Promise<void> {
    const { clock, random, settleMs, logger } = this.#options;
    const now = clock.now();
    const { code } = error;
    const tries = this.#schedule.failed(localId);
    const wait = waitAfter(error, tries, random());
    this.#schedule.wait(localId, wait);
    this.#schedule.settle(localId, settleMs);
    if (asksForQuiet(error)) this.#schedule.quiet(wait);
    const meaning = verdict(code, effect);
    logger.info('outbox.not_answered', { localId, code, meaning, tries });
    switch (meaning) {
      case 'unanswered':
        await this.#end(localId, 'no_answer', connection.has('idempotency') ? now : now + settleMs, code);
        // The server deduplicates by key: it may go again as soon as the wait is over.
        if (connection.has('idempotency')) await this.#end(localId, 'may_resend', now + wait, code);
        break;
      case 'auth':
        await this.#end(localId, 'auth_lost', now, code);
        connection.tokenRefused();
        break;
      case 'refused':
        await this.#end(localId, 'refused', now, code);
        break;
      case 'again':
        await this.#end(localId, 'not_stored', now + wait, code);
        break;
    }
  }

  /** Settles an unanswered send: looks for it in the history, or lets it go again if the server deduplicates. */
  async #settle(head: OutboxHead, connection: OutboxConnection): Promise<void> {
    const { store, clock, random, publish, readHistory, logger } = this.#options;
    if (connection.has('idempotency')) {
      await this.#end(head.localId, 'may_resend', clock.now(), null);
      return;
    }
    const anchor = await store.anchorOf({ localId: head.localId });
    if (!anchor) return;
    if (!(await readHistory(head.chatId, anchor))) {
      this.#schedule.wait(head.localId, Math.max(200, jitter(this.#schedule.failed(head.localId), random())));
      return;
    }
    const { bound, changes } = await store.reconcile({ localId: head.localId, now: clock.now() });
    publish(changes);
    logger.info('outbox.settled', { localId: head.localId, bound, unanswered: head.unanswered });
    if (bound) return;
    if (head.unanswered >= ASK_AFTER || this.#schedule.triedFor(head.localId) > KEEP_TRYING_MS) {
      await this.#end(head.localId, 'undecidable', clock.now(), 'server_timeout');
    } else await this.#end(head.localId, 'may_resend', clock.now(), null);
  }

  async #end(localId: string, end: AttemptEnd, nextAt: number, problem: ErrorCode | null): Promise<void> {
    const { store, clock, publish } = this.#options;
    const tried = this.#schedule.triedFor(localId);
    publish(await store.endAttempt({ localId, end, nextAt, tried, problem, now: clock.now() }));
  }
}
