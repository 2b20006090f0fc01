/** The module `electron` for main on the stand-in: exports the same names, so that the same bundle links against it. */
import { currentModules } from './current.ts';
import { unimplemented } from './guard.ts';

const electron = {
  ...currentModules(),
  autoUpdater: unimplemented('autoUpdater'),
  BaseWindow: unimplemented('BaseWindow'),
  contentTracing: unimplemented('contentTracing'),
  crashReporter: unimplemented('crashReporter'),
  inAppPurchase: unimplemented('inAppPurchase'),
  MessageChannelMain: unimplemented('MessageChannelMain'),
  netLog: unimplemented('netLog'),
  pushNotifications: unimplemented('pushNotifications'),
  systemPreferences: unimplemented('systemPreferences'),
  utilityProcess: unimplemented('utilityProcess'),
  webFrameMain: unimplemented('webFrameMain'),
  WebContentsView: unimplemented('WebContentsView'),
  // Not available in the main process, as in Electron.
  contextBridge: undefined,
  ipcRenderer: undefined,
};

export const {
  app,
  autoUpdater,
  BaseWindow,
  BrowserWindow,
  clipboard,
  ClipboardItem,
  contentTracing,
  crashReporter,
  desktopCapturer,
  dialog,
  globalShortcut,
  inAppPurchase,
  ipcMain,
  Menu,
  MenuItem,
  MessageChannelMain,
  nativeImage,
  nativeTheme,
  net,
  netLog,
  Notification,
  powerMonitor,
  powerSaveBlocker,
  protocol,
  pushNotifications,
  safeStorage,
  screen,
  session,
  shell,
  systemPreferences,
  Tray,
  utilityProcess,
  webContents,
  WebContentsView,
  webFrameMain,
  contextBridge,
  ipcRenderer,
} = electron;

// Libraries use the CommonJS default: `import electron from 'electron'`.
export { electron as default };
