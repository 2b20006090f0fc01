/** Open accounts on real stores, whose sign-ins, sockets and servers are moved by hand. */
import { join } from 'node:path';
import type { AccountEvent, AccountEventOf } from '../../../../contract/ipc/push.ts';
import type { ServerFrame, ServerFrameOf } from '../../../../contract/ws/server-frames.ts';
import type { ClientFrame } from '../../../../contract/ws/client-frames.ts';
import type { ErrorCode } from '../../../../contract/model/errors.ts';
import { Emitter } from '../../../../electron/main/lib/emitter.ts';
import { createAccounts, type AccountsOptions } from '../../../../electron/main/services/accounts/accounts.ts';
import { CallLine } from '../../../../electron/main/services/calls/call-line.ts';
import { MediaCache } from '../../../../electron/main/services/files/media-cache.ts';
import { UploadSlots } from '../../../../electron/main/services/files/slots.ts';
import type { AccountContext, RelaySocket, SocketState } from '../../../../electron/main/services/ports.ts';
import { DEFAULT_SETTINGS } from '../../../../electron/main/services/settings/settings-service.ts';
import { WORKER_URL } from '../../../helpers/data-world.ts';
import { filesSystem, ManualClock, ownFolder, recordingLogger, until } from '../../../helpers/main-parts.ts';

export const ANNA = 'http://one.test anna';
export const BORIS = 'http://two.test boris';

type Logger = ReturnType<typeof recordingLogger>;

/** A socket whose every word the test says. */
export class HandSocket implements RelaySocket {
  state: SocketState = 'connecting';
  nextTryAt: number | null = null;
  reason: ErrorCode | null = null;
  readonly sent: ClientFrame[] = [];
  nudged = 0;
  readonly #states: Emitter<[]>;
  readonly #opens: Emitter<[ServerFrameOf<'auth:success'>['data']]>;
  readonly #frames: Emitter<[ServerFrame, number]>;
  readonly #closes: Emitter<[]>;

  constructor(logger: Logger) {
    this.#states = new Emitter('state', logger);
    this.#opens = new Emitter('open', logger);
    this.#frames = new Emitter('frame', logger);
    this.#closes = new Emitter('close', logger);
  }

  onState = (run: () => void) => this.#states.on(run);
  onOpen = (run: (hello: ServerFrameOf<'auth:success'>['data']) => void) => this.#opens.on(run);
  onFrame = (run: (frame: ServerFrame, chars: number) => void) => this.#frames.on(run);
  onClose = (run: () => void) => this.#closes.on(run);

  send(frame: ClientFrame): boolean {
    if (this.state !== 'open') return false;
    this.sent.push(frame);
    return true;
  }

  nudge(): void {
    this.nudged += 1;
  }

  become(state: SocketState, reason: ErrorCode | null = null): void {
    Object.assign(this, { state, reason });
    this.#states.emit();
  }

  open(userId: string): void {
    this.become('open');
    this.#opens.emit({ userId, username: userId, epoch: 'e', seq: 0 });
  }

  frame(frame: ServerFrame): void {
    this.#frames.emit(frame, 200);
  }

  close(): void {
    this.become('closed');
    this.#closes.emit();
  }
}

/** Starts it; `end` closes the accounts and removes their files. */
export async function accountsWorld(more: Partial<AccountsOptions> = {}) {
  const { folder, remove } = await ownFolder();
  const logger = recordingLogger();
  const clock = new ManualClock(1_760_000_000_000);
  const opened = new Emitter<[AccountContext, boolean]>('opened', logger);
  const closed = new Emitter<[string, boolean]>('closed', logger);
  const expired = new Emitter<[string]>('expired', logger);
  const online = new Emitter<[]>('online', logger);
  const resumed = new Emitter<[]>('resumed', logger);
  const changed = new Emitter<[typeof DEFAULT_SETTINGS]>('changed', logger);
  const events: { accountId: string; event: AccountEvent }[] = [];
  const counts: [string, unknown][] = [];
  const requests: string[] = [];
  /** Answers by route; anything else is refused as if the server were away. */
  const answers = new Map<string, unknown>();
  const refusals: string[] = [];
  const cache = new MediaCache({ folder: join(folder, 'media'), limit: 2 ** 20, clock, logger });
  const accounts = createAccounts({
    signIn: {
      onOpened: (run) => opened.on(run),
      onClosed: (run) => closed.on(run),
      onExpired: (run) => expired.on(run),
    },
    push: { account: (accountId, event) => void events.push({ accountId, event }) },
    clock,
    random: () => 0,
    logger,
    power: { onBattery: () => false, onOnline: (run) => online.on(run), onResume: (run) => resumed.on(run) },
    files: { slots: new UploadSlots(3), cache, system: filesSystem(join(folder, 'downloads')) },
    calls: { line: new CallLine(), device: 'test-device', answerMs: 8_000, onMedia: () => undefined },
    userDataDir: folder,
    workerUrl: WORKER_URL,
    settings: { view: () => ({ ...DEFAULT_SETTINGS, language: 'en' }), onChanged: (run) => changed.on(run) },
    onCounts: (accountId, all) => void counts.push([accountId, all]),
    ...more,
  });

  /** What sign-in hands over. */
  function contextOf(accountId: string, serverNow: number | null = null) {
    const socket = new HandSocket(logger);
    const [server = '', userId = ''] = accountId.split(' ');
    const user = { id: userId, username: userId, name: userId, firstName: userId, lastName: '', avatarUrl: null };
    const context = {
      account: { id: accountId, server, user },
      socket,
      serverTime: { now: () => serverNow, aheadMs: () => 0 },
      has: () => true,
      tokenRefused: () => void refusals.push(accountId),
      meChanged: () => undefined,
      api: {
        call: async (route: string) => {
          requests.push(route);
          if (answers.has(route)) return { ok: true, value: answers.get(route), status: 200 };
          return { ok: false, error: { code: 'server_unreachable', message: '' }, effect: 'not_stored' };
        },
      },
    } as unknown as AccountContext;
    return { context, socket };
  }

  const kindsOf = (accountId: string) =>
    events.filter((one) => one.accountId === accountId).map(({ event }) => event.kind);
  return {
    accounts,
    folder,
    logger,
    clock,
    cache,
    events,
    counts,
    requests,
    answers,
    refusals,
    contextOf,
    kindsOf,
    last: <K extends AccountEvent['kind']>(kind: K) =>
      events.map(({ event }) => event).findLast((event): event is AccountEventOf<K> => event.kind === kind),
    signIn: { opened, closed, expired },
    power: { online, resumed },
    changed,
    /** Opens an account as sign-in does, and waits until its store has been read. */
    async open(accountId: string, isOnline = true) {
      const { context, socket } = contextOf(accountId);
      const before = counts.length;
      const isNew = accounts.get(accountId) === null;
      opened.emit(context, isOnline);
      if (isNew) await until('its store has been read', () => counts.length > before);
      const account = accounts.get(accountId);
      if (!account) throw new Error('the account is not open');
      return { account, socket, context };
    },
    async end() {
      await accounts.close();
      await cache.close();
      await remove();
    },
  };
}
