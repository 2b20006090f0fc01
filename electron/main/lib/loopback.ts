/** This computer itself, by the names that Node and Chromium resolve to it. Pure. */

const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];

/** True for an address of this computer itself, where nobody in between can change anything. */
export function isLoopback(url: URL): boolean {
  return LOOPBACK.includes(url.hostname);
}
