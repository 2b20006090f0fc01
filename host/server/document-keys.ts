/**
 * Which script may speak for a document. A key goes into each document that a browser itself has navigated to
 * (`Sec-Fetch-Dest`, which no script can set), opens one link to the host and is used up by it: before any script of the
 * page has run. So a page cannot make itself a second link, for its own window or for another one.
 */
import { randomBytes } from 'node:crypto';

/** Documents whose script has not come yet; a browser that throws them away leaves its keys here. */
const MOST_KEYS = 1000;

export class DocumentKeys {
  private readonly windows = new Map<string, number>();

  /** A new key for a document of a window. */
  mint(windowId: number): string {
    const key = randomBytes(18).toString('base64url');
    this.windows.set(key, windowId);
    const oldest = this.windows.keys().next().value;
    if (this.windows.size > MOST_KEYS && oldest !== undefined) this.windows.delete(oldest);
    return key;
  }

  /** True while nobody has used the key of this window. */
  isFresh(key: string, windowId: number): boolean {
    return this.windows.get(key) === windowId;
  }

  /** Uses the key up; false when it was none. */
  redeem(key: string, windowId: number): boolean {
    return this.isFresh(key, windowId) && this.windows.delete(key);
  }
}
