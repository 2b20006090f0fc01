/** The small modules that talk to the computer: shell, clipboard, network, screen, theme and power. */
import { EventEmitter } from 'node:events';
import { guard, guardClass } from '../guard.ts';
import type { Runtime } from '../runtime.ts';

/** `shell`: URLs are recorded, and opened with `open` if there is a user. */
export function createShell(runtime: Runtime, open: ((url: string) => void) | null): Electron.Shell {
  return guard<Electron.Shell>('shell', {
    async openExternal(url) {
      runtime.outside.note('open-external', url);
      open?.(url);
    },
    showItemInFolder(path) {
      runtime.outside.note('show-item', path);
    },
    beep() {
      runtime.outside.note('beep', true);
    },
  });
}

/** `clipboard`: kept here, and copied to the real one by a page if the browser allows it. */
export function createClipboard(runtime: Runtime): Electron.Clipboard {
  let text = '';
  return guard<Electron.Clipboard>('clipboard', {
    readText: async () => text,
    async writeText(next) {
      text = next;
      runtime.outside.note('clipboard', next);
      for (const contents of runtime.contents.values()) contents.copyText(next);
    },
    async write(items) {
      for (const item of items) {
        const parts = await Promise.all(
          item.types.map(async (type) => {
            const part = await item.getType(type);
            return { type, bytes: part instanceof Blob ? part.size : 0 };
          }),
        );
        runtime.outside.note('clipboard-item', parts);
      }
    },
    clear() {
      text = '';
    },
  });
}

/** `ClipboardItem`: what goes to the clipboard under its media types. */
export function createClipboardItem(): typeof Electron.ClipboardItem {
  return guardClass<typeof Electron.ClipboardItem>(
    'ClipboardItem',
    (items) =>
      guard<Electron.ClipboardItem>('ClipboardItem', {
        types: Object.keys(items),
        getType: (async (type: string) => {
          const part = await items[type];
          if (part === undefined) throw new Error(`There is no ${type} in this item.`);
          return typeof part === 'string' ? new Blob([part], { type }) : part;
        }) as Electron.ClipboardItem['getType'],
      }),
    {},
  );
}

/** `net`: requests through Node, and whether the computer is online. */
export function createNet(runtime: Runtime): Electron.Net {
  return guard<Electron.Net>('net', {
    isOnline: () => runtime.online,
    get online() {
      return runtime.online;
    },
    fetch: (input, init) => fetch(input, init),
  });
}

const DISPLAY = { x: 0, y: 0, width: 1920, height: 1080 };

/** `screen`: a single display of an ordinary size. */
export function createScreen(): Electron.Screen {
  const display = {
    id: 1,
    label: 'stand-in',
    bounds: DISPLAY,
    workArea: DISPLAY,
    size: { width: DISPLAY.width, height: DISPLAY.height },
    workAreaSize: { width: DISPLAY.width, height: DISPLAY.height },
    scaleFactor: 1,
    rotation: 0,
    internal: true,
  } as Electron.Display;
  const screen = Object.assign(new EventEmitter(), {
    getAllDisplays: () => [display],
    getPrimaryDisplay: () => display,
    getDisplayMatching: () => display,
    getDisplayNearestPoint: () => display,
    getCursorScreenPoint: () => ({ x: 0, y: 0 }),
  });
  return guard<Electron.Screen>('screen', screen);
}

/** `nativeTheme`, with a settable system colour scheme. */
export class HostNativeTheme extends EventEmitter {
  readonly whole: Electron.NativeTheme;
  shouldUseHighContrastColors = false;
  prefersReducedTransparency = false;
  private readonly runtime: Runtime;
  private source: 'system' | 'light' | 'dark' = 'system';
  private systemDark = false;

  constructor(runtime: Runtime) {
    super();
    this.runtime = runtime;
    this.whole = guard<Electron.NativeTheme>('nativeTheme', this);
  }

  get themeSource(): 'system' | 'light' | 'dark' {
    return this.source;
  }

  set themeSource(source: 'system' | 'light' | 'dark') {
    const before = this.shouldUseDarkColors;
    this.source = source;
    for (const contents of this.runtime.contents.values()) this.runtime.screen.colours(contents, source);
    this.runtime.outside.note('theme-source', source);
    if (before !== this.shouldUseDarkColors) this.emit('updated');
  }

  get shouldUseDarkColors(): boolean {
    return this.source === 'system' ? this.systemDark : this.source === 'dark';
  }

  setSystemDark(dark: boolean): void {
    const before = this.shouldUseDarkColors;
    this.systemDark = dark;
    if (before !== this.shouldUseDarkColors) this.emit('updated');
  }
}

/** `powerMonitor`: tests emit its events. */
export class HostPowerMonitor extends EventEmitter {
  readonly whole: Electron.PowerMonitor;
  onBattery = false;
  private idleSeconds = 0;

  constructor() {
    super();
    this.whole = guard<Electron.PowerMonitor>('powerMonitor', this);
  }

  isOnBatteryPower(): boolean {
    return this.onBattery;
  }

  getSystemIdleTime(): number {
    return this.idleSeconds;
  }

  setIdleSeconds(seconds: number): void {
    this.idleSeconds = seconds;
  }
}
