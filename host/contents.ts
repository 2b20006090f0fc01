/** The contents of one window, as seen by everything around them. The implementation is in modules/web-contents.ts. */
import type { ServedWindow } from './server/server.ts';

export interface Contents extends ServedWindow {
  /** The object the application gets. */
  readonly whole: Electron.WebContents;
  /** The origin of the development server while its page is shown. */
  readonly devOrigin: string | null;
  /** Whether a page is open that could be visible. */
  readonly hasDocument: boolean;
  /** How many pages have been opened here so far. */
  readonly documents: number;
  /** The URL as Electron reports it. */
  getURL(): string;
  /** Puts text on the browser's clipboard, if the browser allows the page to. */
  copyText(text: string): void;
  /** The page ended unexpectedly. */
  pageCrashed(reason?: Electron.RenderProcessGoneDetails['reason']): void;
  /** The user closed the page. */
  pageClosed(): void;
}
