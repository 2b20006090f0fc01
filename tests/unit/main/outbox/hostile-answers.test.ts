/** Answers that a relay could drive the outbox in circles with: requests are counted in the time of an injected clock. */
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Outbox, type OutboxOptions } from '../../../../electron/main/services/outbox/outbox.ts';
import type { AccountContext, ApiOutcome } from '../../../../electron/main/services/ports.ts';
import { WRITER_OPERATIONS } from '../../../../electron/main/services/store/operations.ts';
import { enqueue } from '../../../../electron/main/services/store/ops/outbox/queue.ts';
import { ManualClock, recordingLogger } from '../../../helpers/main-parts.ts';
import { CHAT, knowChat, message, NOW, openStore, type OpenStore } from '../store/open-store.ts';

let store: OpenStore;
beforeEach(() => {
  store = openStore();
  knowChat(store.context);
});
afterEach(() => store.close());

const refused = (retryAfterMs: number): ApiOutcome<never> => ({
  ok: false,
  error: { code: 'rate_limited', message: '', retryAfterMs },
  effect: 'not_stored',
});

describe('in a minute of', () => {
  it.each([
    ['“again, at once”', () => refused(0)],
    [
      'another chat’s message in answer',
      () => ({ ok: true, status: 201, value: { message: message(1, { chatId: 'x' }) } }),
    ],
  ] as const)('%s: 20 requests at most', async (_what, answer) => {
    const clock = new ManualClock(NOW);
    let requests = 0;
    const outbox = new Outbox({
      store: new Proxy({} as OutboxOptions['store'], {
        get: (_target, name) => {
          const operation = Reflect.get(WRITER_OPERATIONS, name) as (context: unknown, input: unknown) => unknown;
          return async (input: unknown) => operation(store.context, input);
        },
      }),
      clock,
      random: () => 0.5,
      logger: recordingLogger(),
      publish: () => undefined,
      readHistory: async () => true,
      settleMs: 20_000,
      onFailpoint: () => undefined,
    });
    const line = {
      api: {
        call: async () => {
          requests += 1;
          await turn();
          return answer();
        },
      },
      has: () => true,
      tokenRefused: () => undefined,
    } as unknown as AccountContext;
    enqueue(store.context, {
      localId: 'l1',
      chatId: CHAT,
      text: 'x',
      replyTo: null,
      files: [],
      state: 'queued',
      now: NOW,
    });
    await outbox.connect(line);
    for (let step = 0; step < 600; step += 1) {
      for (let n = 0; n < 8; n += 1) await turn();
      clock.advance(100);
    }
    await outbox.stop();
    expect(requests).toBeGreaterThan(1);
    expect(requests).toBeLessThanOrEqual(20);
  });
});
