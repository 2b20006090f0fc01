/** Navigation of a page: notifies main, lets it prevent navigations, and lets it decide about new windows. */
import type { EventEmitter } from 'node:events';
import type { SystemUi } from '../system-ui.ts';
import { createEvent } from './event.ts';

/** The contents whose page navigates. */
interface Navigated extends EventEmitter {
  readonly id: number;
  readonly mainFrame: Electron.WebFrameMain;
}

type WindowOpenHandler = Parameters<Electron.WebContents['setWindowOpenHandler']>[0];

export class ContentsNavigation {
  /** A navigation has been reported and is not complete. */
  underWay = false;
  windowOpenHandler: WindowOpenHandler | null = null;
  private readonly contents: Navigated;
  private readonly outside: SystemUi;

  constructor(contents: Navigated, outside: SystemUi) {
    this.contents = contents;
    this.outside = outside;
  }

  /** Another document is being loaded. */
  start(url: string): void {
    this.underWay = true;
    this.emitStart(url, false);
  }

  /** The URL of the page's document has changed. */
  moved(url: string): void {
    this.emitStart(url, true);
    this.contents.emit('did-navigate-in-page', createEvent({}), url, true);
  }

  /** The page wants to navigate: main may prevent it. */
  ask(url: string): boolean {
    const { contents } = this;
    const frame = contents.mainFrame;
    // As in Electron, the start is reported before anything can prevent it.
    this.start(url);
    const allowed = ['will-navigate', 'will-frame-navigate'].every((name) => {
      const event = createEvent({ url, isMainFrame: true, isSameDocument: false, frame, initiator: frame });
      contents.emit(name, event, url, false, true);
      return !event.defaultPrevented;
    });
    if (!allowed) this.underWay = false;
    this.outside.note('navigation', { contents: contents.id, url, allowed });
    return allowed;
  }

  /** The page wants to open a window: main's handler decides. */
  openWindow(url: string, disposition: Electron.HandlerDetails['disposition']): void {
    const answer = this.windowOpenHandler?.({
      url,
      frameName: '',
      features: '',
      disposition,
      referrer: { url: '', policy: 'strict-origin-when-cross-origin' },
    });
    this.outside.note('window-open', { contents: this.contents.id, url, action: answer?.action ?? 'deny' });
    if (answer?.action === 'allow') {
      throw new Error('The stand-in for Electron does not open windows for pages.');
    }
  }

  private emitStart(url: string, isSameDocument: boolean): void {
    const details = { url, isSameDocument, isMainFrame: true, frame: this.contents.mainFrame };
    this.contents.emit('did-start-navigation', createEvent(details), url, isSameDocument, true);
  }
}
