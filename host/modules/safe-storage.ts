/**
 * `safeStorage`, asynchronous part only: the synchronous one is deprecated.
 *
 * strong: AES-256-GCM with a random key in a file only the user can read (0600), in place of the system's key store.
 * weak: what Chromium does on Linux without a key store, byte for byte: AES-128-CBC with a published password, prefix
 * `v10`, and encryption reported as available. unavailable: reported as unavailable, and every call fails. refusing:
 * reported as available, as Electron does once its encryptor exists, but every call fails. prompt: the system asks the
 * user first (key-prompt.ts); nothing resolves before that, and after a cancel it is "temporarily unavailable".
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

/** Electron's own messages: the application parses them. */
const REFUSALS = {
  early: 'safeStorage cannot be used before app is ready',
  encrypt: 'Error while encrypting the text provided to safeStorage.encryptStringAsync.',
  decrypt: 'Error while decrypting the ciphertext provided to safeStorage.decryptStringAsync.',
  later: 'safeStorage.decryptStringAsync is temporarily unavailable. Please try again.',
};

export interface SafeStorageOptions {
  mood: KeyStoreMood;
  /** The folder of the key file, known once the application has set its paths. */
  folder: () => string;
  isReady: () => boolean;
  outside: SystemUi;
}

/** Creates the module. */
export function createSafeStorage({ mood, folder, isReady, outside }: SafeStorageOptions): Electron.SafeStorage {
  const prompt = mood === 'prompt' ? new KeyPrompt(outside) : null;
  const refuses = mood === 'unavailable' || mood === 'refusing';

  /** Waits for the system's prompt, if any. False: the key store stays locked. */
  async function open(): Promise<boolean> {
    if (!isReady()) throw new Error(REFUSALS.early);
    return prompt ? prompt.answered() : !refuses;
  }

  return guard<Electron.SafeStorage>('safeStorage', {
    async isAsyncEncryptionAvailable() {
      if (!isReady() || mood === 'unavailable') return false;
      // Electron reports true once it has asked, whatever the answer was.
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
      // Weakly encrypted data should be encrypted again once there is a real key store.
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
    // Another call has created it in the meantime.
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  });
  return readFile(file);
}

/** As in Electron, the error for unreadable bytes does not reveal the reason. */
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
