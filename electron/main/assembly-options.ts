/** What the assembly takes of the platform, and what it gives to the windows and the tray. */
import type { TOLD } from '#contract/ipc/desktop-views.ts';
import type { NowPlaying, PLAYER_COMMANDS } from '#contract/ipc/music-views.ts';
import type { PushBatch } from '#contract/ipc/push.ts';
import type { Snapshot } from '#contract/ipc/views.ts';
import type { Result } from '#contract/model/errors.ts';
import type { Handlers } from './ipc/answer.ts';
import type { Pages } from './ipc/pages.ts';
import type { MediaOpener } from './lib/media.ts';
import type { WindowRole } from './lib/roles.ts';
import type { ScreenSource } from './lib/screen-source.ts';
import type { SignIn } from './services/accounts/sign-in.ts';
import type { AppCalls } from './services/calls/app-calls.ts';
import type { MiniCalls } from './services/calls/mini-call.ts';
import type { Screens } from './services/calls/screens.ts';
import type { DesktopService } from './services/desktop/desktop-service.ts';
import type { Presence } from './services/lock/lock.ts';
import type { NotificationsService, SystemNotifications } from './services/notifications/notifications-service.ts';
import type {
  CallSystem,
  Clock,
  DesktopSystem,
  FilesSystem,
  JsonDocument,
  Logger,
  PowerEvents,
  Random,
  ScreenSources,
  SecretStore,
  UpdateSource,
} from './services/ports.ts';
import type { SettingsService } from './services/settings/settings-service.ts';
import type { UpdatesService } from './services/updates/updates-service.ts';

export interface AssemblyOptions {
  clock: Clock;
  random: Random;
  logger: Logger;
  power: PowerEvents;
  secrets: SecretStore;
  document(name: 'accounts' | 'settings' | 'player-place' | 'lock' | 'updates'): JsonDocument;
  userDataDir: string;
  defaultServer: string;
  /** The server that the user started the app for. */
  askedServer?: string | null;
  /** For the page's platform conventions. */
  about: Pick<Snapshot, 'platform' | 'version' | 'systemLocale'>;
  /** Script of the store's thread. */
  workerUrl: URL;
  /** Sends a batch to the window of a role. */
  send(role: WindowRole, batch: PushBatch): void;
  openExternal(url: string): Promise<Result<null>>;
  copyText(text: string): Promise<void>;
  /** Places for files, and the clipboard for pictures. */
  files: FilesSystem;
  /** Shows notifications and the unread count. */
  system: SystemNotifications;
  /** What the system offers around the window. */
  desktop: DesktopSystem;
  /** Shows what plays; null: nothing does. */
  showPlaying(now: NowPlaying | null): void;
  /** Shows the current call outside the page. */
  calls: CallSystem;
  /** Screens that a call may share. */
  screens: ScreenSources<ScreenSource>;
  /** Fetches and installs versions of the program. */
  updates: UpdateSource;
  /** Who is at the computer, for the lock. */
  presence: Presence;
  /** Loads the page again, with nothing in its memory. */
  reloadPage(): void;
  /** True while the user is looking at the app. */
  watching(): boolean;
  /** Brings the app to the front. */
  raise(): void;
}

export interface Assembly {
  handlers: Handlers;
  pages: Pages;
  notifications: NotificationsService;
  calls: AppCalls;
  /** The small window of the call. */
  mini: Pick<MiniCalls, 'mainAway' | 'closed'>;
  screens: Screens<ScreenSource>;
  /** The page was reloaded, crashed or closed. */
  pageGone(role: WindowRole): void;
  signIn: SignIn;
  settings: SettingsService;
  desktop: DesktopService;
  /** Installs, after `close`, what was fetched. */
  updates: Pick<UpdatesService, 'install'>;
  /** Brings the app to the front and goes to a chat, or to a message in it. */
  openPlace(accountId: string, chatId: string, messageId: string | null): void;
  /** Tells the page something about the desktop, once. */
  tell(what: (typeof TOLD)[number]): void;
  /** Opens what the page shows of the accounts' files. */
  media: MediaOpener;
  /** The tray asks the player. */
  playerCommand(command: (typeof PLAYER_COMMANDS)[number]): void;
  /** Opens the accounts that were open last. */
  start(): Promise<void>;
  /** Resolves when the page has painted its first screen, or has had time to. */
  firstScreen: Promise<void>;
  /** Releases the network and finishes pending writes. */
  close(): Promise<void>;
}
