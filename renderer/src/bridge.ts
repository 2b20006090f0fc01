/** The only file that touches what the preload put on `window`. */
import type { Bridge } from '#contract/ipc/channels.ts';

declare global {
  interface Window {
    readonly relay?: Bridge;
  }
}

/** Main's commands and its push. Throws where the page was opened outside the application. */
export function getBridge(): Bridge {
  const bridge = window.relay;
  if (!bridge) throw new Error('The page was opened outside the application: there is no bridge.');
  return bridge;
}
