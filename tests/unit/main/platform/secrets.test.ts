/** The system's key store as the services see it, over the stand-in's `safeStorage` in each of its moods. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSecretStore } from '../../../../electron/main/platform/secrets.ts';
import { createSafeStorage } from '../../../../host/modules/safe-storage.ts';
import { SystemUi } from '../../../../host/system-ui.ts';
import type { KeyStoreMood } from '../../../../host/runtime.ts';
import { recordingLogger } from '../../../helpers/main-parts.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'relay-secrets-'));
});
afterEach(() => rm(folder, { recursive: true }));

function store(mood: KeyStoreMood, platform: NodeJS.Platform = 'linux') {
  const outside = new SystemUi();
  const logger = recordingLogger();
  const safeStorage = createSafeStorage({ mood, folder: () => folder, outside, isReady: () => true });
  return { outside, logger, secrets: openSecretStore(safeStorage, platform, logger) };
}

async function kept(): Promise<string> {
  const made = await store('strong').secrets.encrypt('a token');
  if (!made.ok) throw new Error('not encrypted');
  return made.value;
}

describe('how well a secret is kept', () => {
  it.each([
    ['strong', 'linux', 'strong'],
    ['strong', 'darwin', 'strong'],
    ['weak', 'linux', 'weak'],
    // The same prefix, with a real key from the key chain.
    ['weak', 'darwin', 'strong'],
    ['unavailable', 'linux', 'unavailable'],
    ['refusing', 'linux', 'unavailable'],
    ['refusing', 'win32', 'unavailable'],
    ['refusing', 'darwin', 'unavailable'],
  ] as const)('a key store that is %s on %s: %s', async (mood, platform, expected) => {
    expect(await store(mood, platform).secrets.strength()).toBe(expected);
  });

  it('is unavailable where what was encrypted cannot be read back', async () => {
    const halves = {
      isAsyncEncryptionAvailable: async () => true,
      encryptStringAsync: async (text: string) => Buffer.from(text),
      decryptStringAsync: async () => ({ result: 'something else', shouldReEncrypt: false }),
    };
    expect(await openSecretStore(halves, 'win32', recordingLogger()).strength()).toBe('unavailable');
  });
});

describe('a kept secret', () => {
  it('comes back, and says when it should be kept anew', async () => {
    expect(await store('strong').secrets.decrypt(await kept())).toEqual({
      state: 'read',
      secret: 'a token',
      renew: false,
    });
    const weakly = await store('weak').secrets.encrypt('a token');
    const read = await store('strong').secrets.decrypt(weakly.ok ? weakly.value : '');
    expect(read).toEqual({ state: 'read', secret: 'a token', renew: true });
  });

  it('is lost where the key store works and cannot read it', async () => {
    const { secrets } = store('strong');
    expect(await secrets.decrypt(Buffer.from('v11 of another computer, long enough').toString('base64'))).toEqual({
      state: 'lost',
    });
    // Nothing decrypts to nothing: that is no token.
    expect(await secrets.decrypt('')).toEqual({ state: 'lost' });
  });

  it.each(['unavailable', 'refusing'] as const)('is asked for later where the key store is %s', async (mood) => {
    expect(await store(mood).secrets.decrypt(await kept())).toEqual({ state: 'later' });
  });

  it('is asked for later where Electron says so, even while the key store takes something new', async () => {
    const rotating = {
      isAsyncEncryptionAvailable: async () => true,
      encryptStringAsync: async (text: string) => Buffer.from(`v11${text}`),
      decryptStringAsync: async (bytes: Buffer) => {
        const text = bytes.toString().slice(3);
        if (text === 'probe') return { result: text, shouldReEncrypt: false };
        throw new Error('safeStorage.decryptStringAsync is temporarily unavailable. Please try again.');
      },
    };
    const secrets = openSecretStore(rotating, 'darwin', recordingLogger());
    expect(await secrets.strength()).toBe('strong');
    expect(await secrets.decrypt(await kept())).toEqual({ state: 'later' });
  });

  it('is asked for later while the person keeps the key ring shut, and comes once it is open', async () => {
    const text = await kept();
    const { secrets, outside } = store('prompt');
    const first = secrets.decrypt(text);
    const id = outside.items()[0]?.id ?? '';
    outside.act({ id, action: 'cancel' });
    expect(await first).toEqual({ state: 'later' });
    expect(await secrets.strength()).toBe('unavailable');
    outside.act({ id, action: 'unlock' });
    expect(await secrets.decrypt(text)).toMatchObject({ state: 'read', secret: 'a token' });
    expect(await secrets.strength()).toBe('strong');
  });

  it('and the log hold nothing of it', async () => {
    const { secrets, logger } = store('refusing');
    await secrets.decrypt(await kept());
    expect(await secrets.encrypt('a token')).toMatchObject({ ok: false, error: { code: 'secret_store_failed' } });
    expect(JSON.stringify(logger.entries)).not.toContain('a token');
  });
});
