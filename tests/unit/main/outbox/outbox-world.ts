/** An outbox over a real store, without its thread, on a clock that the test moves and a line that answers by hand. */
import type { RouteInput, RouteName } from '../../../../contract/routes.ts';
import { Outbox, type OutboxConnection, type OutboxOptions } from '../../../../electron/main/services/outbox/outbox.ts';
import type { ApiOutcome, Clock } from '../../../../electron/main/services/ports.ts';
import { WRITER_OPERATIONS as ops } from '../../../../electron/main/services/store/operations.ts';
import { page } from '../../../../electron/main/services/store/ops/page-operations.ts';
import { recordingLogger, NO_TRANSFERS } from '../../../helpers/main-parts.ts';
import type { OpenStore } from '../store/open-store.ts';

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

export interface Sent {
  chatId: string;
  refuse(refusal: Refusal): void;
}

export interface OutboxWorld {
  outbox: Outbox;
  line: OutboxConnection;
  /** Requests that have left, in their order. */
  sent: Sent[];
}

/** Makes an outbox; nothing leaves before it is connected to `line`. */
export function outboxOver(store: OpenStore, clock: Clock, hasKeys = true): OutboxWorld {
  const sent: Sent[] = [];
  const outbox = new Outbox({
    store: storeOf(store),
    clock,
    random: () => 0.5,
    logger: recordingLogger(),
    publish: () => undefined,
    readHistory: async () => false,
    settleMs: 20_000,
    onFailpoint: () => undefined,
  });
  const line: OutboxConnection = {
    api: {
      ...NO_TRANSFERS,
      call: <N extends RouteName>(_route: N, input: RouteInput<N>) =>
        new Promise<ApiOutcome<never>>((resolve) => {
          const { chatId } = input.body as { chatId: string };
          sent.push({ chatId, refuse: (refusal) => resolve({ ok: false, ...refusal }) });
        }),
    },
    has: () => hasKeys,
    tokenRefused: () => undefined,
  };
  return { outbox, line, sent };
}

/** Writes a message into the outbox at the clock's time. */
export function write(store: OpenStore, chatId: string, localId: string, now: number): void {
  ops.enqueue(store.context, { localId, chatId, text: localId, replyTo: null, files: [], state: 'queued', now });
}

/** The last message of a chat as the page would show it. */
export function lastOf(store: OpenStore, chatId: string) {
  return page(store.context, { chatId, anchor: { at: 'latest' }, limit: 10 })?.items.at(-1);
}
