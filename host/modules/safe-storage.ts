/**
 * `safeStorage`, asynchronous part only: the synchronous one is deprecated.
 *
 * strong: AES-256-GCM under a random key in the person's own file (0600), which stands for the system's key store.
 * weak: what Chromium does on Linux without a key store, byte for byte: AES-128-CBC under a published password, prefix
 * `v10`, and the word that encryption is available. unavailable: it says no and refuses.
 */
import { createCipheriv, createDecipheriv, pbkdf2Sync, randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { guard } from '../guard.ts';
import type { KeyStoreMood } from '../runtime.ts';

const STRONG = Buffer.from('v11');
const WEAK = Buffer.from('v10');
const KEY_FILE = 'stand-in-key-store';

/** Makes the module; `folder` is where the key file belongs, known once the application has set its paths. */
export function createSafeStorage(mood: KeyStoreMood, folder: () => string): Electron.SafeStorage {
  const refuse = (): void => {
    if (mood === 'unavailable') throw new Error('Error while encrypting or decrypting: no key store is available.');
  };
  return guard<Electron.SafeStorage>('safeStorage', {
    isAsyncEncryptionAvailable: async () => mood !== 'unavailable',
    async encryptStringAsync(plainText) {
      refuse();
      return mood === 'weak' ? encryptWeakly(plainText) : encryptStrongly(plainText, await keyOf(folder()));
    },
    async decryptStringAsync(encrypted) {
      refuse();
      const isWeak = encrypted.subarray(0, 3).equals(WEAK);
      const result = isWeak ? decryptWeakly(encrypted) : decryptStrongly(encrypted, await keyOf(folder()));
      // What was kept weakly should be written anew once there is a real key store.
      return { result, shouldReEncrypt: isWeak && mood === 'strong' };
    },
    getSelectedStorageBackend: () => (mood === 'strong' ? 'gnome_libsecret' : 'basic_text'),
  });
}

async function keyOf(folder: string): Promise<Buffer> {
  const file = join(folder, KEY_FILE);
  try {
    return await readFile(file);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, randomBytes(32), { mode: 0o600, flag: 'wx' }).catch((error: unknown) => {
    // Another call made it in the meantime.
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  });
  return readFile(file);
}

function encryptStrongly(text: string, key: Buffer): Buffer {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([STRONG, iv, cipher.getAuthTag(), body]);
}

function decryptStrongly(encrypted: Buffer, key: Buffer): string {
  if (encrypted.length < 31 || !encrypted.subarray(0, 3).equals(STRONG)) {
    throw new Error('Error while decrypting the ciphertext provided to safeStorage.decryptString.');
  }
  const decipher = createDecipheriv('aes-256-gcm', key, encrypted.subarray(3, 15));
  decipher.setAuthTag(encrypted.subarray(15, 31));
  return Buffer.concat([decipher.update(encrypted.subarray(31)), decipher.final()]).toString('utf8');
}

const WEAK_KEY = pbkdf2Sync('peanuts', 'saltysalt', 1, 16, 'sha1');
const WEAK_IV = Buffer.alloc(16, ' ');

function encryptWeakly(text: string): Buffer {
  const cipher = createCipheriv('aes-128-cbc', WEAK_KEY, WEAK_IV);
  return Buffer.concat([WEAK, cipher.update(text, 'utf8'), cipher.final()]);
}

function decryptWeakly(encrypted: Buffer): string {
  const decipher = createDecipheriv('aes-128-cbc', WEAK_KEY, WEAK_IV);
  return Buffer.concat([decipher.update(encrypted.subarray(3)), decipher.final()]).toString('utf8');
}
