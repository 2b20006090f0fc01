import { safeStorage } from 'electron';
import { fail, ok } from '#contract/model/errors.ts';
import type { Logger, SecretStore, SecretStrength } from '../services/ports.ts';

/**
 * What the encrypted bytes begin with when Chromium had no key store and took the password that stands in its source
 * (`v10` on Linux). macOS writes the same prefix with a real key from the key chain, so it says this on Linux alone.
 */
const WEAK_PREFIX = 'v10';

/** The system's key store, through the asynchronous functions alone. */
export function openSecretStore(platform: NodeJS.Platform, logger: Logger): SecretStore {
  let strength: Promise<SecretStrength> | null = null;

  async function measure(): Promise<SecretStrength> {
    try {
      if (!(await safeStorage.isAsyncEncryptionAvailable())) return 'unavailable';
      if (platform !== 'linux') return 'strong';
      // "Available" is also said without a key store: only a look at encrypted bytes tells.
      const probe = await safeStorage.encryptStringAsync('probe');
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
      // A key chain that was locked may be open the next time.
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
      try {
        const bytes = Buffer.from(kept, 'base64');
        let read = await safeStorage.decryptStringAsync(bytes);
        const renew = read.shouldReEncrypt;
        // Electron's own word: after this answer ask once more for the string.
        if (renew) read = await safeStorage.decryptStringAsync(bytes);
        return ok({ secret: read.result, renew });
      } catch (error) {
        return fail('secret_store_failed', nameOf(error));
      }
    },
  };
}

/** Never the message: it may quote what was to be encrypted. */
function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
