/** The contents of one window, as everything around it sees them. What they are inside is in modules/web-contents.ts. */
import type { ServedWindow } from './server/server.ts';

export interface Contents extends ServedWindow {
  /** What the application holds of them. */
  readonly whole: Electron.WebContents;
  /** The development server's origin while its page is shown. */
  readonly devOrigin: string | null;
  /** A page is open and could be seen. */
  readonly hasDocument: boolean;
  /** How many pages have been open here so far. */
  readonly documents: number;
  /** The address as Electron tells it. */
  getURL(): string;
  /** Puts text into the browser's clipboard, where the browser lets the page. */
  copyText(text: string): void;
  /** The page ended without a word. */
  pageCrashed(reason?: Electron.RenderProcessGoneDetails['reason']): void;
  /** The person closed the page. */
  pageClosed(): void;
}
