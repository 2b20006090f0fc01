/** An outbox over a real store, without its thread, on a clock that the test moves and a line that answers by hand. */
import { setImmediate as turn } from 'node:timers/promises';
import type { Message } from '../../../../contract/api/message.ts';
import type { RouteInput, RouteName } from '../../../../contract/routes.ts';
import {
  Outbox,
  type OutboxConnection,
  type OutboxOptions,
  type OutboxFailpoint,
} from '../../../../electron/main/services/outbox/outbox.ts';
import type { ApiOptions, ApiOutcome } from '../../../../electron/main/services/ports.ts';
import { WRITER_OPERATIONS as ops } from '../../../../electron/main/services/store/operations.ts';
import { page } from '../../../../electron/main/services/store/ops/page-operations.ts';
import type { ChangeSet } from '../../../../electron/main/services/store/protocol.ts';
import { type ManualClock, NO_TRANSFERS, recordingLogger } from '../../../helpers/main-parts.ts';
import { ME, message, type OpenStore } from '../store/open-store.ts';

/** The store's operations without their thread, as the promises that the outbox knows. */
function storeOf({ context }: OpenStore): OutboxOptions['store'] {
  return {
    outboxHeads: async (input) => ops.outboxHeads(context, input),
    beginAttempt: async (input) => ops.beginAttempt(context, input),
    endAttempt: async (input) => ops.endAttempt(context, input),
    acknowledge: async (input) => ops.acknowledge(context, input),
    reconcile: async (input) => ops.reconcile(context, input),
    recoverOutbox: async (input) => ops.recoverOutbox(context, input),
    retryOutboxNow: async (input) => ops.retryOutboxNow(context, input),
    switchAuth: async (input) => ops.switchAuth(context, input),
    anchorOf: async (input) => ops.anchorOf(context, input),
  };
}

/** How a request ends that brought no message. */
export type Refusal = Omit<Extract<ApiOutcome<never>, { ok: false }>, 'ok'>;

export const AWAY: Refusal = { error: { code: 'server_unreachable', message: '' }, effect: 'not_stored' };
/** The request has left, and nobody knows what became of it. */
export const LOST: Refusal = { error: { code: 'server_timeout', message: '' }, effect: 'unknown' };

/** One request that has left. */
export interface Sent {
  route: string;
  chatId: string;
  body: Record<string, unknown>;
  options: ApiOptions;
  /** The server's answer; the message is what was sent unless it says otherwise. */
  accept(more?: Partial<Message>): void;
  refuse(refusal: Refusal): void;
}

export interface OutboxWorld {
  outbox: Outbox;
  line: OutboxConnection;
  /** Requests that have left, in their order. */
  sent: Sent[];
  steps: OutboxFailpoint[];
  published: ChangeSet[];
  logger: ReturnType<typeof recordingLogger>;
  /** What the outbox asked of the history. */
  reads: { chatId: string; after: { at: number; tie: string } }[];
  /** How often a line was told that its token is refused. */
  refusedTokens(): number;
}

export interface WorldOptions {
  hasKeys?: boolean;
  /** Answers a question of the history; not to know is the default. */
  readHistory?: OutboxOptions['readHistory'];
  /** Stands in for some of the store's operations. */
  store?: Partial<OutboxOptions['store']>;
  random?: () => number;
  /** Hears each named moment as it comes. */
  onFailpoint?: (step: OutboxFailpoint) => void;
}

/** Makes an outbox; nothing leaves before it is connected to `line`. */
export function outboxOver(store: OpenStore, clock: ManualClock, options: WorldOptions = {}): OutboxWorld {
  const sent: Sent[] = [];
  const steps: OutboxFailpoint[] = [];
  const published: ChangeSet[] = [];
  const reads: OutboxWorld['reads'] = [];
  const logger = recordingLogger();
  let refusedTokens = 0;
  const outbox = new Outbox({
    store: { ...storeOf(store), ...options.store },
    clock,
    random: options.random ?? (() => 0.5),
    logger,
    publish: (changes) => void published.push(changes),
    readHistory: async (chatId, after) => {
      reads.push({ chatId, after });
      return (await options.readHistory?.(chatId, after)) ?? false;
    },
    settleMs: 20_000,
    onFailpoint: (step) => {
      steps.push(step);
      options.onFailpoint?.(step);
    },
  });
  const line: OutboxConnection = {
    api: {
      ...NO_TRANSFERS,
      call: <N extends RouteName>(route: N, input: RouteInput<N>, apiOptions: ApiOptions = {}) =>
        new Promise<ApiOutcome<never>>((resolve) => {
          const body = input.body as Record<string, unknown>;
          const chatId = String(body['chatId']);
          const answer = (more: Partial<Message>): unknown => ({
            message: message(sent.length, { chatId, senderId: ME, content: String(body['content']), ...more }),
          });
          sent.push({
            route,
            chatId,
            body,
            options: apiOptions,
            accept: (more = {}) => resolve({ ok: true, status: 201, value: answer(more) as never }),
            refuse: (refusal) => resolve({ ok: false, ...refusal }),
          });
        }),
    },
    has: (capability) => capability === 'idempotency' && (options.hasKeys ?? true),
    tokenRefused: () => {
      refusedTokens += 1;
    },
  };
  return { outbox, line, sent, steps, published, logger, reads, refusedTokens: () => refusedTokens };
}

/** Lets everything run that needs no time: the store has no thread here, so a few turns are all that there is. */
export async function settle(turns = 10): Promise<void> {
  for (let n = 0; n < turns; n += 1) await turn();
}

/** Writes a message into the outbox at the clock's time. */
export function write(
  store: OpenStore,
  chatId: string,
  localId: string,
  now: number,
  more: { replyTo?: string; text?: string; files?: string[] } = {},
): void {
  ops.enqueue(store.context, {
    localId,
    chatId,
    text: more.text ?? localId,
    replyTo: more.replyTo ?? null,
    files: more.files ?? [],
    state: 'queued',
    now,
  });
}

/** A message that the person takes back. */
export function takeBack(store: OpenStore, localId: string, now: number): void {
  ops.cancel(store.context, { localId, now });
}

/** A failed message that the person sends again. */
export function sendAgain(store: OpenStore, localId: string, now: number): void {
  ops.resend(store.context, { localId, now });
}

/** What the details of a message say: how often it was tried, and when it is next. */
export function detailsOf(store: OpenStore, key: string) {
  return ops.details(store.context, { key });
}

/** The last message of a chat as the page would show it. */
export function lastOf(store: OpenStore, chatId: string) {
  return page(store.context, { chatId, anchor: { at: 'latest' }, limit: 10 })?.items.at(-1);
}

/** A message as the page would show it, by the key it was written with. */
export function shown(store: OpenStore, chatId: string, localId: string) {
  return page(store.context, { chatId, anchor: { at: 'latest' }, limit: 50 })?.items.find(({ key }) => key === localId);
}
