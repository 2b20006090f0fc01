/** Windows whose pages are opened elsewhere: by a test, or by a user who gets the address. */
import type { Contents } from '../contents.ts';
import type { Screen } from '../runtime.ts';

/**
 * Announces the address of each window that needs a page. Addresses stay valid for the whole run: the user may need one
 * again when the page opened with it is gone, and until then it is not announced twice.
 */
export function announceScreen(
  notify: (windowId: number, address: string) => void,
  addressOf: (contents: Contents) => string,
  colours: Screen['colours'] = () => undefined,
): Screen {
  /** By window: how many pages it had opened when its address was last announced. */
  const announced = new Map<number, number>();

  function announce(contents: Contents): void {
    announced.set(contents.id, contents.documents);
    notify(contents.id, addressOf(contents));
  }

  return {
    open: announce,
    raise: (contents) => {
      if (!contents.hasDocument && announced.get(contents.id) !== contents.documents) announce(contents);
    },
    close: (contents) => void announced.delete(contents.id),
    colours,
  };
}
