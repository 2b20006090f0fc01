/** What the page asks of the computer through main. */
import { ask } from './bridge-call.ts';

/** Opens a link outside the app; main decides whether that is allowed. */
export const openExternal = (url: string) => ask((bridge) => bridge.app.openExternal({ url }));

/** Puts plain text on the clipboard. */
export const copyText = (text: string) => ask((bridge) => bridge.app.copyText({ text }));

/** Retries the connection now instead of after the backoff. */
export const tryNow = () => ask((bridge) => bridge.app.tryNow({}));
