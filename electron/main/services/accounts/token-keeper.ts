/**
 * Decides how a token may be kept. A strong key store keeps it. A weak one does so only with the user's explicit
 * consent; until then, and without any key store, the token lives in memory and ends with the app.
 */
import type { SECRET_STORAGE } from '#contract/ipc/views.ts';
import type { Clock, Logger, SecretStore, Disposer } from '../ports.ts';

export type SecretStorage = (typeof SECRET_STORAGE)[number];

/** What to write for a token, and how it is kept. */
export interface Kept {
  token: string | null;
  weak: boolean;
  storage: SecretStorage;
}

/** Milliseconds after which a key store that refused is asked again; after the last one no more. */
const AGAIN_MS = [5_000, 30_000, 120_000];

async function keepToken(
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
    logger.error('sign_in.token_not_kept', { code: encrypted.error.code });
    return { token: null, weak: false, storage: 'unavailable' };
  }
  const weak = strength === 'weak';
  return { token: encrypted.value, weak, storage: weak ? 'weak_kept' : 'strong' };
}

/**
 * Keeps `token`, and retries while the key store refuses; `onKept` receives the result of each attempt. Returns the
 * disposer.
 */
export function startKeeping(
  token: string,
  keepWeakly: boolean | null,
  parts: { secrets: SecretStore; clock: Clock; logger: Logger },
  onKept: (kept: Kept) => void,
): Disposer {
  const { secrets, clock, logger } = parts;
  let isStopped = false;
  let cancelTimer: Disposer = () => undefined;

  async function attempt(pauses: readonly number[]): Promise<void> {
    const kept = await keepToken(secrets, token, keepWeakly, logger);
    if (isStopped) return;
    onKept(kept);
    const [pause, ...later] = pauses;
    if (kept.storage !== 'unavailable' || pause === undefined) return;
    cancelTimer = clock.after(pause, () => void attempt(later));
  }

  void attempt(AGAIN_MS);
  return () => {
    isStopped = true;
    cancelTimer();
  };
}

/** How a token would be kept, for the screens, before there is one. */
export async function storageOf(secrets: SecretStore, keepWeakly: boolean | null): Promise<SecretStorage> {
  const strength = await secrets.strength();
  if (strength !== 'weak') return strength;
  return keepWeakly === true ? 'weak_kept' : 'weak_memory';
}
