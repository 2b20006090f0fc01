/** Windows whose pages somebody else opens: a test, or a person who is told the address. */
import type { Contents } from '../contents.ts';
import type { Screen } from '../runtime.ts';

/**
 * Tells the address of each window that wants a page. Addresses stay good for the run: a person may need one twice, when
 * the page that it opened is gone, and is not told it twice before.
 */
export function announceScreen(
  tell: (windowId: number, address: string) => void,
  addressOf: (contents: Contents) => string,
  colours: Screen['colours'] = () => undefined,
): Screen {
  /** By window: how many pages it had had when its address was told last. */
  const told = new Map<number, number>();

  function announce(contents: Contents): void {
    told.set(contents.id, contents.documents);
    tell(contents.id, addressOf(contents));
  }

  return {
    open: announce,
    raise: (contents) => {
      if (!contents.hasDocument && told.get(contents.id) !== contents.documents) announce(contents);
    },
    close: (contents) => void told.delete(contents.id),
    colours,
  };
}
