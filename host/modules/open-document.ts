/** One document of a window while its page is connected: handles the page's messages and answers them. */
import type { PageSocket } from '../server/page-socket.ts';
import { readArguments } from '../server/page-frame.ts';
import { encode } from '../wire/codec.ts';
import type { HostFrame, PageFrame } from '../wire/frames.ts';
import type { ContentsServices, PageMessage } from './contents-services.ts';

/** What a document needs from the contents it belongs to. */
export interface DocumentOwner {
  /** The sender of the page's messages. */
  readonly sender: Electron.WebContents;
  /** The page is now at this URL; false when our page cannot be there. */
  moveTo(pageUrl: string): boolean;
  staged(stage: 'dom-ready' | 'finish', title: string): void;
  titled(title: string): void;
  focused(focused: boolean, visible: boolean): void;
  mayNavigate(pageUrl: string): boolean;
  /** The page has navigated within its document. */
  moved(): void;
  openWindow(pageUrl: string, disposition: Electron.HandlerDetails['disposition']): void;
  permit(permission: string, mediaTypes: ('audio' | 'video')[]): Promise<boolean>;
}

export class OpenDocument {
  readonly frame: Electron.WebFrameMain;
  /** The page has announced that it is leaving, so its end is not a crash. */
  leaving = false;
  private readonly page: PageSocket;
  private readonly owner: DocumentOwner;
  private readonly services: ContentsServices;

  constructor(page: PageSocket, frame: Electron.WebFrameMain, owner: DocumentOwner, services: ContentsServices) {
    this.page = page;
    this.frame = frame;
    this.owner = owner;
    this.services = services;
  }

  send(frame: HostFrame): void {
    this.page.send(frame);
  }

  /** Closes the connection. */
  terminate(): void {
    this.page.terminate();
  }

  /**
   * Starts receiving frames, while this is the window's current document. `closed` runs once, when the connection ends.
   */
  listen(isCurrent: () => boolean, closed: () => void): void {
    this.page.listen((frame) => {
      if (isCurrent()) this.heard(frame);
    }, closed);
  }

  private heard(frame: PageFrame): void {
    const { owner } = this;
    switch (frame.kind) {
      case 'invoke':
      case 'send':
        this.message(frame);
        return;
      case 'stage':
        if (this.isAt(frame.url)) owner.staged(frame.stage, frame.title);
        return;
      case 'title':
        owner.titled(frame.title);
        return;
      case 'focus':
        owner.focused(frame.focused, frame.visible);
        return;
      case 'navigate':
        this.send({ kind: 'allowed', id: frame.id, allowed: owner.mayNavigate(frame.url) });
        return;
      case 'moved':
        if (this.isAt(frame.url)) owner.moved();
        return;
      case 'open':
        owner.openWindow(frame.url, frame.disposition);
        return;
      case 'permission':
        void this.permit(frame);
        return;
      case 'leaving':
        this.leaving = true;
        return;
    }
  }

  /**
   * A document's URL may change, but not its origin: a page that claims otherwise is not ours and gets disconnected.
   */
  private isAt(pageUrl: string): boolean {
    const isOurs = this.owner.moveTo(pageUrl);
    if (!isOurs) this.terminate();
    return isOurs;
  }

  private message(frame: Extract<PageFrame, { kind: 'invoke' | 'send' }>): void {
    const args = readArguments(frame.args);
    // The runtime in the page never sends such text, so this comes from something else.
    if (args === null) this.terminate();
    else if (frame.kind === 'invoke') void this.answer(frame.id, { ...frame, args });
    else void this.services.deliver({ ...frame, args }, this.owner.sender, this.frame);
  }

  private async answer(id: number, message: PageMessage): Promise<void> {
    try {
      const value = await this.services.deliver(message, this.owner.sender, this.frame);
      this.send({ kind: 'reply', id, value: encode(value) });
    } catch (error) {
      const reason = `Error invoking remote method '${message.channel}': ${String(error)}`;
      this.send({ kind: 'refusal', id, message: reason });
    }
  }

  private async permit(frame: Extract<PageFrame, { kind: 'permission' }>): Promise<void> {
    const allowed = await this.owner.permit(frame.permission, frame.mediaTypes);
    this.send({ kind: 'allowed', id: frame.id, allowed });
  }
}
