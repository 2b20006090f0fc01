/** What the contents of a window need from the rest of main. */
import type { Contents } from '../contents.ts';

/** A message from a page to main; an `invoke` expects an answer. */
export interface PageMessage {
  kind: 'invoke' | 'send';
  channel: string;
  args: unknown[];
}

/** Handles the messages and permission requests of pages. */
export interface ContentsServices {
  deliver(message: PageMessage, sender: Electron.WebContents, senderFrame: Electron.WebFrameMain): Promise<unknown>;
  permit(contents: Contents, permission: string, mediaTypes: ('audio' | 'video')[]): Promise<boolean>;
  session: Electron.Session;
}
