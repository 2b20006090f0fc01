import type { ChannelName } from '#contract/ipc/channels.ts';
import { fail, type Result } from '#contract/model/errors.ts';
import type { WindowRole } from '../../lib/roles.ts';
import { isOpenWhileLocked } from '../../services/lock/behind-lock.ts';
import type { Lock } from '../../services/lock/lock.ts';
import type { Handlers } from '../answer.ts';

/** Refuses what a locked page must not ask. */
export function behindLock(lock: Pick<Lock, 'isLocked'>, handlers: Handlers): Handlers {
  type Any = (input: unknown, caller: WindowRole) => Promise<Result<unknown>>;
  const guarded = Object.entries(handlers as Record<string, Any>).map(([name, handler]) => [
    name,
    async (input: unknown, caller: WindowRole) =>
      lock.isLocked && !isOpenWhileLocked(name as ChannelName) ? fail('locked', 'locked') : handler(input, caller),
  ]);
  // The same names with the same arguments and answers.
  return Object.fromEntries(guarded) as Handlers;
}
