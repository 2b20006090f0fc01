/**
 * `BrowserWindow`: the frame around one page, as far as there is one. Its bounds are whatever was last requested.
 *
 * A window is `visible` or not, and `active` once it was given the focus: `show` and `focus` do that, `showInactive`
 * and `maximize` show it without. A browser window starts out focused, but that does not count before the window is
 * active.
 */
import { EventEmitter } from 'node:events';
import { guardClass, guardMortal } from '../guard.ts';
import type { Runtime } from '../runtime.ts';
import type { ClosableWindow, HostApp } from './app.ts';
import { createEvent } from './event.ts';
import type { ContentsServices } from './contents-services.ts';
import { HostWebContents } from './web-contents.ts';

type Options = Electron.BrowserWindowConstructorOptions;

/** The CSS colours that are used here. */
const COLOUR = /^#[\da-f]{6}([\da-f]{2})?$/i;

export class HostBrowserWindow extends EventEmitter implements ClosableWindow {
  readonly whole: Electron.BrowserWindow;
  readonly contents: HostWebContents;
  readonly id: number;
  readonly options: Options;
  private readonly runtime: Runtime;
  private readonly app: HostApp;
  private bounds: Electron.Rectangle;
  private minimum: [number, number];
  private caption: string;
  private visible: boolean;
  private active: boolean;
  /** The focus state the page last reported, and whether it was ever unfocused. */
  private pageSays = { focused: false, left: false };
  private minimized = false;
  private maximized = false;
  private wholeScreen = false;
  private onTop: boolean;
  private destroyed = false;
  /** Set by tests: overrides the focus state reported by the page. */
  private forcedFocus: boolean | null = null;

  constructor(runtime: Runtime, app: HostApp, services: ContentsServices, options: Options = {}) {
    super();
    this.runtime = runtime;
    this.app = app;
    this.options = options;
    this.contents = new HostWebContents(runtime, services, options.webPreferences ?? {});
    this.id = this.contents.id;
    this.bounds = { x: options.x ?? 0, y: options.y ?? 0, width: options.width ?? 800, height: options.height ?? 600 };
    this.minimum = [options.minWidth ?? 0, options.minHeight ?? 0];
    this.caption = options.title ?? app.name;
    this.visible = options.show ?? true;
    this.active = this.visible;
    this.onTop = options.alwaysOnTop ?? false;
    this.whole = guardMortal<Electron.BrowserWindow>('BrowserWindow', this);
    app.windows.add(this);
    this.follow();
  }

  get webContents(): Electron.WebContents {
    return this.contents.whole;
  }

  async loadURL(url: string): Promise<void> {
    await this.contents.loadURL(url);
  }

  reload(): void {
    this.contents.reload();
  }

  /** Asks to close, like a click on the close button. */
  close(): void {
    this.requestClose();
  }

  requestClose(): boolean {
    if (this.destroyed) return true;
    const event = createEvent({});
    this.emit('close', event);
    if (event.defaultPrevented) return false;
    this.destroy();
    return true;
  }

  destroy(): void {
    if (this.destroyed) return;
    this.destroyed = true;
    this.visible = false;
    this.contents.destroy();
    this.emit('closed');
    this.app.windowClosed(this);
  }

  isDestroyed(): boolean {
    return this.destroyed;
  }

  show(): void {
    this.setVisible(true);
    this.focus();
  }

  showInactive(): void {
    this.setVisible(true);
  }

  hide(): void {
    this.setVisible(false);
    this.active = false;
    this.contents.setFocus(false, false);
  }

  isVisible(): boolean {
    return this.visible;
  }

  /** An invisible window cannot have the focus, and focusing does not show it. */
  focus(): void {
    if (!this.visible || this.minimized) return;
    this.active = true;
    this.forcedFocus = this.forcedFocus === null ? null : true;
    this.runtime.outside.note('focus', { window: this.id });
    this.contents.focus();
    if (this.forcedFocus ?? this.pageSays.focused) this.contents.setFocus(true, true);
  }

  blur(): void {
    this.active = false;
    this.contents.setFocus(false, this.visible);
  }

  isFocused(): boolean {
    return this.visible && !this.minimized && this.active && this.contents.pageFocused;
  }

  minimize(): void {
    if (this.minimized) return;
    this.minimized = true;
    this.contents.setFocus(false, false);
    this.emit('minimize');
  }

  restore(): void {
    if (!this.minimized) return;
    this.minimized = false;
    this.emit('restore');
  }

  isMinimized(): boolean {
    return this.minimized;
  }

  /** Also shows the window, without focusing it. */
  maximize(): void {
    this.setVisible(true);
    this.setMaximized(true);
  }

  unmaximize(): void {
    this.setMaximized(false);
  }

  isMaximized(): boolean {
    return this.maximized;
  }

  setFullScreen(flag: boolean): void {
    if (flag === this.wholeScreen) return;
    this.wholeScreen = flag;
    this.emit(flag ? 'enter-full-screen' : 'leave-full-screen');
  }

  isFullScreen(): boolean {
    return this.wholeScreen;
  }

  isNormal(): boolean {
    return !this.minimized && !this.maximized && !this.wholeScreen;
  }

  getBounds(): Electron.Rectangle {
    return { ...this.bounds };
  }

  getNormalBounds(): Electron.Rectangle {
    return { ...this.bounds };
  }

  setBounds(bounds: Partial<Electron.Rectangle>): void {
    this.bounds = { ...this.bounds, ...bounds };
    this.emit('resize');
    this.emit('move');
  }

  setMinimumSize(width: number, height: number): void {
    this.minimum = [width, height];
  }

  getMinimumSize(): number[] {
    return [...this.minimum];
  }

  getTitle(): string {
    return this.caption;
  }

  setTitle(title: string): void {
    this.caption = title;
    this.runtime.outside.note('title', { window: this.id, title });
  }

  setAlwaysOnTop(flag: boolean): void {
    this.onTop = flag;
  }

  isAlwaysOnTop(): boolean {
    return this.onTop;
  }

  setBackgroundColor(color: string): void {
    this.runtime.outside.note('background-color', { window: this.id, color });
  }

  flashFrame(flag: boolean): void {
    this.runtime.outside.note('flash', { window: this.id, flag });
  }

  setProgressBar(progress: number): void {
    this.runtime.outside.note('progress', { window: this.id, progress });
  }

  setOverlayIcon(_overlay: Electron.NativeImage | null, description: string): void {
    this.runtime.outside.note('overlay-icon', { window: this.id, description });
  }

  /** As in Electron, only for a window that was made with an overlay, and with colours that can be read. */
  setTitleBarOverlay(options: Electron.TitleBarOverlayOptions): void {
    const { titleBarStyle = 'default', titleBarOverlay = false } = this.options;
    if (titleBarStyle === 'default' || titleBarOverlay === false)
      throw new TypeError('Titlebar overlay is not enabled');
    for (const colour of [options.color, options.symbolColor]) {
      if (colour !== undefined && !COLOUR.test(colour)) throw new TypeError('Could not parse color as CSS color');
    }
    this.runtime.outside.note('title-bar-overlay', { window: this.id, ...options });
  }

  setMenuBarVisibility(visible: boolean): void {
    this.runtime.outside.note('menu-bar', { window: this.id, visible });
  }

  setAutoHideMenuBar(hide: boolean): void {
    this.runtime.outside.note('auto-hide-menu-bar', { window: this.id, hide });
  }

  removeMenu(): void {
    this.runtime.outside.note('menu-bar', { window: this.id, visible: false });
  }

  /** Overrides whether the window has the user's focus, for tests; null restores what the page reports. */
  forceFocus(focused: boolean | null): void {
    this.forcedFocus = focused;
    this.active ||= focused === true;
    if (focused !== null) this.contents.setFocus(focused, this.visible);
  }

  private setVisible(visible: boolean): void {
    if (visible === this.visible) return;
    this.visible = visible;
    this.emit(visible ? 'show' : 'hide');
  }

  private setMaximized(maximized: boolean): void {
    if (maximized === this.maximized) return;
    this.maximized = maximized;
    this.emit(maximized ? 'maximize' : 'unmaximize');
  }

  private pageFocus(focused: boolean, visible: boolean): void {
    // The user came back to the page: that activates the window too.
    this.active ||= this.visible && focused && this.pageSays.left;
    this.pageSays = { focused, left: this.pageSays.left || !focused };
    if (this.forcedFocus === null) this.contents.setFocus(focused && this.active, visible);
  }

  private follow(): void {
    // As in Electron, not for a window that is already visible.
    this.contents.on('did-finish-load', () => {
      if (!this.visible) this.emit('ready-to-show');
    });
    this.contents.on('page-title-updated', (event: ReturnType<typeof createEvent>, title: string) => {
      this.emit('page-title-updated', event, title, true);
      if (!event.defaultPrevented) this.setTitle(title);
    });
    this.contents.on('did-navigate', () => (this.pageSays = { focused: false, left: false }));
    this.contents.on('page-focus', (focused: boolean, visible: boolean) => this.pageFocus(focused, visible));
    this.contents.on('focus', () => {
      this.emit('focus');
      this.app.emit('browser-window-focus', createEvent({}), this.whole);
    });
    this.contents.on('blur', () => {
      this.emit('blur');
      this.app.emit('browser-window-blur', createEvent({}), this.whole);
    });
    this.contents.on('page-closed', () => this.requestClose());
    this.contents.on('render-process-gone', (event: unknown, details: Electron.RenderProcessGoneDetails) => {
      this.app.emit('render-process-gone', event, this.contents.whole, details);
    });
  }
}

/** The windows of one stand-in, and the class that creates them. */
export function createBrowserWindow(
  runtime: Runtime,
  app: HostApp,
  services: ContentsServices,
): { windows: Set<HostBrowserWindow>; BrowserWindow: typeof Electron.BrowserWindow } {
  const windows = new Set<HostBrowserWindow>();
  const BrowserWindow = guardClass<typeof Electron.BrowserWindow>(
    'BrowserWindow',
    (options) => {
      if (!app.isReady()) throw new Error('Cannot create BrowserWindow before app is ready');
      const window = new HostBrowserWindow(runtime, app, services, options);
      windows.add(window);
      window.once('closed', () => windows.delete(window));
      app.emit('web-contents-created', createEvent({}), window.contents.whole);
      app.emit('browser-window-created', createEvent({}), window.whole);
      return window.whole;
    },
    {
      getAllWindows: () => [...windows].map((window) => window.whole),
      getFocusedWindow: () => [...windows].find((window) => window.isFocused())?.whole ?? null,
      fromWebContents: (contents) => [...windows].find((window) => window.contents.whole === contents)?.whole ?? null,
      fromId: (id) => [...windows].find((window) => window.id === id)?.whole ?? null,
    },
  );
  return { windows, BrowserWindow };
}
