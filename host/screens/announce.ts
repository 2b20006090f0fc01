/** Windows whose pages somebody else opens: a test, or a person who is told the address. */
import type { HostWebContents } from '../modules/web-contents.ts';
import type { Screen } from '../runtime.ts';

/** Tells the address of each window that wants a page. Addresses stay good for the run: a person may need one twice. */
export function announceScreen(
  tell: (windowId: number, address: string) => void,
  addressOf: (contents: HostWebContents) => string,
  colours: Screen['colours'] = () => undefined,
): Screen {
  return {
    open: (contents) => tell(contents.id, addressOf(contents)),
    raise: (contents) => {
      if (!contents.hasDocument) tell(contents.id, addressOf(contents));
    },
    close: () => undefined,
    colours,
  };
}
