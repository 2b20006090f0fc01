import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Lock, waitAfter } from '../../../../electron/main/services/lock/lock.ts';
import { createSealedSecrets } from '../../../../electron/main/services/lock/sealed-secrets.ts';
import { isOpenWhileLocked, isToldWhileLocked } from '../../../../electron/main/services/lock/behind-lock.ts';
import { CHANNEL_NAMES } from '../../../../contract/ipc/channels.ts';
import { fail, ok, type Result } from '../../../../contract/model/errors.ts';
import { ManualClock, recordingLogger, secretStore } from '../../../helpers/main-parts.ts';

const PIN = '2580';
const MINUTE = 60_000;

/** A document in memory. */
function memoryDocument() {
  const state = { value: {} as Record<string, unknown>, isFull: false };
  return {
    state,
    read: () => structuredClone(state.value),
    write(value: Record<string, unknown>): Result<null> {
      if (state.isFull) return fail('storage_failed', 'full');
      state.value = structuredClone(value);
      return ok(null);
    },
  };
}

let document: ReturnType<typeof memoryDocument>;
let clock: ManualClock;
let logger: ReturnType<typeof recordingLogger>;
let idle: number;
let lockScreen: () => void;
let inCall: boolean;
const made: Lock[] = [];

function start(): Lock {
  const lock = new Lock({
    document,
    clock,
    logger,
    presence: {
      idleMs: () => idle,
      onScreenLocked: (run) => {
        lockScreen = run;
        return () => (lockScreen = () => undefined);
      },
    },
    inCall: () => inCall,
    cost: { N: 2 ** 10, r: 8, p: 1 },
  });
  made.push(lock);
  return lock;
}

beforeEach(() => {
  document = memoryDocument();
  clock = new ManualClock();
  logger = recordingLogger();
  [idle, inCall] = [0, false];
  lockScreen = () => undefined;
});
afterEach(() => made.splice(0).forEach((lock) => lock.close()));

async function locked(): Promise<Lock> {
  const lock = start();
  expect(await lock.set(PIN, null)).toMatchObject({ ok: true });
  expect(lock.lock()).toEqual({ ok: true, value: null });
  return lock;
}
const wrong = async (lock: Lock, times: number): Promise<void> => {
  for (let n = 0; n < times; n += 1) await lock.unlock('0000');
};

describe('the lock', () => {
  it('is off until there is a PIN', () => {
    const lock = start();
    expect(lock.view()).toEqual({ enabled: false, locked: false, idleMinutes: null, retryAt: null });
    expect(lock.lock()).toMatchObject({ ok: false, error: { code: 'bad_request' } });
    expect(lock.isLocked).toBe(false);
  });

  it('opens with the PIN and with nothing else', async () => {
    const lock = await locked();
    expect(await lock.unlock('2581')).toMatchObject({ ok: false, error: { code: 'wrong_pin' } });
    expect(lock.isLocked).toBe(true);
    expect(await lock.unlock(PIN)).toEqual({ ok: true, value: null });
    expect(lock.isLocked).toBe(false);
  });

  it('begins locked after a restart', async () => {
    const lock = start();
    await lock.set(PIN, null);
    const again = start();
    expect(again.isLocked).toBe(true);
    expect(await again.unlock(PIN)).toMatchObject({ ok: true });
  });

  it('keeps and logs nothing from which the PIN could be read', async () => {
    const lock = start();
    await lock.set('correct horse', null);
    lock.lock();
    await lock.unlock('wrong horse');
    const seen = JSON.stringify([document.state.value, logger.entries]);
    expect(seen).not.toMatch(/horse/);
    expect(JSON.stringify(document.state.value)).not.toContain(Buffer.from('correct horse').toString('base64'));
  });

  it('makes wrong PINs wait from the fifth on, over restarts and whatever the clock on the wall says', async () => {
    expect([0, 4, 5, 6, 7, 8, 9, 100].map(waitAfter)).toEqual(
      [0, 0, 0.5, 1, 5, 15, 60, 60].map((minutes) => minutes * MINUTE),
    );
    let lock = await locked();
    await wrong(lock, 5);
    expect(await lock.unlock(PIN)).toMatchObject({ ok: false, error: { code: 'rate_limited', retryAfterMs: 30_000 } });
    clock.advance(20_000);
    clock.set(24 * 60 * MINUTE);
    expect(await lock.unlock(PIN)).toMatchObject({ error: { code: 'rate_limited', retryAfterMs: 10_000 } });
    lock = start();
    expect(lock.view().retryAt).toBe(clock.now() + 30_000);
    expect(await lock.unlock(PIN)).toMatchObject({ error: { code: 'rate_limited', retryAfterMs: 30_000 } });
    clock.advance(30_000);
    expect(await lock.unlock('0000')).toMatchObject({ error: { code: 'wrong_pin', retryAfterMs: MINUTE } });
    clock.advance(MINUTE);
    expect(await lock.unlock(PIN)).toMatchObject({ ok: true });
    lock.lock();
    await wrong(lock, 4);
    expect(await lock.unlock(PIN)).toMatchObject({ ok: true });
  });

  it('counts each of many tries at once', async () => {
    const lock = await locked();
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => lock.unlock(String(1000 + n))));
    const codes = answers.map((answer) => (answer.ok ? 'ok' : answer.error.code));
    expect(codes.filter((code) => code === 'wrong_pin')).toHaveLength(5);
    expect(codes.filter((code) => code === 'rate_limited')).toHaveLength(15);
  });

  it('tries nothing that it cannot count', async () => {
    const lock = await locked();
    document.state.isFull = true;
    expect(await lock.unlock(PIN)).toMatchObject({ ok: false, error: { code: 'storage_failed' } });
    expect(lock.isLocked).toBe(true);
  });

  it('changes its PIN only for who knows it', async () => {
    const lock = start();
    await lock.set(PIN, null);
    expect(await lock.set('1111', null)).toMatchObject({ error: { code: 'wrong_pin' } });
    expect(await lock.set('1111', PIN)).toMatchObject({ ok: true });
    lock.lock();
    expect(await lock.unlock(PIN)).toMatchObject({ error: { code: 'wrong_pin' } });
    expect(await lock.unlock('1111')).toMatchObject({ ok: true });
  });

  it('locks when nobody is there, when the system locks, and never in a call', async () => {
    const lock = start();
    await lock.set(PIN, null);
    expect(lock.view().idleMinutes).toBe(15);
    lock.setIdle(5);
    idle = 5 * MINUTE - 1;
    clock.advance(10_000);
    expect(lock.isLocked).toBe(false);
    idle = 5 * MINUTE;
    inCall = true;
    clock.advance(10_000);
    expect(lock.isLocked).toBe(false);
    expect(lock.lock()).toMatchObject({ error: { code: 'call_busy' } });
    inCall = false;
    clock.advance(10_000);
    expect(lock.isLocked).toBe(true);
    await lock.unlock(PIN);
    lock.setIdle(null);
    idle = 100 * MINUTE;
    clock.advance(10_000);
    expect(lock.isLocked).toBe(false);
    lockScreen();
    expect(lock.isLocked).toBe(true);
    await lock.unlock(PIN);
    inCall = true;
    lockScreen();
    clock.advance(10_000);
    expect(lock.isLocked).toBe(false);
    inCall = false;
    clock.advance(10_000);
    expect(lock.isLocked).toBe(true);
  });
});

describe('what the key store keeps', () => {
  const kept = async (secrets: ReturnType<typeof createSealedSecrets>, token: string): Promise<string> => {
    const result = await secrets.encrypt(token);
    if (!result.ok) throw new Error(result.error.code);
    return result.value;
  };

  it('is sealed with the PIN, and can be read later while locked', async () => {
    const system = secretStore('strong');
    const lock = start();
    const secrets = createSealedSecrets(system, lock);
    const before = await kept(secrets, 'token-1');
    expect(await secrets.decrypt(before)).toMatchObject({ state: 'read', secret: 'token-1', renew: false });
    await lock.set(PIN, null);
    const sealed = await kept(secrets, 'token-2');
    // The system's key store alone is not enough.
    const inner = await system.decrypt(sealed);
    expect(inner.state === 'read' ? inner.secret : '').toMatch(/^pin1:/);
    expect(JSON.stringify(inner)).not.toContain('token-2');
    expect(await secrets.decrypt(sealed)).toMatchObject({ state: 'read', secret: 'token-2', renew: false });
    expect(await secrets.decrypt(before)).toMatchObject({ state: 'read', secret: 'token-1', renew: true });
    lock.lock();
    expect(await secrets.decrypt(sealed)).toEqual({ state: 'later' });
    expect(await secrets.decrypt(before)).toEqual({ state: 'later' });
    expect(await secrets.encrypt('token-3')).toMatchObject({ ok: false, error: { code: 'locked' } });
    const again = start();
    const after = createSealedSecrets(system, again);
    expect(await after.decrypt(sealed)).toEqual({ state: 'later' });
    await again.unlock(PIN);
    expect(await after.decrypt(sealed)).toMatchObject({ state: 'read', secret: 'token-2' });
    await again.set('another', PIN);
    expect(await after.decrypt(sealed)).toMatchObject({ state: 'read', secret: 'token-2' });
  });

  it('is unsealed before the lock ends, and lost with a forgotten PIN', async () => {
    const lock = start();
    const secrets = createSealedSecrets(secretStore('strong'), lock);
    await lock.set(PIN, null);
    const sealed = await kept(secrets, 'token');
    expect(await lock.off('0000', async () => undefined)).toMatchObject({ error: { code: 'wrong_pin' } });
    let plain = '';
    expect(await lock.off(PIN, async () => void (plain = await kept(secrets, 'token')))).toMatchObject({ ok: true });
    expect(lock.enabled).toBe(false);
    expect(await secrets.decrypt(plain)).toMatchObject({ state: 'read', secret: 'token', renew: false });
    expect(await secrets.decrypt(sealed)).toEqual({ state: 'lost' });
    expect(document.state.value).toEqual({});
  });
});

describe('a locked page', () => {
  it('may ask and hear only what the lock screen needs', () => {
    expect(CHANNEL_NAMES.filter(isOpenWhileLocked)).toEqual([
      'app.ready',
      'app.shown',
      'desktop.showMenu',
      'lock.unlock',
      'lock.forgot',
    ]);
    const chats = { accountId: 'a', event: { kind: 'chats' as const, upserts: [], removed: [] } };
    expect(isToldWhileLocked(chats)).toBe(false);
    expect(isToldWhileLocked({ kind: 'unread', unread: { messages: 1, chats: 1 } })).toBe(false);
    expect(isToldWhileLocked({ kind: 'lock', lock: start().view() })).toBe(true);
  });
});
