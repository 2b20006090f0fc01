import type { SafeStorage } from 'electron';
import { fail, ok } from '#contract/model/errors.ts';
import type { Logger, SecretStore, SecretStrength } from '../services/ports.ts';

/**
 * Prefix of the encrypted bytes when Chromium had no key store and used the password from its source code (`v10` on
 * Linux). macOS writes the same prefix with a real key from the key chain, so it means this on Linux alone.
 */
const WEAK_PREFIX = 'v10';
const PROBE = 'probe';
/** Electron's wording when the same bytes may be readable next time; it has no code for it. */
const LATER = /temporarily unavailable/i;

type AsyncPart = Pick<SafeStorage, 'isAsyncEncryptionAvailable' | 'encryptStringAsync' | 'decryptStringAsync'>;

/**
 * The system's key store, through its asynchronous functions only. Any of them may wait for the user's answer,
 * indefinitely.
 */
export function openSecretStore(safeStorage: AsyncPart, platform: NodeJS.Platform, logger: Logger): SecretStore {
  let strength: Promise<SecretStrength> | null = null;

  async function measure(): Promise<SecretStrength> {
    try {
      if (!(await safeStorage.isAsyncEncryptionAvailable())) return 'unavailable';
      // Electron says "available" even without a key store or with one that refuses: only a round trip proves that it
      // works.
      const probe = await safeStorage.encryptStringAsync(PROBE);
      if ((await safeStorage.decryptStringAsync(probe)).result !== PROBE) return 'unavailable';
      if (platform !== 'linux') return 'strong';
      return probe.subarray(0, WEAK_PREFIX.length).toString('latin1') === WEAK_PREFIX ? 'weak' : 'strong';
    } catch (error) {
      logger.warn('secrets.not_measured', { error: nameOf(error) });
      return 'unavailable';
    }
  }

  return {
    async strength() {
      strength ??= measure();
      const found = await strength;
      // A locked key chain may be open next time.
      if (found === 'unavailable') strength = null;
      logger.debug('secrets.strength', { found });
      return found;
    },
    async encrypt(secret) {
      try {
        return ok((await safeStorage.encryptStringAsync(secret)).toString('base64'));
      } catch (error) {
        return fail('secret_store_failed', nameOf(error));
      }
    },
    async decrypt(kept) {
      const bytes = Buffer.from(kept, 'base64');
      // Electron decrypts an empty buffer to an empty secret.
      if (bytes.length === 0) return { state: 'lost' };
      try {
        let read = await safeStorage.decryptStringAsync(bytes);
        const renew = read.shouldReEncrypt;
        // As Electron advises: after this answer, ask once more for the string.
        if (renew) read = await safeStorage.decryptStringAsync(bytes);
        return { state: 'read', secret: read.result, renew };
      } catch (error) {
        logger.warn('secrets.not_read', { error: nameOf(error) });
        if (error instanceof Error && LATER.test(error.message)) return { state: 'later' };
        // If not even a fresh round trip works, it is the key store that fails, not the stored secret.
        return { state: (await measure()) === 'unavailable' ? 'later' : 'lost' };
      }
    },
  };
}

/** Never the message: it may quote what was to be encrypted. */
function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
