/** The shape of what the page may ask of an account: functions of the account and the command's own argument. */
import type { AccountChannel, AccountDomain, ChannelInput, ChannelOutput } from '#contract/ipc/channels.ts';
import type { Result } from '#contract/model/errors.ts';
import type { Account } from '../accounts/account.ts';

type Method<N extends string> = N extends `${string}.${infer M}` ? M : never;

/** A command's argument without the account that it names: that one is found before the command runs. */
export type CommandInput<N extends AccountChannel> = Omit<ChannelInput<N>, 'accountId'>;

/** One function for each channel of a domain. A StoreError that it throws is answered as `storage_failed`. */
export type Commands<D extends AccountDomain> = {
  readonly [N in Extract<AccountChannel, `${D}.${string}`> as Method<N>]: (
    account: Account,
    input: CommandInput<N>,
  ) => Promise<Result<ChannelOutput<N>>>;
};
