/** The bridge bound to one account: it adds the account's id to every argument, so that no caller can forget it. */
import type { AccountChannel, AccountDomain, Bridge, ChannelInput, ChannelOutput } from '#contract/ipc/channels.ts';
import type { Result } from '#contract/model/errors.ts';
import { ask } from '../bridge-call.ts';

type Method<D extends AccountDomain> = AccountChannel extends infer N
  ? N extends `${D}.${infer M}`
    ? M
    : never
  : never;
type Channel<D extends AccountDomain, M extends string> = Extract<AccountChannel, `${D}.${M}`>;

/** The argument of an account command, without the account id. */
export type AccountInput<N extends AccountChannel> = Omit<ChannelInput<N>, 'accountId'>;

/** The commands of one account, without the account id in their arguments. */
export type AccountBridge = {
  readonly [D in AccountDomain]: {
    readonly [M in Method<D>]: (input: AccountInput<Channel<D, M>>) => Promise<Result<ChannelOutput<Channel<D, M>>>>;
  };
};

type Commands = Readonly<Record<string, (input: object) => unknown>>;

/** The commands of `bridge` for one account. */
export function bridgeOf(bridge: Pick<Bridge, AccountDomain>, accountId: string): AccountBridge {
  const scoped = (commands: Commands): Commands =>
    new Proxy<Commands>(Object.freeze({}), {
      get: (_target, name) => (input: object) => commands[String(name)]?.({ ...input, accountId }),
    });
  const { users, chats, messages, search, files, music, calls, exports, later, notes } = bridge as unknown as Record<
    AccountDomain,
    Commands
  >;
  const domains: Record<AccountDomain, Commands> = {
    users: scoped(users),
    chats: scoped(chats),
    messages: scoped(messages),
    search: scoped(search),
    files: scoped(files),
    music: scoped(music),
    calls: scoped(calls),
    exports: scoped(exports),
    later: scoped(later),
    notes: scoped(notes),
  };
  return domains as unknown as AccountBridge;
}

/** Runs commands of one account; failures of the bridge are returned as results, see bridge-call.ts. */
export type AccountAsk = <T>(command: (bridge: AccountBridge) => Promise<Result<T>>) => Promise<Result<T>>;

/** `ask` for one account. */
export function askAs(accountId: string): AccountAsk {
  return (command) => ask((bridge) => command(bridgeOf(bridge, accountId)));
}
