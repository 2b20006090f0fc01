/** What the parts of one running stand-in share: its options, its windows, its server, and what lies outside. */
import type { Contents } from './contents.ts';
import { originOf } from './server/address.ts';
import type { SchemeHandler } from './server/documents.ts';
import { HostServer } from './server/server.ts';
import { SystemUi } from './system-ui.ts';

/** How the system's key store behaves: see modules/safe-storage.ts. */
export const KEY_STORE_MOODS = ['strong', 'weak', 'unavailable', 'refusing', 'prompt'] as const;
export type KeyStoreMood = (typeof KEY_STORE_MOODS)[number];
/** Whether the system shows notifications: see modules/notification.ts. */
export const NOTIFICATION_MOODS = ['shown', 'unsupported', 'failing'] as const;
export type NotificationMood = (typeof NOTIFICATION_MOODS)[number];
/** Whether the system has a tray: see modules/tray.ts. */
export const TRAY_MOODS = ['shown', 'absent', 'refused'] as const;
export type TrayMood = (typeof TRAY_MOODS)[number];

export interface HostOptions {
  /** The folder with the application's package.json. */
  appDir: string;
  keyStore: KeyStoreMood;
  notifications: NotificationMood;
  tray: TrayMood;
  /** BCP 47 tags, the person's first choice first. */
  languages: string[];
  /** Plays an application that was packed: `appDir` is then `.../resources/app.asar`. */
  packaged: boolean;
  /** Keeps what crosses between main and the pages, for tests. */
  keepWire: boolean;
  /** The switches of Chromium's kind and words given to the application. */
  argv: string[];
}

/** Where windows become visible: a browser of this computer, a test, or an address that a person opens. */
export interface Screen {
  /** A window wants a page for the first time, or again after the person closed it. */
  open(contents: Contents): void;
  /** Brings a page to the front. */
  raise(contents: Contents): void;
  /** The window is gone for good. */
  close(contents: Contents): void;
  /** The page's preferred colours have changed. */
  colours(contents: Contents, scheme: 'light' | 'dark' | 'system'): void;
}

export interface WireLine {
  at: number;
  direction: 'to-main' | 'to-page';
  text: string;
}

export class Runtime {
  readonly options: HostOptions;
  readonly screen: Screen;
  readonly outside = new SystemUi();
  readonly schemes = new Map<string, SchemeHandler>();
  /** What main has asked for its own schemes; a scheme that is not named has nothing. */
  readonly privileges = new Map<string, Electron.Privileges>();
  readonly contents = new Map<number, Contents>();
  readonly wire: WireLine[] = [];
  readonly server: HostServer;
  /** False: this computer has no network, as far as the application is told. */
  online = true;
  /** What main's session says to a request; it is made after this. */
  mayRequest: ConstructorParameters<typeof HostServer>[0]['mayRequest'] = async () => true;
  private nextContentsId = 1;

  constructor(options: HostOptions, screen: Screen) {
    this.options = options;
    this.screen = screen;
    this.server = new HostServer({
      handlerOf: (scheme) => this.schemes.get(scheme),
      mayRequest: (url, method, destination) => this.mayRequest(url, method, destination),
      privilegesOf: (scheme) => this.privileges.get(scheme) ?? {},
      windowOf: (id) => this.contents.get(id),
      wasWindow: (id) => id < this.nextContentsId && !this.contents.has(id),
      devWindow: () => this.devWindow(),
      tap: (direction, text) => {
        if (options.keepWire) this.wire.push({ at: Date.now(), direction, text });
      },
    });
  }

  newContentsId(): number {
    return this.nextContentsId++;
  }

  /** The origin of an address, as Electron's objects name it. */
  originOf(url: string): string {
    return originOf(url, (scheme) => this.privileges.get(scheme)?.standard === true);
  }

  private devWindow(): { window: Contents; origin: string } | undefined {
    for (const window of this.contents.values()) {
      if (window.devOrigin !== null) return { window, origin: window.devOrigin };
    }
    return undefined;
  }
}
