/**
 * `safeStorage`, asynchronous part only: the synchronous one is deprecated.
 *
 * strong: AES-256-GCM under a random key in the person's own file (0600), which stands for the system's key store.
 * weak: what Chromium does on Linux without a key store, byte for byte: AES-128-CBC under a published password, prefix
 * `v10`, and the word that encryption is available. unavailable: it says no and refuses. refusing: it says yes, as Electron
 * does once its encryptor is there, and refuses all the same. prompt: the system asks the person first (key-prompt.ts);
 * nothing is answered before, and what was cancelled is "temporarily unavailable".
 */
import { createCipheriv, createDecipheriv, pbkdf2Sync, randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { guard } from '../guard.ts';
import type { SystemUi } from '../system-ui.ts';
import type { KeyStoreMood } from '../runtime.ts';
import { KeyPrompt } from './key-prompt.ts';

const STRONG = Buffer.from('v11');
const WEAK = Buffer.from('v10');
const KEY_FILE = 'stand-in-key-store';

/** Electron's own words: the application reads them. */
const REFUSALS = {
  early: 'safeStorage cannot be used before app is ready',
  encrypt: 'Error while encrypting the text provided to safeStorage.encryptStringAsync.',
  decrypt: 'Error while decrypting the ciphertext provided to safeStorage.decryptStringAsync.',
  later: 'safeStorage.decryptStringAsync is temporarily unavailable. Please try again.',
};

export interface SafeStorageOptions {
  mood: KeyStoreMood;
  /** Where the key file belongs, known once the application has set its paths. */
  folder: () => string;
  isReady: () => boolean;
  outside: SystemUi;
}

/** Makes the module. */
export function createSafeStorage({ mood, folder, isReady, outside }: SafeStorageOptions): Electron.SafeStorage {
  const prompt = mood === 'prompt' ? new KeyPrompt(outside) : null;
  const refuses = mood === 'unavailable' || mood === 'refusing';

  /** Waits as long as the system does. False: the key store stays shut. */
  async function open(): Promise<boolean> {
    if (!isReady()) throw new Error(REFUSALS.early);
    return prompt ? prompt.answered() : !refuses;
  }

  return guard<Electron.SafeStorage>('safeStorage', {
    async isAsyncEncryptionAvailable() {
      if (!isReady() || mood === 'unavailable') return false;
      // Electron says yes as soon as it has asked, whatever the answer was.
      await prompt?.answered();
      return true;
    },
    async encryptStringAsync(plainText) {
      if (!(await open())) throw new Error(REFUSALS.encrypt);
      return mood === 'weak' ? encryptWeakly(plainText) : encryptStrongly(plainText, await keyOf(folder()));
    },
    async decryptStringAsync(encrypted) {
      if (!isReady()) throw new Error(REFUSALS.early);
      if (!Buffer.isBuffer(encrypted)) {
        throw new Error('Expected the first argument of decryptStringAsync() to be a buffer');
      }
      if (encrypted.length === 0) return { result: '', shouldReEncrypt: false };
      if (!(await open())) throw new Error(prompt ? REFUSALS.later : REFUSALS.decrypt);
      const isWeak = encrypted.subarray(0, 3).equals(WEAK);
      const key = isWeak ? null : await keyOf(folder());
      const result = decrypted(encrypted, key);
      // What was kept weakly should be written anew once there is a real key store.
      return { result, shouldReEncrypt: isWeak && mood !== 'weak' };
    },
    getSelectedStorageBackend: () => {
      if (!isReady()) return 'unknown';
      return mood === 'weak' || mood === 'unavailable' ? 'basic_text' : 'gnome_libsecret';
    },
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

/** What Electron answers to bytes that it cannot read says nothing of why. */
function decrypted(encrypted: Buffer, key: Buffer | null): string {
  try {
    return key ? decryptStrongly(encrypted, key) : decryptWeakly(encrypted);
  } catch (error) {
    throw new Error(REFUSALS.decrypt, { cause: error });
  }
}

function encryptStrongly(text: string, key: Buffer): Buffer {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([STRONG, iv, cipher.getAuthTag(), body]);
}

function decryptStrongly(encrypted: Buffer, key: Buffer): string {
  if (encrypted.length < 31 || !encrypted.subarray(0, 3).equals(STRONG)) throw new Error('not of this key store');
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
