/**
 * Sends what was written for later. The store keeps it; a message that is due moves into the outbox, which does the
 * rest. Times are judged by the server's clock, since this computer's may be wrong: until the server has answered,
 * nothing is due. After a sleep the server is asked for its time first, because the monotonic clock may have slept too.
 */
import type { LaterView, LaterWhen } from '#contract/ipc/later-schemas.ts';
import { fail, ok, type Result } from '#contract/model/errors.ts';
import { MOST_LATER } from '#contract/model/limits.ts';
import { errorName } from '../../lib/emitter.ts';
import type { AccountContext, AccountSink, Clock, Disposer, Logger } from '../ports.ts';
import type { WriterApi } from '../store/operations.ts';
import type { ChangeSet } from '../store/protocol.ts';

/** The longest wait between two looks, in milliseconds: a timer may have slept. */
const LOOK_MS = 30_000;
/** Until a store that failed is asked again. */
const STORE_FAILED_MS = 5_000;
/** So many people are remembered to be online. */
const MOST_ONLINE = 20_000;

export interface LaterOptions {
  store: Pick<WriterApi, 'laterMessages' | 'addLater' | 'changeLater' | 'removeLater' | 'releaseLater'>;
  clock: Clock;
  logger: Logger;
  push: AccountSink;
  publish: (changes: ChangeSet) => void;
  connection: () => Pick<AccountContext, 'api'> | null;
  /** The server's time, milliseconds since the epoch; null until it has answered. */
  serverNow: () => number | null;
  /** The other one of a chat, and whether they are known to be online. */
  peerOf: (chatId: string) => Promise<{ id: string; online: boolean | null } | null>;
  newId: () => string;
  /** The outbox has something new. */
  onReleased: () => void;
}

export class Later {
  readonly #options: LaterOptions;
  #all: LaterView[] = [];
  /** Who came online: the store may hear of it much later, once what came before has been read. */
  readonly #online = new Set<string>();
  #timer: Disposer | null = null;
  #looking: Promise<void> | null = null;
  #again = false;
  #isStopped = false;

  constructor(options: LaterOptions) {
    this.#options = options;
  }

  /** Reads what waits; once the store is open, and again when it is another one. */
  async open(): Promise<void> {
    this.#all = await this.#options.store.laterMessages({});
    this.#tell();
    this.look();
  }

  stop(): void {
    this.#isStopped = true;
    this.#timer?.();
  }

  /** What waits, in the order in which it is due. */
  list(): LaterView[] {
    return this.#all;
  }

  /** Keeps a message for later. */
  async add(input: {
    chatId: string;
    text: string;
    replyTo: string | null;
    uploads?: string[] | undefined;
    when: LaterWhen;
  }): Promise<Result<LaterView>> {
    const { store, newId, clock, publish } = this.#options;
    const { chatId, text, replyTo, uploads } = input;
    if (this.#all.length >= MOST_LATER) return fail('busy', 'too many wait');
    const added = await store.addLater({
      ...{ localId: newId(), chatId, text, replyTo, uploads, at: this.#timeOf(input.when) },
      ...{ most: MOST_LATER, now: clock.now() },
    });
    if (!added) return fail('not_found', 'no such chat or upload');
    publish(added.changes);
    await this.#read();
    return ok(added.view);
  }

  /** True for a message that waits with files: it needs no text. */
  hasFiles(localId: string): boolean {
    return this.#all.some((view) => view.localId === localId && view.files.length > 0);
  }

  /** Another text, and another time unless `when` is null. */
  async change(localId: string, text: string, when: LaterWhen | null): Promise<Result<null>> {
    const done = await this.#options.store.changeLater({
      ...{ localId, text },
      ...(when ? { at: this.#timeOf(when) } : {}),
    });
    await this.#read();
    return done ? ok(null) : fail('too_late', 'it does not wait any more');
  }

  async remove(localId: string): Promise<Result<null>> {
    const { store, clock, publish } = this.#options;
    const done = await store.removeLater({ localId, now: clock.now() });
    if (done) publish(done);
    await this.#read();
    return done ? ok(null) : fail('too_late', 'it does not wait any more');
  }

  async sendNow(localId: string): Promise<Result<null>> {
    const done = await this.#release(localId);
    await this.#read();
    return done ? ok(null) : fail('too_late', 'it does not wait any more');
  }

  /** Something is due perhaps: time has passed, somebody is online, the server is there. */
  look(): void {
    if (this.#isStopped || this.#all.length === 0) return;
    if (this.#looking) {
      this.#again = true;
      return;
    }
    this.#looking = this.#lookOnce()
      .catch((error: unknown) => {
        this.#options.logger.error('later.not_looked', { reason: errorName(error) });
        this.#lookIn(STORE_FAILED_MS);
      })
      .finally(() => {
        this.#looking = null;
        if (!this.#again) return;
        this.#again = false;
        this.look();
      });
  }

  /** Somebody came online, or went. */
  seen(userId: string, online: boolean): void {
    if (!online) {
      this.#online.delete(userId);
      return;
    }
    // Also while nothing waits: a message may be set to wait for them before the store has heard.
    if (this.#online.size < MOST_ONLINE) this.#online.add(userId);
    this.peopleChanged();
  }

  /** Somebody may be known to be online who was not. */
  peopleChanged(): void {
    if (this.#all.some(({ at }) => at === null)) this.look();
  }

  /** The connection ended: nobody is known to be online. */
  away(): void {
    this.#online.clear();
  }

  /** The computer woke up, or its clock was set: asks the server for its time, then looks. */
  async wake(): Promise<void> {
    const connection = this.#options.connection();
    if (connection && this.#all.some(({ at }) => at !== null)) await connection.api.call('me', {});
    this.look();
  }

  #timeOf(when: LaterWhen): number | null {
    const { serverNow, clock } = this.#options;
    if (when.kind === 'online') return null;
    return when.kind === 'at' ? when.at : Math.round((serverNow() ?? clock.now()) + when.ms);
  }

  async #lookOnce(): Promise<void> {
    const { serverNow, logger } = this.#options;
    this.#timer?.();
    this.#timer = null;
    const now = serverNow();
    let released = 0;
    for (const { localId, chatId, at } of this.#all) {
      const isDue = at === null ? await this.#isOnline(chatId) : now !== null && at <= now;
      if (isDue && !this.#isStopped && (await this.#release(localId))) released += 1;
    }
    if (released > 0) {
      logger.info('later.released', { count: released });
      await this.#read();
      return;
    }
    const next = this.#all.find(({ at }) => at !== null)?.at ?? null;
    if (next !== null) this.#lookIn(now === null ? LOOK_MS : Math.min(next - now, LOOK_MS));
  }

  async #isOnline(chatId: string): Promise<boolean> {
    // Offline nothing can be known of anybody.
    if (!this.#options.connection()) return false;
    const peer = await this.#options.peerOf(chatId);
    return peer !== null && (peer.online === true || this.#online.has(peer.id));
  }

  async #release(localId: string): Promise<boolean> {
    const { store, clock, connection, serverNow, publish, onReleased } = this.#options;
    const queued = await store.releaseLater({
      localId,
      state: connection() ? 'queued' : 'waiting_auth',
      writtenAt: serverNow() ?? clock.now(),
      now: clock.now(),
    });
    if (!queued) return false;
    publish(queued.changes);
    onReleased();
    return true;
  }

  async #read(): Promise<void> {
    this.#all = await this.#options.store.laterMessages({});
    this.#tell();
    this.look();
  }

  #lookIn(ms: number): void {
    this.#timer?.();
    if (!this.#isStopped) this.#timer = this.#options.clock.after(Math.max(ms, 1), () => this.look());
  }

  #tell(): void {
    if (!this.#isStopped) this.#options.push.emit({ kind: 'later', messages: this.#all });
  }
}
