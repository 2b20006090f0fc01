/** Everything main gets from `import ... from 'electron'` on the stand-in, created for one runtime. */
import { guardClass } from '../guard.ts';
import type { Runtime } from '../runtime.ts';
import { HostApp } from './app.ts';
import { createBrowserWindow, type HostBrowserWindow } from './browser-window.ts';
import { createDialog } from './dialog.ts';
import { HostGlobalShortcut } from './global-shortcut.ts';
import { InstanceLock } from './instance-lock.ts';
import { HostIpcMain } from './ipc-main.ts';
import { createMenu, createMenuItem } from './menu.ts';
import { createNativeImage } from './native-image.ts';
import { createNotification } from './notification.ts';
import { createProtocol } from './protocol.ts';
import { createDesktopCapturer, createPowerSaveBlocker } from './screen-parts.ts';
import { createSafeStorage } from './safe-storage.ts';
import { createSessionModule, HostSession } from './session.ts';
import {
  createClipboard,
  createClipboardItem,
  createNet,
  createScreen,
  createShell,
  HostNativeTheme,
  HostPowerMonitor,
} from './system.ts';
import { createTray } from './tray.ts';
import type { ContentsServices } from './contents-services.ts';

/** Further objects for the code that runs the stand-in. */
export interface Parts {
  app: HostApp;
  windows: Set<HostBrowserWindow>;
  session: HostSession;
  nativeTheme: HostNativeTheme;
  powerMonitor: HostPowerMonitor;
  globalShortcut: HostGlobalShortcut;
  lock: InstanceLock;
}

type Main = typeof Electron.CrossProcessExports;

/**
 * Creates the modules. `end` exits the process; `openExternal` opens a URL with the system's handler, null in tests.
 */
export function createModules(
  runtime: Runtime,
  end: (code: number) => void,
  openExternal: ((url: string) => void) | null,
): { modules: Pick<Main, ModuleName>; parts: Parts } {
  const lock = new InstanceLock();
  const app = new HostApp(runtime, lock, end);
  const isReady = (): boolean => app.isReady();
  const protocol = createProtocol(runtime, isReady);
  const session = new HostSession(runtime, protocol);
  runtime.mayRequest = session.mayRequest;
  const ipcMain = new HostIpcMain();
  const services: ContentsServices = {
    deliver: ipcMain.deliver,
    permit: (contents, permission, mediaTypes) => session.permit(contents, permission, mediaTypes),
    session: session.whole,
  };
  const { windows, BrowserWindow } = createBrowserWindow(runtime, app, services);
  const nativeTheme = new HostNativeTheme(runtime);
  const powerMonitor = new HostPowerMonitor();
  const globalShortcut = new HostGlobalShortcut();
  const nativeImage = createNativeImage();
  const modules: Pick<Main, ModuleName> = {
    app: app.whole,
    BrowserWindow,
    clipboard: createClipboard(runtime),
    ClipboardItem: createClipboardItem(),
    desktopCapturer: createDesktopCapturer(nativeImage, isReady),
    dialog: createDialog(runtime.outside, isReady),
    globalShortcut: globalShortcut.whole,
    ipcMain: ipcMain.whole,
    Menu: createMenu(),
    MenuItem: createMenuItem(),
    nativeImage,
    nativeTheme: nativeTheme.whole,
    net: createNet(runtime),
    Notification: createNotification({ mood: runtime.options.notifications, outside: runtime.outside, isReady }),
    powerMonitor: powerMonitor.whole,
    powerSaveBlocker: createPowerSaveBlocker(runtime.outside),
    protocol,
    safeStorage: createSafeStorage({
      mood: runtime.options.keyStore,
      folder: () => app.getPath('userData'),
      outside: runtime.outside,
      isReady,
    }),
    screen: createScreen(),
    session: createSessionModule(session),
    shell: createShell(runtime, openExternal),
    Tray: createTray({ mood: runtime.options.tray, outside: runtime.outside, isReady }),
    webContents: createWebContentsModule(runtime),
  };
  return { modules, parts: { app, windows, session, nativeTheme, powerMonitor, globalShortcut, lock } };
}

/** The modules the stand-in has. */
export type ModuleName =
  | 'app'
  | 'BrowserWindow'
  | 'clipboard'
  | 'ClipboardItem'
  | 'desktopCapturer'
  | 'dialog'
  | 'globalShortcut'
  | 'ipcMain'
  | 'Menu'
  | 'MenuItem'
  | 'nativeImage'
  | 'nativeTheme'
  | 'net'
  | 'Notification'
  | 'powerMonitor'
  | 'powerSaveBlocker'
  | 'protocol'
  | 'safeStorage'
  | 'screen'
  | 'session'
  | 'shell'
  | 'Tray'
  | 'webContents';

function createWebContentsModule(runtime: Runtime): typeof Electron.WebContents {
  const make = (): Electron.WebContents => {
    throw new Error('Contents are made by their window.');
  };
  return guardClass<typeof Electron.WebContents>('webContents', make, {
    getAllWebContents: () => [...runtime.contents.values()].map((contents) => contents.whole),
    fromId: (id) => runtime.contents.get(id)?.whole,
  });
}
