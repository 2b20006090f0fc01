import { expect, it } from 'vitest';
import { fail, ok } from '../../../../contract/model/errors.ts';
import { LIMITS } from '../../../../contract/model/limits.ts';
import type { Account } from '../../../../electron/main/services/accounts/account.ts';
import { messageCommands } from '../../../../electron/main/services/commands/messages.ts';
import { forwardSources } from '../../../../electron/main/services/store/ops/message-operations.ts';
import { enqueue } from '../../../../electron/main/services/store/ops/outbox/queue.ts';
import { ManualClock } from '../../../helpers/main-parts.ts';
import { arrive, CHAT, knowChat, message, openStore } from '../store/open-store.ts';

it.each([
  ['at the limit', LIMITS.content.max, ok({ sent: 2 })],
  ['longer than one may write, from a server that allows more', LIMITS.content.max + 1, 'too_large'],
] as const)('forwards all or nothing: a text %s', async (_what, length, expected) => {
  const store = openStore();
  knowChat(store.context);
  arrive(store.context, message(1), message(2, { content: 'x'.repeat(length) }));
  const written: string[] = [];
  const writer = {
    forwardSources: async (input: Parameters<typeof forwardSources>[1]) => forwardSources(store.context, input),
    enqueue: async (input: Parameters<typeof enqueue>[1]) => {
      written.push(input.text);
      return enqueue(store.context, input);
    },
  };
  let ids = 0;
  const account = {
    clock: new ManualClock(),
    serverNow: () => null,
    newMessageId: () => `l${String((ids += 1))}`,
    store: { writer },
    connection: null,
    outbox: { wake: () => undefined },
    publish: () => undefined,
    failpoint: () => undefined,
  } as unknown as Account;
  const result = await messageCommands.forward(account, {
    messageIds: [message(1).id, message(2).id],
    chatIds: [CHAT],
  });
  if (expected === 'too_large') {
    expect(result).toMatchObject(fail('too_large', 'a text is longer than a message may be'));
    expect(written).toEqual([]);
  } else expect(result).toEqual(expected);
  store.close();
});
