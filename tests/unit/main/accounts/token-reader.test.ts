/** Reading a kept token back from key stores that answer, that answer later, and that never do. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { SecretRead } from '../../../../electron/main/services/ports.ts';
import { TokenReader } from '../../../../electron/main/services/accounts/token-reader.ts';
import { createWaitingConnection } from '../../../../electron/main/services/accounts/waiting-connection.ts';
import { ManualClock, recordingLogger, secretStore } from '../../../helpers/main-parts.ts';

const LATER: SecretRead = { state: 'later' };
const READ: SecretRead = { state: 'read', secret: 'token', renew: false };

let clock: ManualClock;
let asked: PromiseWithResolvers<SecretRead>[];
let kept: string[];
beforeEach(() => {
  clock = new ManualClock(1_000_000);
  asked = [];
  kept = [];
});

function reader(): TokenReader {
  const secrets = {
    ...secretStore('strong'),
    decrypt: (text: string) => {
      kept.push(text);
      const answer = Promise.withResolvers<SecretRead>();
      asked.push(answer);
      return answer.promise;
    },
  };
  return new TokenReader('what was kept', { secrets, clock, logger: recordingLogger() });
}
const turns = async (): Promise<void> => {
  for (let n = 0; n < 10; n += 1) await Promise.resolve();
};
async function answer(read: SecretRead): Promise<void> {
  asked.at(-1)?.resolve(read);
  await turns();
}

describe('a kept token', () => {
  it.each([READ, { state: 'lost' }] as SecretRead[])(
    'that comes at once settles with the first try: %j',
    async (read) => {
      const one = reader();
      expect(kept).toEqual(['what was kept']);
      await answer(read);
      expect(await one.first).toEqual(read);
      expect(await one.settled).toEqual(read);
      expect(clock.pending).toBe(0);
      expect(one.nextTryAt).toBeNull();
    },
  );

  it('that comes later is asked for again, ever more slowly, and each wait is told', async () => {
    const one = reader();
    let changes = 0;
    one.onChange(() => {
      changes += 1;
    });
    let settled: unknown = null;
    void one.settled.then((read) => (settled = read));
    await answer(LATER);
    expect(await one.first).toEqual(LATER);
    for (const [n, pause] of [2_000, 5_000, 15_000, 60_000, 60_000, 60_000].entries()) {
      expect(one.nextTryAt).toBe(clock.now() + pause);
      clock.advance(pause - 1);
      expect(asked).toHaveLength(n + 1);
      clock.advance(1);
      expect(asked).toHaveLength(n + 2);
      // While the key store thinks, nobody can say when it is asked again.
      expect(one.nextTryAt).toBeNull();
      await answer(LATER);
    }
    expect(changes).toBe(13);
    expect(settled).toBeNull();
    one.nudge();
    await answer(READ);
    expect(settled).toEqual(READ);
    expect(clock.pending).toBe(0);
  });

  it('is asked for at once when something says that it may come now, and not twice at once', async () => {
    const one = reader();
    one.nudge();
    expect(asked).toHaveLength(1);
    await answer(LATER);
    one.nudge();
    one.nudge();
    expect(asked).toHaveLength(2);
    expect(clock.pending).toBe(0);
  });

  it('is not asked for any more after the end, and never settles then', async () => {
    const one = reader();
    let settled: unknown = null;
    void one.settled.then((read) => (settled = read));
    await answer(LATER);
    one.stop();
    expect(clock.pending).toBe(0);
    const other = reader();
    void other.settled.then((read) => (settled = read));
    other.stop();
    await answer(READ);
    expect(settled).toBeNull();
    expect(await other.first).toEqual(READ);
  });
});

describe('the line of an account whose token is not read yet', () => {
  it('says so to every request, is closed, and has the key store asked by a nudge', async () => {
    const one = reader();
    const { api, socket } = createWaitingConnection(one);
    expect(await api.call('me', {})).toMatchObject({
      ok: false,
      error: { code: 'secret_store_failed' },
      effect: 'not_stored',
    });
    expect([socket.state, socket.reason, socket.nextTryAt]).toEqual(['closed', 'secret_store_failed', null]);
    expect(socket.send({ type: 'message:read', data: { chatId: 'c', messageId: 'm' } })).toBe(false);
    let changes = 0;
    const undo = socket.onState(() => {
      changes += 1;
    });
    await answer(LATER);
    expect([changes, socket.nextTryAt]).toEqual([1, clock.now() + 2_000]);
    undo();
    socket.nudge();
    expect([changes, asked.length]).toEqual([1, 2]);
    for (const run of [
      socket.onOpen(() => undefined),
      socket.onFrame(() => undefined),
      socket.onClose(() => undefined),
    ])
      expect(run()).toBeUndefined();
    socket.start();
    await answer(LATER);
    socket.stop();
    expect(clock.pending).toBe(0);
  });
});
