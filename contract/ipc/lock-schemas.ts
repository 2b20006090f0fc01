/** The channels of the lock: a PIN in front of everything. See schemas.ts. */
import { z } from 'zod';
import { AccountId } from './views.ts';
import { LockView } from './lock-views.ts';

const nothing = z.object({}).strict();
const done = z.null();
/** As typed. Main alone compares it, and keeps nothing from which it could be read. */
const pin = z.string().min(4).max(64);

export const LOCK_CHANNELS = {
  /** Sets the first PIN, or another one: then `current` is the one that is set. */
  'lock.set': { input: z.object({ pin, current: z.string().max(64).nullable() }), output: LockView },
  'lock.off': { input: z.object({ pin: z.string().max(64) }), output: LockView },
  /** Minutes without anybody at the computer after which it locks; null: only by hand and with the system. */
  'lock.setIdle': { input: z.object({ minutes: z.number().int().min(1).max(240).nullable() }), output: LockView },
  /** Locks. `call_busy` in a call. */
  'lock.now': { input: nothing, output: done },
  /** `wrong_pin`, or `rate_limited` with the milliseconds to wait. */
  'lock.unlock': { input: z.object({ pin: z.string().max(64) }), output: done },
  /** The PIN is forgotten: all accounts are signed out, and there is no lock any more. */
  'lock.forgot': { input: nothing, output: done },
  /** Signs out of all accounts on this computer; `forget`: also deletes what is stored here for them. */
  'accounts.logoutAll': { input: z.object({ forget: z.boolean() }), output: done },
  /** The new order of the open accounts; those that are not named come after the others. */
  'accounts.arrange': { input: z.object({ ids: z.array(AccountId).max(100) }), output: done },
} as const satisfies Record<string, { input: z.ZodType; output: z.ZodType }>;
