/**
 * The contents of one window: a chain of documents, of which at most one lives.
 *
 * `empty` until loadURL; `wanted` while an address should be shown and no document has opened its link; `open` while one
 * has. A link that ends after the page said that it leaves goes back to `wanted` for a moment (a reload, a navigation);
 * if nothing follows, the person has closed the page. A link that ends without a word is a page that crashed.
 */
import { EventEmitter } from 'node:events';
import { readFile } from 'node:fs/promises';
import { pageRuntime } from '../page/bundle.ts';
import { guardMortal } from '../guard.ts';
import type { Runtime } from '../runtime.ts';
import { isHttp, toAppUrl, toPath } from '../server/address.ts';
import type { PageSocket } from '../server/page-socket.ts';
import type { ServedWindow } from '../server/server.ts';
import { readArguments } from '../server/page-frame.ts';
import { encode } from '../wire/codec.ts';
import type { ContentsServices, PageMessage } from './contents-services.ts';
import { createEvent } from './event.ts';
import type { PageFrame } from '../wire/frames.ts';
import { createFrame } from './web-frame.ts';

/** How long after a page has said good-bye another document of the same window is awaited. */
const RETURN_MS = 3000;

interface OpenDocument {
  page: PageSocket;
  frame: Electron.WebFrameMain;
  leaving: boolean;
}

export class HostWebContents extends EventEmitter implements ServedWindow {
  readonly id: number;
  readonly whole: Electron.WebContents;
  readonly preferences: Electron.WebPreferences;
  currentUrl = '';
  devOrigin: string | null = null;
  pageFocused = false;
  pageVisible = false;
  private readonly runtime: Runtime;
  private readonly services: ContentsServices;
  private document: OpenDocument | null = null;
  private destroyed = false;
  private crashed = false;
  private loading = false;
  private title = '';
  private returnTimer: NodeJS.Timeout | null = null;
  private windowOpenHandler: Parameters<Electron.WebContents['setWindowOpenHandler']>[0] | null = null;
  private webRtcPolicy = 'default';
  private nextProcessId = 1;
  /** A navigation was told of and is not at its end yet. */
  private navigating = false;
  /** The frame while there is no document of ours in it. */
  private readonly emptyFrame = createFrame({
    processId: 0,
    routingId: 0,
    url: () => '',
    origin: () => 'null',
    gone: () => this.destroyed,
  });

  constructor(runtime: Runtime, services: ContentsServices, preferences: Electron.WebPreferences) {
    super();
    this.runtime = runtime;
    this.services = services;
    this.preferences = preferences;
    this.id = runtime.newContentsId();
    runtime.contents.set(this.id, this);
    this.whole = guardMortal<Electron.WebContents>('webContents', this);
  }

  get session(): Electron.Session {
    return this.services.session;
  }

  get mainFrame(): Electron.WebFrameMain {
    return this.document?.frame ?? this.emptyFrame;
  }

  getURL(): string {
    return this.currentUrl;
  }

  getTitle(): string {
    return this.title;
  }

  isLoading(): boolean {
    return this.loading;
  }

  isDestroyed(): boolean {
    return this.destroyed;
  }

  isCrashed(): boolean {
    return this.crashed;
  }

  isFocused(): boolean {
    return this.pageFocused;
  }

  getType(): 'window' {
    return 'window';
  }

  /** Shows an address; the promise ends when the document has loaded, or fails as it fails. */
  async loadURL(url: string): Promise<void> {
    const parsed = new URL(url);
    this.currentUrl = url;
    this.devOrigin = isHttp(parsed) ? parsed.origin : null;
    this.loading = true;
    this.startNavigation(url);
    const loaded = new Promise<void>((resolve, reject) => {
      this.once('did-finish-load', () => resolve());
      this.once('did-fail-load', (_event: unknown, code: number, reason: string) => {
        reject(Object.assign(new Error(`${reason} (${code}) loading '${url}'`), { errno: code, code: reason, url }));
      });
      this.once('destroyed', () => resolve());
    });
    if (this.document) this.document.page.send({ kind: 'go', url: toPath(this.id, url) });
    else this.runtime.screen.open(this);
    await loaded;
  }

  reload(): void {
    this.loading = true;
    this.crashed = false;
    this.startNavigation(this.currentUrl);
    if (this.document) this.document.page.send({ kind: 'command', command: 'reload' });
    else this.runtime.screen.open(this);
  }

  /** Sends to the page; lost when no document is open. Throws for what cannot be cloned. */
  send(channel: string, ...args: unknown[]): void {
    const text = encode(args);
    this.document?.page.send({ kind: 'event', channel, args: text });
  }

  focus(): void {
    this.document?.page.send({ kind: 'command', command: 'focus' });
    this.runtime.screen.raise(this);
  }

  setWebRTCIPHandlingPolicy(policy: Parameters<Electron.WebContents['setWebRTCIPHandlingPolicy']>[0]): void {
    this.webRtcPolicy = policy;
  }

  getWebRTCIPHandlingPolicy(): string {
    return this.webRtcPolicy;
  }

  setWindowOpenHandler(handler: Parameters<Electron.WebContents['setWindowOpenHandler']>[0]): void {
    this.windowOpenHandler = handler;
  }

  /** Puts text into the browser's clipboard, where the browser lets the page. */
  copyText(text: string): void {
    this.document?.page.send({ kind: 'clipboard', text });
  }

  /** A page is open and could be seen. */
  get hasDocument(): boolean {
    return this.document !== null;
  }

  /** How many pages have been open here so far. */
  get documents(): number {
    return this.nextProcessId - 1;
  }

  async bootScript(linkPath: string): Promise<string> {
    const runtime = await pageRuntime();
    const { preload } = this.preferences;
    const source = preload === undefined ? null : await readFile(preload, 'utf8');
    const config = JSON.stringify({ socketPath: linkPath, platform: process.platform });
    const asFunction = source === null ? 'null' : `function (require, module, exports, process) {\n${source}\n}`;
    return `(function () {\n${runtime}\nStandIn.boot(${config}, ${asFunction});\n})();\n`;
  }

  documentServed(url: string, status: number): void {
    this.loading = true;
    // What the person does with the browser's own buttons is first heard of here.
    if (!this.navigating) this.startNavigation(url);
    this.emit('did-start-loading');
    if (status >= 400) this.emit('did-fail-load', createEvent({}), -300, `ERR_HTTP_${status}`, url, true);
  }

  documentOpened(page: PageSocket): void {
    const before = this.document;
    if (this.returnTimer) clearTimeout(this.returnTimer);
    this.returnTimer = null;
    this.crashed = false;
    const document: OpenDocument = {
      page,
      leaving: false,
      frame: createFrame({
        processId: this.nextProcessId++,
        routingId: 1,
        url: () => this.currentUrl,
        origin: () => this.runtime.originOf(this.currentUrl),
        gone: () => this.document !== document,
      }),
    };
    this.document = document;
    before?.page.terminate();
    this.navigating = false;
    this.emit('did-navigate', createEvent({}), this.currentUrl, 200, 'OK');
    page.listen(
      (frame) => this.heard(document, frame),
      () => this.documentClosed(document),
    );
  }

  /** Brings a message to main as if the page had sent it, whether a document is open or not. */
  async invokeAsPage(channel: string, args: unknown[]): Promise<unknown> {
    const url = this.currentUrl;
    const origin = this.runtime.originOf(url);
    const source = { processId: 0, routingId: 1, url: () => url, origin: () => origin, gone: () => this.destroyed };
    const frame = createFrame(source);
    const message: PageMessage = { kind: 'invoke', channel, args: structuredClone(args) };
    return this.services.deliver(message, this.whole, frame);
  }

  /** The page ended without a word. Also called by tests, which may end a page so. */
  pageCrashed(reason: Electron.RenderProcessGoneDetails['reason'] = 'crashed'): void {
    this.document = null;
    this.crashed = true;
    this.pageFocused = false;
    this.pageVisible = false;
    this.emit('render-process-gone', createEvent({}), { reason, exitCode: reason === 'clean-exit' ? 0 : 1 });
  }

  /** The person closed the page. */
  pageClosed(): void {
    if (this.returnTimer) clearTimeout(this.returnTimer);
    this.returnTimer = null;
    this.document = null;
    this.pageFocused = false;
    this.pageVisible = false;
    this.emit('page-closed');
  }

  /** Ends the contents for good. */
  destroy(): void {
    if (this.destroyed) return;
    this.destroyed = true;
    if (this.returnTimer) clearTimeout(this.returnTimer);
    const { document } = this;
    this.document = null;
    document?.page.send({ kind: 'command', command: 'close' });
    this.runtime.screen.close(this);
    this.runtime.contents.delete(this.id);
    this.emit('destroyed');
  }

  setFocus(focused: boolean, visible: boolean): void {
    const changed = focused !== this.pageFocused;
    this.pageFocused = focused;
    this.pageVisible = visible;
    if (!changed) return;
    this.emit(focused ? 'focus' : 'blur');
    this.runtime.emit('focus', this);
  }

  private documentClosed(document: OpenDocument): void {
    if (this.document !== document) return;
    if (!document.leaving) {
      this.pageCrashed();
      return;
    }
    this.document = null;
    this.returnTimer = setTimeout(() => this.pageClosed(), RETURN_MS);
  }

  private heard(document: OpenDocument, frame: PageFrame): void {
    if (this.document !== document) return;
    switch (frame.kind) {
      case 'invoke':
      case 'send':
        this.message(document, frame);
        return;
      case 'stage':
        if (this.moveTo(document, frame.url)) this.stage(frame.stage, frame.title);
        return;
      case 'title':
        this.setTitle(frame.title);
        return;
      case 'focus':
        this.emit('page-focus', frame.focused, frame.visible);
        return;
      case 'navigate':
        document.page.send({ kind: 'allowed', id: frame.id, allowed: this.mayNavigate(frame.url) });
        return;
      case 'moved':
        if (!this.moveTo(document, frame.url)) return;
        this.emitStart(this.currentUrl, true);
        this.emit('did-navigate-in-page', createEvent({}), this.currentUrl, true);
        return;
      case 'open':
        this.openWindow(frame.url, frame.disposition);
        return;
      case 'permission':
        void this.permit(document, frame);
        return;
      case 'leaving':
        document.leaving = true;
        return;
    }
  }

  private message(document: OpenDocument, frame: Extract<PageFrame, { kind: 'invoke' | 'send' }>): void {
    const args = readArguments(frame.args);
    // The runtime in the page sends no such text: somebody else speaks.
    if (args === null) document.page.terminate();
    else if (frame.kind === 'invoke') void this.answer(document, frame.id, { ...frame, args });
    else void this.services.deliver({ ...frame, args }, this.whole, document.frame);
  }

  private async answer(document: OpenDocument, id: number, message: PageMessage): Promise<void> {
    try {
      const value = await this.services.deliver(message, this.whole, document.frame);
      document.page.send({ kind: 'reply', id, value: encode(value) });
    } catch (error) {
      const reason = `Error invoking remote method '${message.channel}': ${String(error)}`;
      document.page.send({ kind: 'refusal', id, message: reason });
    }
  }

  private async permit(document: OpenDocument, frame: Extract<PageFrame, { kind: 'permission' }>): Promise<void> {
    const allowed = await this.services.permit(this, frame.permission, frame.mediaTypes);
    document.page.send({ kind: 'allowed', id: frame.id, allowed });
  }

  /** The document's address has changed. Its origin cannot: a page that says so is not ours, and ends. */
  private moveTo(document: OpenDocument, pageUrl: string): boolean {
    const url = this.appUrl(pageUrl);
    if (this.runtime.originOf(url) !== this.runtime.originOf(this.currentUrl)) {
      document.page.terminate();
      return false;
    }
    this.currentUrl = url;
    return true;
  }

  private stage(stage: 'dom-ready' | 'finish', title: string): void {
    this.setTitle(title);
    if (stage === 'dom-ready') {
      this.emit('dom-ready');
      return;
    }
    this.loading = false;
    this.emit('did-stop-loading');
    this.emit('did-finish-load');
  }

  private setTitle(title: string): void {
    if (title === this.title) return;
    this.title = title;
    this.emit('page-title-updated', createEvent({}), title, true);
  }

  private mayNavigate(pageUrl: string): boolean {
    const url = this.appUrl(pageUrl);
    const frame = this.mainFrame;
    // As with Electron, the start is told before anybody may prevent it.
    this.startNavigation(url);
    const allowed = ['will-navigate', 'will-frame-navigate'].every((name) => {
      const event = createEvent({ url, isMainFrame: true, isSameDocument: false, frame, initiator: frame });
      this.emit(name, event, url, false, true);
      return !event.defaultPrevented;
    });
    if (!allowed) this.navigating = false;
    this.runtime.outside.note('navigation', { contents: this.id, url, allowed });
    return allowed;
  }

  private startNavigation(url: string): void {
    this.navigating = true;
    this.emitStart(url, false);
  }

  private emitStart(url: string, isSameDocument: boolean): void {
    const details = { url, isSameDocument, isMainFrame: true, frame: this.mainFrame };
    this.emit('did-start-navigation', createEvent(details), url, isSameDocument, true);
  }

  private openWindow(pageUrl: string, disposition: Electron.HandlerDetails['disposition']): void {
    const url = this.appUrl(pageUrl);
    const answer = this.windowOpenHandler?.({
      url,
      frameName: '',
      features: '',
      disposition,
      referrer: { url: '', policy: 'strict-origin-when-cross-origin' },
    });
    this.runtime.outside.note('window-open', { contents: this.id, url, action: answer?.action ?? 'deny' });
    if (answer?.action === 'allow') {
      throw new Error('The stand-in for Electron does not open windows for pages.');
    }
  }

  private appUrl(pageUrl: string): string {
    return toAppUrl(this.runtime.server.access.base, this.devOrigin, pageUrl);
  }
}
