/** What the contents of a window want of the rest of main. */
import type { HostWebContents } from './web-contents.ts';

/** What a page says to main; an `invoke` wants an answer. */
export interface PageMessage {
  kind: 'invoke' | 'send';
  channel: string;
  args: unknown[];
}

/** Who answers the messages of pages, and the requests for permissions. */
export interface ContentsServices {
  deliver(message: PageMessage, sender: Electron.WebContents, senderFrame: Electron.WebFrameMain): Promise<unknown>;
  permit(contents: HostWebContents, permission: string, mediaTypes: ('audio' | 'video')[]): Promise<boolean>;
  session: Electron.Session;
}
