/**
 * The contents of one window: a sequence of documents, at most one of them alive.
 *
 * `empty` until loadURL; `wanted` while a URL should be shown and no document has connected; `open` while one is
 * connected. When a connection ends after the page announced that it is leaving, the state returns to `wanted` briefly
 * (a reload, a navigation); if no document follows, the user has closed the page. A connection that ends unannounced is
 * a crashed page.
 */
import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { readFile } from 'node:fs/promises';
import { sep } from 'node:path';
import type { Contents } from '../contents.ts';
import { guardMortal } from '../guard.ts';
import { pageRuntime } from '../page/bundle.ts';
import type { Runtime } from '../runtime.ts';
import { isHttp, ownPath, toAppUrl, toPath } from '../server/address.ts';
import { FILES_NAME } from '../server/given-folder.ts';
import type { PageSocket } from '../server/page-socket.ts';
import { encode } from '../wire/codec.ts';
import { ContentsNavigation } from './contents-navigation.ts';
import type { ContentsServices, PageMessage } from './contents-services.ts';
import { createEvent } from './event.ts';
import { OpenDocument, type DocumentOwner } from './open-document.ts';
import { createFrame } from './web-frame.ts';

/** Milliseconds to wait for another document of the same window after a page has announced that it is leaving. */
const RETURN_MS = 3000;

export class HostWebContents extends EventEmitter implements Contents {
  readonly id: number;
  readonly whole: Electron.WebContents;
  readonly preferences: Electron.WebPreferences;
  currentUrl = '';
  devOrigin: string | null = null;
  pageFocused = false;
  pageVisible = false;
  filesKey: string | null = null;
  private readonly runtime: Runtime;
  private readonly services: ContentsServices;
  private document: OpenDocument | null = null;
  private destroyed = false;
  private crashed = false;
  private loading = false;
  private title = '';
  private returnTimer: NodeJS.Timeout | null = null;
  private webRtcPolicy = 'default';
  private nextProcessId = 1;
  private readonly navigation: ContentsNavigation;
  /** The main frame while none of our documents is loaded. */
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
    this.navigation = new ContentsNavigation(this, runtime.outside);
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

  /** Loads a URL; resolves when the document has loaded, rejects when loading fails. */
  async loadURL(url: string): Promise<void> {
    const parsed = new URL(url);
    this.currentUrl = url;
    this.devOrigin = isHttp(parsed) ? parsed.origin : null;
    this.loading = true;
    this.navigation.start(url);
    const loaded = new Promise<void>((resolve, reject) => {
      this.once('did-finish-load', () => resolve());
      this.once('did-fail-load', (_event: unknown, code: number, reason: string) => {
        reject(Object.assign(new Error(`${reason} (${code}) loading '${url}'`), { errno: code, code: reason, url }));
      });
      this.once('destroyed', () => resolve());
    });
    if (this.document) this.document.send({ kind: 'go', url: toPath(this.id, url) });
    else this.runtime.screen.open(this);
    await loaded;
  }

  reload(): void {
    this.loading = true;
    this.crashed = false;
    this.navigation.start(this.currentUrl);
    if (this.document) this.document.send({ kind: 'command', command: 'reload' });
    else this.runtime.screen.open(this);
  }

  /** Sends to the page; lost when no document is open. Throws for values that cannot be cloned. */
  send(channel: string, ...args: unknown[]): void {
    const text = encode(args);
    this.document?.send({ kind: 'event', channel, args: text });
  }

  focus(): void {
    this.document?.send({ kind: 'command', command: 'focus' });
    this.runtime.screen.raise(this);
  }

  setWebRTCIPHandlingPolicy(policy: Parameters<Electron.WebContents['setWebRTCIPHandlingPolicy']>[0]): void {
    this.webRtcPolicy = policy;
  }

  getWebRTCIPHandlingPolicy(): string {
    return this.webRtcPolicy;
  }

  setWindowOpenHandler(handler: Parameters<Electron.WebContents['setWindowOpenHandler']>[0]): void {
    this.navigation.windowOpenHandler = handler;
  }

  /** Puts text on the browser's clipboard, if the browser allows the page to. */
  copyText(text: string): void {
    this.document?.send({ kind: 'clipboard', text });
  }

  /** Whether a page is open that could be visible. */
  get hasDocument(): boolean {
    return this.document !== null;
  }

  /** How many pages have been opened here so far. */
  get documents(): number {
    return this.nextProcessId - 1;
  }

  async bootScript(linkPath: string): Promise<string> {
    const runtime = await pageRuntime();
    const { preload } = this.preferences;
    const source = preload === undefined ? null : await readFile(preload, 'utf8');
    this.filesKey = randomBytes(18).toString('base64url');
    const files = {
      folder: this.runtime.givenFolder(),
      separator: sep,
      address: ownPath(this.id, FILES_NAME),
      key: this.filesKey,
    };
    const config = JSON.stringify({ socketPath: linkPath, platform: process.platform, files });
    const asFunction = source === null ? 'null' : `function (require, module, exports, process) {\n${source}\n}`;
    return `(function () {\n${runtime}\nStandIn.boot(${config}, ${asFunction});\n})();\n`;
  }

  documentServed(url: string, status: number): void {
    this.loading = true;
    // Navigation through the browser's own buttons is first seen here.
    if (!this.navigation.underWay) this.navigation.start(url);
    this.emit('did-start-loading');
    if (status >= 400) this.emit('did-fail-load', createEvent({}), -300, `ERR_HTTP_${status}`, url, true);
  }

  documentOpened(page: PageSocket): void {
    const before = this.document;
    if (this.returnTimer) clearTimeout(this.returnTimer);
    this.returnTimer = null;
    this.crashed = false;
    const frame = createFrame({
      processId: this.nextProcessId++,
      routingId: 1,
      url: () => this.currentUrl,
      origin: () => this.runtime.originOf(this.currentUrl),
      gone: () => this.document !== document,
    });
    const document = new OpenDocument(page, frame, this.ownerOfDocuments(), this.services);
    this.document = document;
    before?.terminate();
    this.navigation.underWay = false;
    this.emit('did-navigate', createEvent({}), this.currentUrl, 200, 'OK');
    document.listen(
      () => this.document === document,
      () => this.documentClosed(document),
    );
  }

  /** Delivers a message to main as if the page had sent it, whether or not a document is open. */
  async invokeAsPage(channel: string, args: unknown[]): Promise<unknown> {
    const url = this.currentUrl;
    const origin = this.runtime.originOf(url);
    const source = { processId: 0, routingId: 1, url: () => url, origin: () => origin, gone: () => this.destroyed };
    const frame = createFrame(source);
    const message: PageMessage = { kind: 'invoke', channel, args: structuredClone(args) };
    return this.services.deliver(message, this.whole, frame);
  }

  /** The page ended unexpectedly. Tests call this too, to simulate a crash. */
  pageCrashed(reason: Electron.RenderProcessGoneDetails['reason'] = 'crashed'): void {
    this.document = null;
    this.crashed = true;
    this.pageFocused = false;
    this.pageVisible = false;
    this.emit('render-process-gone', createEvent({}), { reason, exitCode: reason === 'clean-exit' ? 0 : 1 });
  }

  /** The user closed the page. */
  pageClosed(): void {
    if (this.returnTimer) clearTimeout(this.returnTimer);
    this.returnTimer = null;
    this.document = null;
    this.pageFocused = false;
    this.pageVisible = false;
    this.emit('page-closed');
  }

  /** Destroys the contents permanently. */
  destroy(): void {
    if (this.destroyed) return;
    this.destroyed = true;
    if (this.returnTimer) clearTimeout(this.returnTimer);
    const { document } = this;
    this.document = null;
    document?.send({ kind: 'command', command: 'close' });
    this.runtime.screen.close(this);
    this.runtime.contents.delete(this.id);
    this.emit('destroyed');
  }

  setFocus(focused: boolean, visible: boolean): void {
    const changed = focused !== this.pageFocused;
    this.pageFocused = focused;
    this.pageVisible = visible;
    if (changed) this.emit(focused ? 'focus' : 'blur');
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

  private ownerOfDocuments(): DocumentOwner {
    const { navigation } = this;
    return {
      sender: this.whole,
      moveTo: (pageUrl) => this.moveTo(pageUrl),
      staged: (stage, title) => this.stage(stage, title),
      titled: (title) => this.setTitle(title),
      focused: (focused, visible) => void this.emit('page-focus', focused, visible),
      mayNavigate: (pageUrl) => navigation.ask(this.appUrl(pageUrl)),
      moved: () => navigation.moved(this.currentUrl),
      openWindow: (pageUrl, disposition) => navigation.openWindow(this.appUrl(pageUrl), disposition),
      permit: (permission, mediaTypes) => this.services.permit(this, permission, mediaTypes),
    };
  }

  private moveTo(pageUrl: string): boolean {
    const url = this.appUrl(pageUrl);
    if (this.runtime.originOf(url) !== this.runtime.originOf(this.currentUrl)) return false;
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

  private appUrl(pageUrl: string): string {
    return toAppUrl(this.runtime.server.access.base, this.devOrigin, pageUrl);
  }
}
