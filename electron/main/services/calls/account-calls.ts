/**
 * The calls of one account: made, received, answered and ended. The page has the media; here are the states, the time, and
 * the way to the server. What decides about states is `nextCall`; what comes from the server for another call than the
 * one that rings or runs is dropped.
 */
import type { Call } from '#contract/api/call.ts';
import type { CallEnd, CallSignalView, CallView, IceServer } from '#contract/ipc/call-views.ts';
import type { ChatView } from '#contract/ipc/views.ts';
import { type CallEvent, nextCall, RING_GRACE_MS, RING_MS, ringsHere } from '#contract/model/call-state.ts';
import { fail, ok, type Result } from '#contract/model/errors.ts';
import type { ClientFrame } from '#contract/ws/client-frames.ts';
import type { ServerFrameOf } from '#contract/ws/server-frames.ts';
import { errorName } from '../../lib/emitter.ts';
import type { AccountContext, AccountSink, ApiOutcome, CallMedia, Clock, Disposer, Logger } from '../ports.ts';
import type { CallFrame } from '../socket/frame-router.ts';
import { askPatiently } from './ask-patiently.ts';
import { endedEvent, refusedAs } from './call-ends.ts';
import type { SharedCalls } from './call-line.ts';
import { incomingCall, type Live, outgoingCall } from './live-call.ts';
import { MissedCalls } from './missed-calls.ts';
import { withoutNames } from './ice-names.ts';
import { RecentIds } from './recent-ids.ts';
import { SendAgain } from './send-again.ts';
import { ServerWord } from './server-word.ts';
import { SignalLine } from './signal-line.ts';

export interface AccountCallsOptions {
  accountId: string;
  me: string;
  clock: Clock;
  logger: Logger;
  push: AccountSink;
  shared: SharedCalls;
  /** Null while the account may not use its connection. */
  connection: () => AccountContext | null;
  chat: (chatId: string) => Promise<ChatView | null>;
  newKey: () => string;
  send: (frame: ClientFrame) => boolean;
}

/** Frames kept while the server has not answered which call it has made. */
const MOST_EARLY = 200;
/** Milliseconds that a page that is gone may take to come back into its call. */
const PAGE_MS = 15_000;
/** Milliseconds that the app waits for the server to hear that a call is over, when it quits. */
const QUIT_MS = 1_500;

export class AccountCalls {
  readonly #options: AccountCallsOptions;
  readonly #word: ServerWord;
  readonly #over = new RecentIds();
  readonly #missed: MissedCalls;
  #live: Live | null = null;
  #early: CallFrame[] = [];
  /** Chats in which the server may have made a call that was given up here. */
  readonly #doubtful = new Set<string>();
  #hasLooked = false;
  #cancelPage: Disposer | null = null;

  constructor(options: AccountCallsOptions) {
    const { clock, logger, connection } = options;
    this.#options = options;
    this.#missed = new MissedCalls({ ...options, over: this.#over });
    this.#word = new ServerWord({ clock, logger, api: () => connection()?.api ?? null });
  }

  /** The call that rings or runs, for a page that starts. */
  get view(): CallView | null {
    return this.#live?.view ?? null;
  }

  /** Calls the other person of a chat; accepts the call that rings in the same chat. */
  async start({ chatId, type }: Pick<CallView, 'chatId' | 'type'>): Promise<Result<CallView>> {
    const { connection, me, chat: find } = this.#options;
    if (!connection()) return fail('unauthenticated', 'the token has ended');
    const peer = (await find(chatId))?.peer;
    // Asked last: the other side's call may have come meanwhile.
    const rings = this.#live?.view;
    if (rings && ringsHere(rings) && rings.chatId === chatId) {
      return this.accept({ key: rings.key, withVideo: type === 'video' });
    }
    if (!peer) return fail('not_found', 'nobody to call there');
    const live = this.#begin(outgoingCall({ chatId, type }, peer, me));
    if (!live) return fail('call_busy', 'another call rings or runs');
    this.#inBackground('start', this.#place(live));
    return ok(live.view);
  }

  async accept({ key, withVideo }: { key: string; withVideo: boolean }): Promise<Result<CallView>> {
    const live = this.#of(key);
    if (!live) return fail('not_found', 'no such call');
    if (live.view.state === 'active') return ok(live.view);
    if (!ringsHere(live.view)) return fail('conflict', 'the call does not ring');
    live.accepting ??= this.#accept(live, withVideo).finally(() => (live.accepting = null));
    return live.accepting;
  }

  decline({ key }: { key: string }): Result<null> {
    const live = this.#of(key);
    if (!live) return this.#over.has(key) ? ok(null) : fail('not_found', 'no such call');
    const { id } = live.view;
    this.#apply(live, { kind: 'declined' });
    if (id !== null) this.#inBackground('decline', this.#word.tell(id, { route: 'rejectCall', busy: false }));
    return ok(null);
  }

  end({ key, reason }: { key: string; reason: CallEnd }): Result<null> {
    const live = this.#of(key);
    // It may have ended in the same moment.
    if (!live) return this.#over.has(key) ? ok(null) : fail('not_found', 'no such call');
    this.#inBackground('end', this.#hangUp(live, reason));
    return ok(null);
  }

  signal({ key, signal }: { key: string; signal: CallSignalView }): Result<null> {
    const live = this.#of(key);
    if (!live) return fail('not_found', 'no such call');
    if (ringsHere(live.view)) return fail('conflict', 'accept the call first');
    return live.signals.send(signal) ? ok(null) : fail('rate_limited', 'too many signals');
  }

  media({ key, ...media }: CallMedia & { key: string }): Result<null> {
    if (!this.#of(key)) return fail('not_found', 'no such call');
    this.#options.shared.onMedia(this.#options.accountId, key, media);
    return ok(null);
  }

  /** The servers that the page can reach for a call. */
  reachable(servers: readonly IceServer[]): Promise<IceServer[]> {
    return withoutNames(servers, () => this.#options.logger.info('call.server_not_found'));
  }

  /** A frame of the server. */
  frame(frame: CallFrame): void {
    if (frame.type === 'call:incoming') return this.#incoming(frame);
    const live = this.#live;
    const id = frame.type === 'call:ended' ? frame.data.id : frame.callId;
    if (live?.view.id === id) this.#ofLive(live, frame);
    else if (live?.view.state === 'starting') this.#keepEarly(frame);
    // Somebody called while this person was in another call: it never rang here.
    else if (frame.type === 'call:ended' && frame.data.reason === 'busy') this.#inBackground('look', this.#look());
    else this.#options.logger.debug('call.frame_of_no_call', { type: frame.type });
  }

  /** The socket is open again: what may have been missed is looked up, what may have been lost is sent again. */
  opened(): void {
    this.#word.now();
    this.#live?.signals.resend();
    this.network();
    this.#inBackground('look', this.#look());
  }

  /**
   * The server refused a frame because there were too many. It does not say which one: if it was a signal, the call would
   * wait for it in vain. So the call's signals go again after a while; both ends know the numbers that they have had.
   * @param retryAfterMs the server's own wait, milliseconds.
   */
  refused(retryAfterMs: number): void {
    this.#live?.again.refused(retryAfterMs);
  }

  /** The network is back, or the computer woke. */
  network(): void {
    if (this.#live?.view.state === 'active')
      this.#options.push.emit({ kind: 'call:network', key: this.#live.view.key });
  }

  /** The page was closed, reloaded or crashed: its call ends unless it comes back into it. */
  pageGone(): void {
    const { clock } = this.#options;
    this.#cancelPage?.();
    this.#cancelPage = clock.after(PAGE_MS, () => {
      const live = this.#live;
      if (live && !ringsHere(live.view)) this.#inBackground('page', this.#hangUp(live, 'failed'));
    });
  }

  pageBack(): void {
    this.#cancelPage?.();
    this.#cancelPage = null;
  }

  /** Ends the call; resolves when the server has heard it, or soon. */
  async close(): Promise<void> {
    this.pageBack();
    if (this.#live) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const cancel = this.#options.clock.after(QUIT_MS, resolve);
      await Promise.race([this.#hangUp(this.#live, 'hung_up'), promise]);
      cancel();
    }
    this.#word.stop();
  }

  #of(key: string): Live | null {
    return this.#live?.view.key === key ? this.#live : null;
  }

  #begin(view: Omit<CallView, 'key'>): Live | null {
    const { shared, push, send, newKey } = this.#options;
    const key = newKey();
    const release = shared.line.take(key);
    if (!release) return null;
    const deliver = (signal: CallSignalView): void => push.emit({ kind: 'call:signal', key, signal });
    const signals = new SignalLine({ send, deliver });
    const again = new SendAgain(this.#options.clock, (from, count) => signals.resend(from, count));
    const live: Live = {
      ...{ view: { ...view, key }, signals, again, release, accepting: null },
      cancelTimer: () => undefined,
    };
    this.#live = live;
    this.#follow(live);
    return live;
  }

  #apply(live: Live, event: CallEvent): void {
    if (this.#live !== live) return;
    const next = nextCall(live.view, event);
    if (next === live.view) return;
    live.view = next;
    this.#follow(live);
  }

  /** What comes with a state. */
  #follow(live: Live): void {
    const { clock, logger, push } = this.#options;
    const { view, signals } = live;
    logger.info('call.state', { state: view.state, end: view.end, incoming: view.incoming, type: view.type });
    push.emit({ kind: 'call', call: view });
    live.cancelTimer();
    switch (view.state) {
      case 'starting':
        return;
      case 'ringing':
        live.cancelTimer = clock.after(RING_MS + RING_GRACE_MS, () => {
          this.#apply(live, { kind: 'time', now: clock.now() });
        });
        if (view.id !== null && !view.incoming) signals.named(view.id);
        return;
      case 'active':
        if (view.id !== null) signals.named(view.id);
        signals.open();
        return;
      case 'ended':
        this.#live = null;
        live.again.stop();
        live.release();
        this.#over.add(view.key);
        if (view.id !== null) this.#over.add(view.id);
    }
  }

  async #place(live: Live): Promise<void> {
    const { connection, shared, clock } = this.#options;
    const { chatId, type } = live.view;
    const body = { chatId, type, device: shared.device };
    // The same device gets the same call.
    const outcome = await askPatiently(clock, connection, (api) =>
      api.call('initiateCall', { body }, { timeoutMs: shared.answerMs }),
    );
    if (outcome.ok) this.#placed(live, outcome.value.call);
    else {
      if (outcome.effect === 'unknown') this.#doubtful.add(chatId);
      this.#apply(live, { kind: 'refused', end: refusedAs(outcome.error) });
    }
    const early = this.#early.splice(0);
    for (const frame of early) this.frame(frame);
  }

  #placed(live: Live, call: Call): void {
    const { clock, me } = this.#options;
    if (this.#live !== live) {
      // It was given up before the server had answered.
      this.#over.add(call.id);
      this.#inBackground('cancel', this.#word.tell(call.id, { route: 'endCall' }));
      return;
    }
    const at = clock.now();
    if (call.initiator.id !== me) {
      this.#apply(live, { kind: 'joined', id: call.id, at, type: call.type });
      return;
    }
    this.#apply(live, { kind: 'started', id: call.id, at });
    this.#learn(live, call);
  }

  /** What the server says of the call. */
  #learn(live: Live, call: Call): void {
    const at = this.#options.clock.now();
    if (call.status === 'active') this.#apply(live, { kind: 'answered', at });
    else if (call.status !== 'ringing') this.#apply(live, endedEvent(call, at));
  }

  async #accept(live: Live, withVideo: boolean): Promise<Result<CallView>> {
    const { connection, shared, clock } = this.#options;
    const { id } = live.view;
    if (id === null) return fail('conflict', 'the call does not ring');
    const outcome = await askPatiently(clock, connection, (api) =>
      api.call(
        'answerCall',
        { params: { callId: id }, body: { device: shared.device } },
        { timeoutMs: shared.answerMs },
      ),
    );
    if (outcome.ok && this.#live === live) {
      this.#apply(live, { kind: 'accepted', at: clock.now(), withVideo });
      return ok(live.view);
    }
    if (outcome.ok) {
      this.#inBackground('end', this.#word.tell(id, { route: 'endCall' }));
      return fail('conflict', 'the call is over');
    }
    if (['conflict', 'not_found', 'forbidden'].includes(outcome.error.code)) await this.#goneMeanwhile(live);
    return { ok: false, error: outcome.error };
  }

  /** The server does not let it be answered: another device was first, or its caller gave up. */
  async #goneMeanwhile(live: Live): Promise<void> {
    await this.#look();
    this.#apply(live, endedEvent({ status: 'cancelled' }, this.#options.clock.now()));
  }

  async #hangUp(live: Live, reason: CallEnd): Promise<void> {
    const { id } = live.view;
    this.#apply(live, { kind: 'hung_up', end: reason, at: this.#options.clock.now() });
    if (id !== null) await this.#word.tell(id, { route: 'endCall' });
  }

  #keepEarly(frame: CallFrame): void {
    if (this.#early.length < MOST_EARLY) this.#early.push(frame);
  }

  #ofLive(live: Live, frame: Exclude<CallFrame, { type: 'call:incoming' }>): void {
    const at = this.#options.clock.now();
    if (frame.type === 'call:ended') {
      this.#apply(live, endedEvent(frame.data, at));
      return;
    }
    // Only a device that has answered signals.
    this.#apply(live, { kind: 'answered', at });
    live.signals.receive(frame);
  }

  #incoming(frame: ServerFrameOf<'call:incoming'>): void {
    const { me, accountId, clock } = this.#options;
    const { id, initiator } = frame.data;
    if (initiator.id === me || this.#over.has(id) || this.#live?.view.id === id) return;
    if (this.#live?.view.state === 'starting') return this.#keepEarly(frame);
    const view = incomingCall(frame.data, { accountId, me }, clock.now());
    if (!this.#begin(view)) this.#refuseAsBusy(view);
  }

  /** Another call runs, perhaps of another account: this one is missed, and its caller hears why. */
  #refuseAsBusy(view: Omit<CallView, 'key'>): void {
    const { id } = view;
    if (id === null) return;
    this.#over.add(id);
    if (!this.#missed.behindAnother(view)) return;
    this.#inBackground('busy', this.#word.tell(id, { route: 'rejectCall', busy: true }));
  }

  /** Asks the server what has become of the call, and of those that it may have made unheard. */
  async #look(): Promise<void> {
    const connection = this.#options.connection();
    if (!connection?.has('calls')) return;
    const outcome: ApiOutcome<{ calls: Call[] }> = await connection.api.call('calls', { query: { limit: 20 } });
    if (!outcome.ok) return;
    const isFirst = !this.#hasLooked;
    this.#hasLooked = true;
    for (const call of outcome.value.calls) {
      const live = this.#live;
      if (live?.view.id === call.id) this.#learn(live, call);
      else if (this.#isForgotten(call)) await this.#word.tell(call.id, { route: 'endCall' });
      else await this.#missed.listed(call, isFirst);
    }
    this.#doubtful.clear();
  }

  #isForgotten({ chatId, initiator, status }: Call): boolean {
    return this.#doubtful.has(chatId) && initiator.id === this.#options.me && status === 'ringing' && !this.#live;
  }

  #inBackground(what: string, work: Promise<unknown>): void {
    work.catch((error: unknown) => this.#options.logger.error('call.step_failed', { what, error: errorName(error) }));
  }
}
