/** How a token may be kept: by what the key store is worth, and by what the person said. */
import { beforeEach, describe, expect, it } from 'vitest';
import { fail } from '../../../../contract/model/errors.ts';
import { startKeeping, storageOf, type Kept } from '../../../../electron/main/services/accounts/token-keeper.ts';
import { ManualClock, recordingLogger, secretStore, type TestSecretStore } from '../../../helpers/main-parts.ts';

let clock: ManualClock;
let heard: Kept[];
beforeEach(() => {
  clock = new ManualClock();
  heard = [];
});
const turns = async (): Promise<void> => {
  for (let n = 0; n < 10; n += 1) await Promise.resolve();
};
function keep(secrets: TestSecretStore, keepWeakly: boolean | null) {
  const logger = recordingLogger();
  const stop = startKeeping('token', keepWeakly, { secrets, clock, logger }, (kept) => heard.push(kept));
  return { logger, stop };
}
const inMemory = (storage: string) => ({ token: null, weak: false, storage });

describe('a token', () => {
  it('is kept by a strong key store, whatever was said of weak ones', async () => {
    for (const said of [null, true, false]) {
      keep(secretStore('strong'), said);
      await turns();
      expect(heard.at(-1)).toMatchObject({ weak: false, storage: 'strong' });
    }
    const token = heard[0]?.token ?? '';
    expect(token).not.toBe('');
    expect(token).not.toContain('token');
    expect(await secretStore('strong').decrypt(token)).toEqual({ state: 'read', secret: 'token', renew: false });
    expect(clock.pending).toBe(0);
  });

  it.each([
    [null, inMemory('weak_memory')],
    [false, inMemory('weak_memory')],
    [true, { weak: true, storage: 'weak_kept' }],
  ])('is kept by a weak one only on the person’s word (%s)', async (said, kept) => {
    const secrets = secretStore('weak');
    keep(secrets, said);
    await turns();
    expect(heard).toMatchObject([kept]);
    expect(secrets.asked.encrypt).toBe(said === true ? 1 : 0);
    expect(clock.pending).toBe(0);
  });

  it('lives in memory where there is none, which is asked again three times, ever later', async () => {
    const secrets = secretStore('unavailable');
    keep(secrets, null);
    await turns();
    for (const [n, pause] of [5_000, 30_000, 120_000].entries()) {
      expect(heard).toHaveLength(n + 1);
      clock.advance(pause - 1);
      await turns();
      expect(heard).toHaveLength(n + 1);
      clock.advance(1);
      await turns();
    }
    expect(heard).toEqual(Array.from({ length: 4 }, () => inMemory('unavailable')));
    expect(secrets.asked.encrypt).toBe(0);
    expect(clock.pending).toBe(0);
  });

  it('is kept after all when the key store takes it later', async () => {
    const secrets = secretStore('strong');
    const encrypt = secrets.encrypt.bind(secrets);
    let isLocked = true;
    secrets.encrypt = async (text) => (isLocked ? fail('secret_store_failed', 'locked') : encrypt(text));
    const { logger } = keep(secrets, null);
    await turns();
    expect(heard).toEqual([inMemory('unavailable')]);
    expect(logger.of('sign_in.token_not_kept')).toMatchObject([
      { level: 'error', fields: { code: 'secret_store_failed' } },
    ]);
    isLocked = false;
    clock.advance(5_000);
    await turns();
    expect(heard.at(-1)).toMatchObject({ storage: 'strong', weak: false });
    expect(clock.pending).toBe(0);
  });

  it('that is not wanted any more is not kept, and nobody hears of it', async () => {
    const { stop } = keep(secretStore('strong'), null);
    stop();
    await turns();
    expect(heard).toEqual([]);
    const again = keep(secretStore('unavailable'), null);
    await turns();
    again.stop();
    expect(clock.pending).toBe(0);
  });
});

describe('how a token would be kept', () => {
  it.each([
    ['strong', null, 'strong'],
    ['unavailable', true, 'unavailable'],
    ['weak', null, 'weak_memory'],
    ['weak', false, 'weak_memory'],
    ['weak', true, 'weak_kept'],
  ] as const)('by a key store that is %s, told %s: %s', async (strength, said, storage) => {
    expect(await storageOf(secretStore(strength), said)).toBe(storage);
  });
});
