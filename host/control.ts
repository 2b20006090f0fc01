/**
 * The control channel: what the process that started the stand-in may query and do, over the IPC channel between the
 * two. No other process can reach it. When the parent is gone, the application quits.
 */
import { once } from 'node:events';
import { createEvent } from './modules/event.ts';
import type { Parts } from './modules/index.ts';
import type { SystemUiRecord } from './system-ui.ts';
import type { Runtime, WireLine } from './runtime.ts';
import type { SystemUiAct, SystemUiItem } from './wire/frames.ts';

export interface WindowState {
  id: number;
  url: string;
  title: string;
  visible: boolean;
  focused: boolean;
  bounds: { x: number; y: number; width: number; height: number };
  webPreferences: Electron.WebPreferences;
  webRtcPolicy: string;
}

export interface HostState {
  windows: WindowState[];
  outside: SystemUiItem[];
  records: SystemUiRecord[];
  badge: number;
  userData: string;
}

/** All calls, with their input and output. */
export interface ControlCalls {
  state: { input: null; output: HostState };
  /** The first window, as soon as there is one; works with every screen, whatever opens its page. */
  firstWindow: { input: null; output: { windowId: number } };
  act: { input: SystemUiAct; output: boolean };
  /** The frames exchanged between main and pages, starting at a given index. */
  wire: { input: { from: number }; output: WireLine[] };
  power: { input: 'suspend' | 'resume' | 'lock-screen' | 'unlock-screen'; output: null };
  online: { input: boolean; output: null };
  systemDark: { input: boolean; output: null };
  /** Null restores the focus state reported by the page. */
  focus: { input: { windowId: number; focused: boolean | null }; output: null };
  permission: { input: { windowId: number; permission: string; mediaTypes: ('audio' | 'video')[] }; output: boolean };
  device: { input: { windowId: number; deviceType: 'hid' | 'serial' | 'usb' }; output: boolean };
  /** Calls an IPC channel the way the page's preload would, and returns what the page would get. */
  invoke: { input: { windowId: number; channel: string; args: unknown[] }; output: unknown };
  shortcut: { input: string; output: boolean };
  /** Like a click on the window's close button. */
  close: { input: { windowId: number }; output: null };
  /** The user minimises a window, or brings it back. */
  minimize: { input: { windowId: number; minimized: boolean }; output: null };
  /** Like a renderer crash. */
  crash: { input: { windowId: number }; output: null };
  secondInstance: { input: string[]; output: null };
  /** Like a link that macOS hands over. */
  openUrl: { input: string; output: null };
  battery: { input: boolean; output: null };
  quit: { input: null; output: null };
}
export type ControlName = keyof ControlCalls;

export type ControlRequest = {
  [N in ControlName]: { id: number; call: N; input: ControlCalls[N]['input'] };
}[ControlName];

/** Messages from the stand-in. */
export type ControlMessage =
  | { kind: 'answer'; id: number; value: ControlCalls[ControlName]['output'] }
  | { kind: 'error'; id: number; message: string }
  /** A window wants a page, at this address. */
  | { kind: 'window'; windowId: number; address: string }
  | { kind: 'colours'; windowId: number; scheme: 'light' | 'dark' | 'system' };

type Handlers = { [N in ControlName]: (input: ControlCalls[N]['input']) => Promise<ControlCalls[N]['output']> };

/** Answers calls from the parent; does nothing without one. */
export function startControl(runtime: Runtime, parts: Parts): void {
  if (!process.send) return;
  const handlers = createHandlers(runtime, parts);
  process.on('message', (request: ControlRequest) => {
    const run = handlers[request.call] as (input: unknown) => Promise<ControlCalls[ControlName]['output']>;
    run(request.input).then(
      (value) => tellParent({ kind: 'answer', id: request.id, value }),
      (error: unknown) => tellParent({ kind: 'error', id: request.id, message: String(error) }),
    );
  });
  process.on('disconnect', () => parts.app.quit());
}

/** Sends a message to the parent, if there is one and it is still connected. */
export function tellParent(message: ControlMessage): void {
  if (process.connected) process.send?.(message);
}

function createHandlers(runtime: Runtime, parts: Parts): Handlers {
  const windowOf = (windowId: number) => {
    const window = [...parts.windows].find(({ id }) => id === windowId);
    if (!window) throw new Error(`there is no window ${windowId}`);
    return window;
  };
  return {
    state: async () => ({
      windows: [...parts.windows].map((window) => ({
        id: window.id,
        url: window.contents.getURL(),
        title: window.getTitle(),
        visible: window.isVisible(),
        focused: window.isFocused(),
        bounds: window.getBounds(),
        webPreferences: window.contents.preferences,
        webRtcPolicy: window.contents.getWebRTCIPHandlingPolicy(),
      })),
      outside: runtime.outside.items(),
      records: runtime.outside.records,
      badge: parts.app.badgeCount,
      userData: parts.app.getPath('userData'),
    }),
    firstWindow: async () => {
      if (parts.windows.size === 0) await once(parts.app, 'browser-window-created');
      const [first] = parts.windows;
      if (!first) throw new Error('the window is gone already');
      return { windowId: first.id };
    },
    act: async (act) => runtime.outside.act(act),
    wire: async ({ from }) => runtime.wire.slice(from),
    power: async (event) => {
      parts.powerMonitor.emit(event);
      return null;
    },
    online: async (online) => {
      runtime.online = online;
      return null;
    },
    systemDark: async (dark) => {
      parts.nativeTheme.setSystemDark(dark);
      return null;
    },
    focus: async ({ windowId, focused }) => {
      windowOf(windowId).forceFocus(focused);
      return null;
    },
    permission: async ({ windowId, permission, mediaTypes }) =>
      parts.session.permit(windowOf(windowId).contents, permission, mediaTypes),
    device: async ({ windowId, deviceType }) => parts.session.permitDevice(windowOf(windowId).contents, deviceType),
    invoke: async ({ windowId, channel, args }) => windowOf(windowId).contents.invokeAsPage(channel, args),
    shortcut: async (accelerator) => parts.globalShortcut.press(accelerator),
    close: async ({ windowId }) => {
      windowOf(windowId).close();
      return null;
    },
    minimize: async ({ windowId, minimized }) => {
      const window = windowOf(windowId);
      if (minimized) window.minimize();
      else window.restore();
      return null;
    },
    crash: async ({ windowId }) => {
      windowOf(windowId).contents.pageCrashed();
      return null;
    },
    secondInstance: async (argv) => {
      parts.app.emit('second-instance', {}, argv, process.cwd(), null);
      return null;
    },
    openUrl: async (url) => {
      parts.app.emit('open-url', createEvent({}), url);
      return null;
    },
    battery: async (on) => {
      parts.powerMonitor.onBattery = on;
      parts.powerMonitor.emit(on ? 'on-battery' : 'on-ac');
      return null;
    },
    quit: async () => {
      parts.app.quit();
      return null;
    },
  };
}
