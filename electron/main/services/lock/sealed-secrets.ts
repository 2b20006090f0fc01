/**
 * The key store behind the PIN: what it keeps is sealed first. While locked, what it kept cannot be read yet, as with a
 * key store that has not answered.
 */
import type { SecretStore } from '../ports.ts';
import type { Lock } from './lock.ts';

/** No token begins like this: a colon is in none. */
const MARK = 'pin1:';

/** The store that seals. What was kept before there was a PIN is read as it is, and kept anew. */
export function createSealedSecrets(
  secrets: SecretStore,
  lock: Pick<Lock, 'enabled' | 'isLocked' | 'seal' | 'unseal'>,
): SecretStore {
  return {
    strength: () => secrets.strength(),
    async encrypt(secret) {
      if (!lock.enabled) return secrets.encrypt(secret);
      const sealed = lock.seal(secret);
      if (!sealed.ok) return sealed;
      return secrets.encrypt(sealed.value === secret ? secret : MARK + sealed.value);
    },
    async decrypt(kept) {
      const read = await secrets.decrypt(kept);
      if (read.state !== 'read') return read;
      if (!read.secret.startsWith(MARK)) {
        if (lock.isLocked) return { state: 'later' };
        return lock.enabled ? { ...read, renew: true } : read;
      }
      const plain = lock.unseal(read.secret.slice(MARK.length));
      if (plain.ok) return { ...read, secret: plain.value };
      return { state: plain.error.code === 'locked' ? 'later' : 'lost' };
    },
  };
}
