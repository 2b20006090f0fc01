/** What the parts of a running stand-in share: options, windows, server and system UI. */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
  /** BCP 47 tags in order of preference. */
  languages: string[];
  /** Emulates a packaged application: `appDir` is then `.../resources/app.asar`. */
  packaged: boolean;
  /** Records what crosses between main and the pages, for tests. */
  keepWire: boolean;
  /** Chromium-style switches and arguments for the application. */
  argv: string[];
}

/** Where windows become visible: a browser on this computer, a test, or an address that the user opens. */
export interface Screen {
  /** A window needs a page for the first time, or again after the user closed it. */
  open(contents: Contents): void;
  /** Brings a page to the front. */
  raise(contents: Contents): void;
  /** The window has been destroyed. */
  close(contents: Contents): void;
  /** The page's preferred colour scheme has changed. */
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
  /** The privileges main has registered for its schemes; unlisted schemes have none. */
  readonly privileges = new Map<string, Electron.Privileges>();
  readonly contents = new Map<number, Contents>();
  readonly wire: WireLine[] = [];
  readonly server: HostServer;
  /** False: the application sees no network. */
  online = true;
  /** Main's decision on a request; set later, since the session is created after the runtime. */
  mayRequest: ConstructorParameters<typeof HostServer>[0]['mayRequest'] = async () => true;
  private nextContentsId = 1;
  private given: string | null = null;

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
      homeWindow: () => this.homeWindow(),
      givenFolder: () => this.givenFolder(),
      tap: (direction, text) => {
        if (options.keepWire) this.wire.push({ at: Date.now(), direction, text });
      },
    });
  }

  /** Where copies of the files lie that the user gave to a page. */
  givenFolder(): string {
    this.given ??= mkdtempSync(join(realpathSync(tmpdir()), 'relay-given-'));
    return this.given;
  }

  /** Deletes those copies. */
  removeGiven(): void {
    if (this.given !== null) rmSync(this.given, { recursive: true, force: true });
  }

  newContentsId(): number {
    return this.nextContentsId++;
  }

  /** The origin of a URL, as Electron's objects report it. */
  originOf(url: string): string {
    return originOf(url, (scheme) => this.privileges.get(scheme)?.standard === true);
  }

  private homeWindow(): Contents | undefined {
    const homes = [...this.contents.values()].filter(
      ({ currentUrl, devOrigin }) => currentUrl !== '' && devOrigin === null,
    );
    const origins = new Set(homes.map(({ currentUrl }) => this.originOf(currentUrl)));
    return origins.size === 1 && !origins.has('null') ? homes[0] : undefined;
  }

  private devWindow(): { window: Contents; origin: string } | undefined {
    for (const window of this.contents.values()) {
      if (window.devOrigin !== null) return { window, origin: window.devOrigin };
    }
    return undefined;
  }
}
