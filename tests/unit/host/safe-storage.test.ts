import { createDecipheriv } from 'node:crypto';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSafeStorage } from '../../../host/modules/safe-storage.ts';
import { SystemUi } from '../../../host/system-ui.ts';
import type { KeyStoreMood } from '../../../host/runtime.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'relay-key-store-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

const make = (mood: KeyStoreMood, outside = new SystemUi(), isReady = () => true) =>
  createSafeStorage({ mood, folder: () => folder, outside, isReady });

const REFUSED = {
  encrypt: 'Error while encrypting the text provided to safeStorage.encryptStringAsync.',
  decrypt: 'Error while decrypting the ciphertext provided to safeStorage.decryptStringAsync.',
};

describe('a key store', () => {
  it('really encrypts, with a key that only its owner may read', async () => {
    const store = make('strong');
    expect(await store.isAsyncEncryptionAvailable()).toBe(true);
    const secret = 'a token that nobody may see';
    const [first, second] = [await store.encryptStringAsync(secret), await store.encryptStringAsync(secret)];
    expect(first.subarray(0, 3).toString()).toBe('v11');
    expect(first.includes(Buffer.from(secret))).toBe(false);
    expect(first.equals(second)).toBe(false);
    expect(await make('strong').decryptStringAsync(first)).toEqual({ result: secret, shouldReEncrypt: false });
    if (process.platform !== 'win32') {
      expect((await stat(join(folder, 'stand-in-key-store'))).mode & 0o777).toBe(0o600);
    }
  });

  it('refuses what was changed or is another computer’s', async () => {
    const encrypted = await make('strong').encryptStringAsync('secret');
    const changed = Buffer.from(encrypted);
    changed[changed.length - 1] = (changed[changed.length - 1] ?? 0) ^ 1;
    await expect(make('strong').decryptStringAsync(changed)).rejects.toThrow(REFUSED.decrypt);
    await expect(make('strong').decryptStringAsync(Buffer.from('v11'))).rejects.toThrow(REFUSED.decrypt);
    await rm(join(folder, 'stand-in-key-store'));
    await expect(make('strong').decryptStringAsync(encrypted)).rejects.toThrow(REFUSED.decrypt);
  });

  it('is Chromium’s published constant when it is weak, and says that it is available', async () => {
    const store = make('weak');
    expect(await store.isAsyncEncryptionAvailable()).toBe(true);
    const made = await store.encryptStringAsync('password1');
    expect(made.subarray(0, 3).toString()).toBe('v10');
    // The key that is published for Chromium on Linux without a key store.
    const published = Buffer.from('fd621fe5a2b402539dfa147ca9272778', 'hex');
    const decipher = createDecipheriv('aes-128-cbc', published, Buffer.alloc(16, ' '));
    expect(decipher.update(made.subarray(3), undefined, 'utf8') + decipher.final('utf8')).toBe('password1');
    expect(await store.decryptStringAsync(made)).toEqual({ result: 'password1', shouldReEncrypt: false });
    expect(await make('strong').decryptStringAsync(made)).toEqual({ result: 'password1', shouldReEncrypt: true });
  });

  it('refuses everything when there is none', async () => {
    const store = make('unavailable');
    expect(await store.isAsyncEncryptionAvailable()).toBe(false);
    await expect(store.encryptStringAsync('x')).rejects.toThrow(REFUSED.encrypt);
  });

  it('may say that it is available and refuse all the same', async () => {
    const encrypted = await make('strong').encryptStringAsync('secret');
    const store = make('refusing');
    expect(await store.isAsyncEncryptionAvailable()).toBe(true);
    await expect(store.encryptStringAsync('x')).rejects.toThrow(REFUSED.encrypt);
    await expect(store.decryptStringAsync(encrypted)).rejects.toThrow(REFUSED.decrypt);
  });

  it('answers nothing while the system asks; cancelled is "later", and unlocked is as good as ever', async () => {
    const encrypted = await make('strong').encryptStringAsync('secret');
    const outside = new SystemUi();
    const store = make('prompt', outside);
    const answers: string[] = [];
    const asked = [
      store.isAsyncEncryptionAvailable().then((yes) => answers.push(`available ${String(yes)}`)),
      store.decryptStringAsync(encrypted).catch((error: Error) => answers.push(error.message)),
      store.encryptStringAsync('x').catch((error: Error) => answers.push(error.message)),
    ];
    const [question] = outside.items();
    expect(question?.choices.map(({ action }) => action)).toEqual(['unlock', 'cancel']);
    await new Promise((resolve) => setImmediate(resolve));
    expect(answers).toEqual([]);
    const id = question?.id ?? '';
    expect(outside.act({ id, action: 'cancel' })).toBe(true);
    await Promise.all(asked);
    expect(new Set(answers)).toEqual(
      new Set([
        'available true',
        'safeStorage.decryptStringAsync is temporarily unavailable. Please try again.',
        REFUSED.encrypt,
      ]),
    );
    expect(outside.act({ id, action: 'unlock' })).toBe(true);
    expect(await store.decryptStringAsync(encrypted)).toEqual({ result: 'secret', shouldReEncrypt: false });
    expect(outside.items()).toEqual([]);
  });

  it('can do nothing before the application is ready', async () => {
    const store = make('strong', new SystemUi(), () => false);
    expect(await store.isAsyncEncryptionAvailable()).toBe(false);
    await expect(store.encryptStringAsync('x')).rejects.toThrow('before app is ready');
    await expect(store.decryptStringAsync(Buffer.from('v11'))).rejects.toThrow('before app is ready');
    expect(store.getSelectedStorageBackend()).toBe('unknown');
  });

  it('has no synchronous part', () => {
    expect(() => make('strong').encryptString('x')).toThrow('does not have safeStorage.encryptString');
  });
});
