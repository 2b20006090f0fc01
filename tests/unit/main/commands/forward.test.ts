import { expect, it } from 'vitest';
import type { File } from '../../../../contract/api/file.ts';
import { ok } from '../../../../contract/model/errors.ts';
import { LIMITS, MOST_FILES } from '../../../../contract/model/limits.ts';
import type { Account } from '../../../../electron/main/services/accounts/account.ts';
import { messageCommands } from '../../../../electron/main/services/commands/messages.ts';
import { forwardSources } from '../../../../electron/main/services/store/ops/message-operations.ts';
import { enqueue } from '../../../../electron/main/services/store/ops/outbox/queue.ts';
import { ManualClock } from '../../../helpers/main-parts.ts';
import { arrive, CHAT, knowChat, message, openStore } from '../store/open-store.ts';

const attachments = (count: number): File[] =>
  Array.from({ length: count }, (_, n) => ({ id: `f${String(n)}`, name: 'a.txt', mimeType: 'text/plain', size: 1 }));

it.each([
  ['a text and files at their limits', LIMITS.content.max, MOST_FILES, null],
  ['a text longer than one may write, from a server that allows more', LIMITS.content.max + 1, 0, 'too_large'],
  ['more files than one may send', 1, MOST_FILES + 1, 'too_many_files'],
] as const)('forwards all or nothing: %s', async (_what, length, files, expected) => {
  const store = openStore();
  knowChat(store.context);
  arrive(store.context, message(1), message(2, { content: 'x'.repeat(length), attachments: attachments(files) }));
  const written: number[] = [];
  const writer = {
    forwardSources: async (input: Parameters<typeof forwardSources>[1]) => forwardSources(store.context, input),
    enqueue: async (input: Parameters<typeof enqueue>[1]) => {
      written.push(input.files.length);
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
  if (expected === null) {
    expect(result).toEqual(ok({ sent: 2 }));
    expect(written).toEqual([0, MOST_FILES]);
  } else {
    expect(result).toMatchObject({ ok: false, error: { code: expected } });
    expect(written).toEqual([]);
  }
  store.close();
});
