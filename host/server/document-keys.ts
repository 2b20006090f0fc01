/**
 * Decides which script may connect for a document. Each document that a browser itself navigated to (`Sec-Fetch-Dest`,
 * which no script can set) gets a key, which is used up by opening one connection, before any page script runs. So a
 * page cannot open a second connection, neither for its own window nor for another.
 */
import { randomBytes } from 'node:crypto';

/** Limit for documents whose script was never loaded; a browser that discards them leaves their keys here. */
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

  /** True while the key of this window is unused. */
  isFresh(key: string, windowId: number): boolean {
    return this.windows.get(key) === windowId;
  }

  /** Uses up a key; false when it is invalid. */
  redeem(key: string, windowId: number): boolean {
    return this.isFresh(key, windowId) && this.windows.delete(key);
  }
}
