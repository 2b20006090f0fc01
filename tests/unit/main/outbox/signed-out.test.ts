import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RouteName } from '../../../../contract/routes.ts';
import { Outbox, type OutboxOptions } from '../../../../electron/main/services/outbox/outbox.ts';
import type { AccountContext, ApiOutcome } from '../../../../electron/main/services/ports.ts';
import * as ops from '../../../../electron/main/services/store/ops/outbox.ts';
import { page } from '../../../../electron/main/services/store/ops/pages.ts';
import { ManualClock, recordingLogger, until } from '../../../helpers/main-parts.ts';
import { CHAT, knowChat, NOW, openStore, type OpenStore } from '../store/open-store.ts';

/** The store's operations without their thread, as the promises that the outbox knows. */
function storeOf({ context }: OpenStore): OutboxOptions['store'] {
  return {
    outboxHeads: async (input) => ops.outboxHeads(context, input),
    beginAttempt: async (input) => ops.beginAttempt(context, input),
    endAttempt: async (input) => ops.endAttempt(context, input),
    acknowledge: async (input) => ops.acknowledge(context, input),
    reconcile: async (input) => ops.reconcile(context, input),
    recoverOutbox: async (input) => ops.recoverOutbox(context, input),
    hurryOutbox: async (input) => ops.hurryOutbox(context, input),
    switchAuth: async (input) => ops.switchAuth(context, input),
    anchorOf: async (input) => ops.anchorOf(context, input),
  };
}

describe('a request under way when the token ends', () => {
  let store: OpenStore;
  beforeEach(() => {
    store = openStore();
    knowChat(store.context);
  });
  afterEach(() => store.close());

  const state = () => page(store.context, { chatId: CHAT, anchor: { at: 'latest' }, limit: 10 })?.items[0]?.state;

  it.each([
    ['was certainly not stored', 'not_stored', 'server_unreachable'],
    ['brought no answer', 'unknown', 'server_timeout'],
  ] as const)('%s: it waits for the sign-in like the others', async (_what, effect, code) => {
    const answers: ((outcome: ApiOutcome<never>) => void)[] = [];
    const outbox = new Outbox({
      store: storeOf(store),
      clock: new ManualClock(NOW),
      random: () => 0.5,
      logger: recordingLogger(),
      publish: () => undefined,
      readHistory: async () => false,
      settleMs: 20_000,
      onStep: () => undefined,
    });
    const line: Pick<AccountContext, 'api' | 'has' | 'tokenRefused'> = {
      api: {
        call: <N extends RouteName>(_route: N) => new Promise<ApiOutcome<never>>((resolve) => answers.push(resolve)),
      },
      has: () => true,
      tokenRefused: () => undefined,
    };
    await outbox.connect(line);
    ops.enqueue(store.context, {
      localId: 'l1',
      chatId: CHAT,
      text: 'hello',
      replyTo: null,
      files: [],
      state: 'queued',
      now: NOW,
    });
    outbox.wake();
    await until('the request left', () => answers.length === 1);
    await outbox.disconnect();
    expect(state()).toBe('sending');
    answers[0]?.({ ok: false, error: { code, message: '' }, effect });
    await until('it waits', () => state() === 'waiting_auth');
    await outbox.connect(line);
    await until('it left again', () => answers.length === 2);
    const stopped = outbox.stop();
    answers[1]?.({ ok: false, error: { code, message: '' }, effect });
    await stopped;
  });
});
