/** Sync on a real store without its thread, at a relay that follows a script, in time that the test moves. */
import { setImmediate as turn } from 'node:timers/promises';
import type { Capability } from '../../../../contract/api/capabilities.ts';
import type { AccountEvent } from '../../../../contract/ipc/push.ts';
import type { ErrorCode } from '../../../../contract/model/errors.ts';
import type { RouteName } from '../../../../contract/routes.ts';
import type { ServerFrame, ServerFrameOf } from '../../../../contract/ws/server-frames.ts';
import { Emitter } from '../../../../electron/main/lib/emitter.ts';
import type { AccountContext, ApiOutcome, RelaySocket } from '../../../../electron/main/services/ports.ts';
import type { WriterApi } from '../../../../electron/main/services/store/operations.ts';
import type { ChangeSet } from '../../../../electron/main/services/store/protocol.ts';
import { History } from '../../../../electron/main/services/sync/history.ts';
import { routeFrame } from '../../../../electron/main/services/socket/frame-router.ts';
import { TypingTracker } from '../../../../electron/main/services/sync/typing.ts';
import { Sync, type SyncMode } from '../../../../electron/main/services/sync/sync.ts';
import { ManualClock, recordingLogger } from '../../../helpers/main-parts.ts';
import { ME, NOW, openStore, writerOf } from '../store/open-store.ts';

type Hello = ServerFrameOf<'auth:success'>['data'];

/** What the relay answers; `undefined` leaves a request without an answer for ever. */
export type Script = (
  route: RouteName,
  input: { query?: Record<string, unknown>; params?: Record<string, string> },
) => unknown;

/** A refusal, as the REST client tells of it. */
export class Refused {
  readonly outcome: Extract<ApiOutcome<never>, { ok: false }>;

  constructor(code: ErrorCode, retryAfterMs?: number) {
    const error = { code, message: '', ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
    this.outcome = { ok: false, error, effect: 'not_stored' };
  }
}

/** What a store's operation answers that stores nothing. */
export const NOTHING_CHANGED: ChangeSet = { messages: [], chats: [], stale: [], unread: null, failed: [], uploads: [] };
export const NOTHING_APPLIED = { changes: NOTHING_CHANGED, unknownChats: [], arrived: 0 };

/** An answer of which a part made no sense (`dropped`), or did not come (`cut`). */
export class Partly {
  readonly outcome: Extract<ApiOutcome<unknown>, { ok: true }>;

  constructor(value: unknown, more: { dropped?: number; cut?: boolean }) {
    this.outcome = { ok: true, value, status: 200, ...more };
  }
}

/** One request, as the relay gets it. */
export interface Asked {
  route: RouteName;
  query: Record<string, unknown>;
  params: Record<string, string>;
}

export interface ScriptedOptions {
  random?: () => number;
  /** The own request under way in a chat. */
  inFlight?: (chatId: string) => Promise<void> | null;
  /** Stands in for some of the store's operations. */
  store?: Partial<WriterApi>;
  /** How far the relay's clock is ahead. */
  clockAheadMs?: number;
}

/** Starts it; `capabilities` is what the relay announces. */
export function scripted(script: Script, capabilities: Capability[], more: ScriptedOptions = {}) {
  const store = openStore();
  const clock = new ManualClock(NOW);
  const logger = recordingLogger();
  const opened = new Emitter<[Hello]>('open', logger);
  const framed = new Emitter<[ServerFrame, number]>('frame', logger);
  const closed = new Emitter<[]>('close', logger);
  const requests: RouteName[] = [];
  const asked: Asked[] = [];
  const pushed: AccountEvent[] = [];
  const published: ChangeSet[] = [];
  const steps: string[] = [];
  const modes: SyncMode[] = [];
  const notices: string[] = [];
  let refused = 0;
  const writer = writerOf(() => store.context, more.store);
  const socket: RelaySocket = {
    state: 'open',
    nextTryAt: null,
    reason: null,
    onState: () => () => undefined,
    send: () => true,
    onOpen: (run) => opened.on(run),
    onFrame: (run) => framed.on(run),
    onClose: (run) => closed.on(run),
    nudge: () => undefined,
  };
  const context = {
    account: { id: 'account', server: 'http://127.0.0.1', user: {} },
    socket,
    serverTime: { now: () => null, aheadMs: () => more.clockAheadMs ?? 0 },
    has: (capability: Capability) => capabilities.includes(capability),
    tokenRefused: () => {
      refused += 1;
      closed.emit();
    },
    api: {
      async call(route: RouteName, input: Parameters<Script>[1]) {
        requests.push(route);
        asked.push({ route, query: input.query ?? {}, params: input.params ?? {} });
        // As a network does, though a fast one.
        await turn();
        const answer = script(route, input);
        if (answer === undefined) return new Promise(() => undefined);
        if (answer instanceof Refused) return answer.outcome;
        return answer instanceof Partly ? answer.outcome : { ok: true, value: answer, status: 200 };
      },
    },
  } as unknown as AccountContext;
  const publish = (changes: ChangeSet): void => void published.push(changes);
  const options = { store: writer, clock, logger, publish };
  const history = new History(options);
  const typing = new TypingTracker(clock, (chatId, users) => void pushed.push({ kind: 'typing', chatId, users }));
  const sync = new Sync({
    ...options,
    history,
    random: more.random ?? (() => 0),
    push: {
      emit: (event) => {
        pushed.push(event);
        if (event.kind === 'notice') notices.push(event.notice);
      },
    },
    inFlight: more.inFlight ?? (() => null),
    me: ME,
    typing,
    onMode: (mode) => modes.push(mode),
    onFailpoint: (step) => steps.push(step),
  });
  // As the account does.
  const nowhere = (): void => undefined;
  socket.onFrame((frame, chars) =>
    routeFrame(frame, chars, {
      sync: (event, size) => sync.event(event, size),
      typing: ({ type, data }) => {
        if (type === 'typing:stop') typing.stop(data.chatId, data.userId);
        else if (data.userId !== ME) typing.start(data.chatId, data.userId, data.username ?? data.userId);
      },
      calls: nowhere,
      refused: nowhere,
    }),
  );
  sync.start(context);

  /** Lets everything run that needs no time. A loop that needs none either is cut off here, and counted. */
  const settle = async (turns = 12): Promise<void> => {
    for (let n = 0; n < turns; n += 1) await turn();
  };
  return {
    store,
    clock,
    logger,
    sync,
    history,
    context,
    requests,
    /** The same with what they ask for. */
    asked,
    modes,
    notices,
    /** What the page was told. */
    pushed,
    published,
    steps,
    settle,
    get refused() {
      return refused;
    },
    count: (route: RouteName) => requests.filter((one) => one === route).length,
    hello: (more: Partial<Hello> = {}) => opened.emit({ userId: ME, username: 'me', epoch: 'e', seq: 10, ...more }),
    frame: (frame: ServerFrame, chars = 200) => framed.emit(frame, chars),
    close: () => closed.emit(),
    /** Moves the time on, a step of 100 ms after the other; `each` is what the relay does at each. */
    async run(seconds: number, each: (step: number) => void = () => undefined): Promise<void> {
      for (let step = 0; step < seconds * 10; step += 1) {
        each(step);
        await settle();
        clock.advance(100);
      }
      await settle();
    },
    end() {
      sync.stop();
      store.close();
    },
  };
}
