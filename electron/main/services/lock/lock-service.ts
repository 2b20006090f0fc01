/** The commands of the lock, and what they mean for the accounts. */
import type { LockView } from '#contract/ipc/lock-views.ts';
import { ok, type Result } from '#contract/model/errors.ts';
import type { SignIn } from '../accounts/sign-in.ts';
import type { Lock } from './lock.ts';

export interface LockServiceOptions {
  lock: Lock;
  signIn: Pick<SignIn, 'keepAgain' | 'logoutAll'>;
  /** Tokens can be read now. */
  opened: () => void;
}

/** Creates the service; it answers the channels `lock.*`. */
export function createLockService({ lock, signIn, opened }: LockServiceOptions) {
  return {
    async set({ pin, current }: { pin: string; current: string | null }): Promise<Result<LockView>> {
      const wasEnabled = lock.enabled;
      const set = await lock.set(pin, current);
      // The key stays when the PIN changes: only the first one seals what is kept already.
      if (set.ok && !wasEnabled) await signIn.keepAgain();
      return set;
    },
    off: ({ pin }: { pin: string }): Promise<Result<LockView>> => lock.off(pin, () => signIn.keepAgain()),
    setIdle: ({ minutes }: { minutes: number | null }): Result<LockView> => lock.setIdle(minutes),
    now: (): Result<null> => lock.lock(),
    async unlock({ pin }: { pin: string }): Promise<Result<null>> {
      const unlocked = await lock.unlock(pin);
      if (unlocked.ok) opened();
      return unlocked;
    },
    /** First the accounts: a lock must not be gone while they are still there. */
    async forgot(): Promise<Result<null>> {
      const out = await signIn.logoutAll({ forget: false });
      if (!out.ok) return out;
      const ended = await lock.forget();
      return ended.ok ? ok(null) : ended;
    },
  };
}
