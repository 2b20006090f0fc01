/**
 * `app`: paths, names, the single-instance lock and quitting.
 *
 * Quitting follows Electron's order: `before-quit`, then every window is asked to close, then `will-quit`, then `quit`.
 * Preventing any step before `quit` cancels it.
 */
import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { guard } from '../guard.ts';
import type { Runtime } from '../runtime.ts';
import { createEvent } from './event.ts';
import type { InstanceLock } from './instance-lock.ts';

/** A window the application can ask to close before it quits. */
export interface ClosableWindow {
  /** False when the window stays open. */
  requestClose(): boolean;
  destroy(): void;
}

interface Manifest {
  name: string;
  productName?: string;
  version: string;
}

export class HostApp extends EventEmitter {
  readonly whole: Electron.App;
  readonly windows = new Set<ClosableWindow>();
  readonly isPackaged: boolean;
  name: string;
  badgeCount = 0;
  private readonly runtime: Runtime;
  private readonly lock: InstanceLock;
  private readonly end: (code: number) => void;
  private readonly version: string;
  private readonly paths = new Map<string, string>();
  private readonly switches = new Map<string, string>();
  private ready = false;
  /** Windows are being asked to close: closing the last one then does not count as `window-all-closed`. */
  private quitting = false;
  private ending = false;
  private loginItem = false;

  constructor(runtime: Runtime, lock: InstanceLock, end: (code: number) => void) {
    super();
    this.runtime = runtime;
    this.isPackaged = runtime.options.packaged;
    this.lock = lock;
    this.end = end;
    const manifest = JSON.parse(readFileSync(join(runtime.options.appDir, 'package.json'), 'utf8')) as Manifest;
    this.name = manifest.productName ?? manifest.name;
    this.version = manifest.version;
    this.whole = guard<Electron.App>('app', this, ['dock', 'setUserActivity', 'setJumpList']);
  }

  get commandLine(): Electron.CommandLine {
    return guard<Electron.CommandLine>('commandLine', {
      appendSwitch: (name, value = '') => {
        // Electron accepts this silently, but Chromium has already read its command line.
        if (this.ready) throw new Error(`the switch ${name} comes too late: the app is ready`);
        this.switches.set(name, value);
        this.runtime.outside.note('switch', { name, value });
      },
      hasSwitch: (name) => this.switches.has(name) || this.runtime.options.argv.includes(`--${name}`),
      getSwitchValue: (name) => this.switches.get(name) ?? '',
    });
  }

  isReady(): boolean {
    return this.ready;
  }

  async whenReady(): Promise<void> {
    if (!this.ready) await new Promise<void>((resolve) => this.once('ready', () => resolve()));
  }

  /** Called once the stand-in is up and main has been evaluated. */
  becomeReady(session: Electron.Session): void {
    this.ready = true;
    this.emit('session-created', session);
    this.emit('ready', createEvent({}), {});
  }

  getName(): string {
    return this.name;
  }

  setName(name: string): void {
    this.name = name;
  }

  getVersion(): string {
    return this.version;
  }

  getAppPath(): string {
    return this.runtime.options.appDir;
  }

  getPath(name: Parameters<Electron.App['getPath']>[0]): string {
    return this.paths.get(name) ?? this.defaultPath(name);
  }

  setPath(name: string, path: string): void {
    this.paths.set(name, path);
  }

  setAppLogsPath(path?: string): void {
    this.paths.set('logs', path ?? join(this.getPath('userData'), 'logs'));
  }

  getLocale(): string {
    return this.runtime.options.languages[0] ?? 'en-US';
  }

  getSystemLocale(): string {
    return this.getLocale();
  }

  getPreferredSystemLanguages(): string[] {
    return [...this.runtime.options.languages];
  }

  enableSandbox(): void {
    if (this.ready) throw new Error('app.enableSandbox() can only be called before app is ready');
    this.runtime.outside.note('sandbox', true);
  }

  disableHardwareAcceleration(): void {
    this.runtime.outside.note('hardware-acceleration', false);
  }

  setAppUserModelId(id: string): void {
    this.runtime.outside.note('app-user-model-id', id);
  }

  setToastActivatorCLSID(id: string): void {
    if (!/^\{?[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}\}?$/i.test(id)) throw new Error('Invalid CLSID format');
    this.runtime.outside.note('toast-activator', id);
  }

  setAsDefaultProtocolClient(protocol: string): boolean {
    this.runtime.outside.note('default-protocol-client', protocol);
    return true;
  }

  /** Whether the system starts the application at a login: recorded, nothing is started. */
  setLoginItemSettings(settings: Electron.Settings): void {
    if (process.platform === 'linux') throw new Error('Login items are those of Windows and macOS');
    this.loginItem = settings.openAtLogin ?? false;
    this.runtime.outside.note('login-item', settings);
  }

  getLoginItemSettings(): Electron.LoginItemSettings {
    if (process.platform === 'linux') throw new Error('Login items are those of Windows and macOS');
    const openAtLogin = this.loginItem;
    const status = openAtLogin ? 'enabled' : 'not-registered';
    const executableWillLaunchAtLogin = openAtLogin;
    return { openAtLogin, wasOpenedAtLogin: false, status, executableWillLaunchAtLogin, launchItems: [] };
  }

  setBadgeCount(count = 0): boolean {
    this.badgeCount = count;
    this.runtime.outside.note('badge', count);
    return true;
  }

  getBadgeCount(): number {
    return this.badgeCount;
  }

  setAccessibilitySupportEnabled(enabled: boolean): void {
    this.runtime.outside.note('accessibility-support', enabled);
  }

  requestSingleInstanceLock(): boolean {
    const folder = this.getPath('userData');
    const first = this.lock.request(folder, this.runtime.options.argv, (argv, cwd) => {
      this.emit('second-instance', createEvent({}), argv, cwd, null);
    });
    if (!first) process.stdout.write(`${this.name} is open already: its window was raised.\n`);
    return first;
  }

  hasSingleInstanceLock(): boolean {
    return this.lock.held;
  }

  releaseSingleInstanceLock(): void {
    this.lock.release();
  }

  focus(): void {
    this.emit('activate', createEvent({}), this.windows.size > 0);
  }

  quit(): void {
    if (this.ending || this.quitting) return;
    const before = createEvent({});
    this.emit('before-quit', before);
    if (before.defaultPrevented) return;
    this.quitting = true;
    const allClosed = [...this.windows].every((window) => window.requestClose());
    this.quitting = false;
    if (!allClosed) return;
    const will = createEvent({});
    this.emit('will-quit', will);
    if (!will.defaultPrevented) this.exit(0);
  }

  exit(code = 0): void {
    if (this.ending) return;
    this.ending = true;
    for (const window of [...this.windows]) window.destroy();
    this.emit('quit', createEvent({}), code);
    this.lock.release();
    this.end(code);
  }

  /**
   * A window was closed; closing the last one quits the application unless something listens for `window-all-closed`.
   */
  windowClosed(window: ClosableWindow): void {
    this.windows.delete(window);
    if (this.windows.size > 0 || this.ending || this.quitting) return;
    if (this.listenerCount('window-all-closed') === 0) this.quit();
    else this.emit('window-all-closed');
  }

  private defaultPath(name: string): string {
    const home = homedir();
    switch (name) {
      case 'home':
        return home;
      case 'appData':
        return appData(process.platform, process.env, home);
      case 'userData':
        return join(this.getPath('appData'), this.name);
      case 'sessionData':
        return this.getPath('userData');
      case 'logs':
        return join(this.getPath('userData'), 'logs');
      case 'crashDumps':
        return join(this.getPath('userData'), 'Crashpad');
      case 'temp':
        return tmpdir();
      case 'exe':
        return process.execPath;
      case 'downloads':
      case 'documents':
      case 'desktop':
      case 'music':
      case 'pictures':
      case 'videos':
        return join(home, name.charAt(0).toUpperCase() + name.slice(1));
      default:
        throw new Error(`Failed to get '${name}' path`);
    }
  }
}

/**
 * The folder for all applications' data. Not where Electron would have it: the key stores of the two cannot read each
 * other's secrets.
 */
export function appData(platform: NodeJS.Platform, env: NodeJS.ProcessEnv, home: string): string {
  const folder = ((): string => {
    if (platform === 'win32') return env.APPDATA ?? join(home, 'AppData', 'Roaming');
    if (platform === 'darwin') return join(home, 'Library', 'Application Support');
    return env.XDG_CONFIG_HOME ?? join(home, '.config');
  })();
  return join(folder, 'Electron stand-in');
}
