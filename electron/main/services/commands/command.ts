/** The shape of an account's commands: functions of the account and the command's argument. */
import type { AccountChannel, AccountDomain, ChannelInput, ChannelOutput } from '#contract/ipc/channels.ts';
import type { Result } from '#contract/model/errors.ts';
import type { Account } from '../accounts/account.ts';

type Method<N extends string> = N extends `${string}.${infer M}` ? M : never;

/** A command's argument without the account's id: the account is looked up before the command runs. */
export type CommandInput<N extends AccountChannel> = Omit<ChannelInput<N>, 'accountId'>;

/** One function per channel of a domain. A StoreError that it throws is answered as `disk_full` or `storage_failed`. */
export type Commands<D extends AccountDomain> = {
  readonly [N in Extract<AccountChannel, `${D}.${string}`> as Method<N>]: (
    account: Account,
    input: CommandInput<N>,
  ) => Promise<Result<ChannelOutput<N>>>;
};
