/** Channels that only forward their argument: one handler per method of a service. */
import {
  APP_WIDE_CHANNELS,
  CHANNEL_NAMES,
  type AccountChannel,
  type AccountDomain,
  type ChannelInput,
  type ChannelName,
  type ChannelOutput,
} from '#contract/ipc/channels.ts';
import type { Result } from '#contract/model/errors.ts';
import type { Accounts } from '../../services/accounts/accounts.ts';
import type { Commands } from '../../services/commands/command.ts';
import type { Handlers } from '../answer.ts';

type ChannelsOf<D extends string> = Extract<ChannelName, `${D}.${string}`>;
type MethodOf<N extends string> = N extends `${string}.${infer M}` ? M : never;

/** A service with one method per channel of a domain. */
export type ServiceOf<D extends string> = {
  readonly [N in ChannelsOf<D> as MethodOf<N>]: (
    input: ChannelInput<N>,
  ) => Promise<Result<ChannelOutput<N>>> | Result<ChannelOutput<N>>;
};

type Method = (...args: unknown[]) => Promise<Result<unknown>> | Result<unknown>;

function methodsOf(domain: string, service: object): [channel: string, method: Method][] {
  const methods = service as Record<string, Method>;
  const isAppWide = (name: ChannelName): boolean => APP_WIDE_CHANNELS.some((other) => other === name);
  return CHANNEL_NAMES.filter((name) => name.startsWith(`${domain}.`) && !isAppWide(name)).map((name) => {
    const method = methods[name.slice(domain.length + 1)];
    if (!method) throw new Error(`nothing answers ${name}`);
    return [name, method];
  });
}

/** The handlers of a domain whose service acts for the whole application. */
export function handlersOf<D extends string>(domain: D, service: ServiceOf<D>): Pick<Handlers, ChannelsOf<D>> {
  const handlers = methodsOf(domain, service).map(([name, method]) => [
    name,
    async (input: unknown) => method.call(service, input),
  ]);
  // The service's type has a method for each channel; the loop above only follows it.
  return Object.fromEntries(handlers) as Pick<Handlers, ChannelsOf<D>>;
}

/**
 * The handlers of a domain that belongs to an account: each looks up the account that its argument names, and runs
 * there.
 */
export function accountHandlersOf<D extends AccountDomain>(
  domain: D,
  accounts: Pick<Accounts, 'command'>,
  commands: Commands<D>,
): Pick<Handlers, Extract<AccountChannel, `${D}.${string}`>> {
  const handlers = methodsOf(domain, commands).map(([name, method]) => [
    name,
    ({ accountId, ...input }: { accountId: string }) =>
      accounts.command(accountId, async (account) => method(account, input)),
  ]);
  return Object.fromEntries(handlers) as Pick<Handlers, Extract<AccountChannel, `${D}.${string}`>>;
}
