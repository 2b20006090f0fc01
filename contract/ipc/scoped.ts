import { z } from 'zod';
import { AccountId } from './views.ts';

/** The argument of a channel that concerns one account: it names the account first. */
export function scoped<S extends z.ZodRawShape>(shape: S) {
  return z.object({ accountId: AccountId, ...shape });
}
