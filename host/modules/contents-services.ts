/** What the contents of a window want of the rest of main. */
import type { Contents } from '../contents.ts';

/** What a page says to main; an `invoke` wants an answer. */
export interface PageMessage {
  kind: 'invoke' | 'send';
  channel: string;
  args: unknown[];
}

/** Who answers the messages of pages, and the requests for permissions. */
export interface ContentsServices {
  deliver(message: PageMessage, sender: Electron.WebContents, senderFrame: Electron.WebFrameMain): Promise<unknown>;
  permit(contents: Contents, permission: string, mediaTypes: ('audio' | 'video')[]): Promise<boolean>;
  session: Electron.Session;
}
