/** The only file that touches what the preload put on `window`. */
import type { Bridge } from '#contract/ipc/channels.ts';

/** Main's commands and its push. Throws where the page was opened outside the application. */
export function getBridge(): Bridge {
  const { relay } = window as Window & { readonly relay?: Bridge };
  if (!relay) throw new Error('The page was opened outside the application: there is no bridge.');
  return relay;
}
