/** The only file that touches what the preload exposes on `window`. */
import type { Bridge } from '#contract/ipc/channels.ts';
import { plain } from './plain.ts';

type Command = (input: unknown) => Promise<unknown>;
type Commands = Record<string, Command | undefined>;

/** The commands of one domain; each passes on a plain copy of its argument. */
function copying(commands: Commands): object {
  // Not a proxy of the commands themselves: they are frozen, and a proxy must return frozen properties unchanged.
  return new Proxy(Object.create(null) as object, {
    get(_target, name): Command | undefined {
      const command = typeof name === 'string' ? commands[name] : undefined;
      return command && ((input) => command(plain(input)));
    },
  });
}

/**
 * Main's commands and push events. A command throws a TypeError if its argument is not plain data, see plain.ts.
 * Throws when the page was opened outside the application.
 */
export function getBridge(): Bridge {
  const { relay } = window as Window & { readonly relay?: Bridge };
  if (!relay) throw new Error('The page was opened outside the application: there is no bridge.');
  const { onPush, stageFiles, ...domains } = relay as unknown as Record<string, Commands> &
    Pick<Bridge, 'onPush' | 'stageFiles'>;
  const copies = Object.entries(domains).map(([name, commands]) => [name, copying(commands)]);
  return { ...Object.fromEntries(copies), onPush, stageFiles } as Bridge;
}
