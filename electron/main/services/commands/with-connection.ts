import { fail, type Result } from '#contract/model/errors.ts';
import type { Account } from '../accounts/account.ts';
import type { AccountContext } from '../ports.ts';

/** Runs what needs the server; `unauthenticated` while the account has no valid token. */
export async function withConnection<T>(
  account: Account,
  work: (connection: AccountContext) => Promise<Result<T>>,
): Promise<Result<T>> {
  return account.connection ? work(account.connection) : fail('unauthenticated', 'the token has ended');
}
