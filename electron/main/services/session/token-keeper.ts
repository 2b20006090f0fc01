/**
 * Decides how a token may be kept. A strong key store keeps it. A weak one does so only on the person's explicit
 * word; until then, and where there is none at all, the token lives in memory and ends with the program.
 */
import type { SECRET_STORAGE } from '#contract/ipc/views.ts';
import type { Logger, SecretStore } from '../ports.ts';

export type SecretStorage = (typeof SECRET_STORAGE)[number];

/** What is to be written for a token, and how it is kept. */
export interface Kept {
  token: string | null;
  weak: boolean;
  storage: SecretStorage;
}

export async function keepToken(
  secrets: SecretStore,
  token: string,
  keepWeakly: boolean | null,
  logger: Logger,
): Promise<Kept> {
  const strength = await secrets.strength();
  if (strength === 'unavailable') return { token: null, weak: false, storage: 'unavailable' };
  if (strength === 'weak' && keepWeakly !== true) return { token: null, weak: false, storage: 'weak_memory' };
  const encrypted = await secrets.encrypt(token);
  if (!encrypted.ok) {
    logger.error('session.token_not_kept', { code: encrypted.error.code });
    return { token: null, weak: false, storage: 'unavailable' };
  }
  const weak = strength === 'weak';
  return { token: encrypted.value, weak, storage: weak ? 'weak_kept' : 'strong' };
}

/** How a token would be kept, for the screens, before there is one. */
export async function storageOf(secrets: SecretStore, keepWeakly: boolean | null): Promise<SecretStorage> {
  const strength = await secrets.strength();
  if (strength !== 'weak') return strength;
  return keepWeakly === true ? 'weak_kept' : 'weak_memory';
}
