/** What the system offers around the window, in one place. */
import { readdirSync, statSync } from 'node:fs';
import { arch, release } from 'node:os';
import { dirname, join } from 'node:path';
import type { App, Net, Shell } from 'electron';
import type { DesktopFacts, SystemLimit } from '#contract/ipc/desktop-views.ts';
import { errorName } from '../lib/emitter.ts';
import type { MainTexts } from '../lib/main-texts.ts';
import type { DesktopSystem, Logger } from '../services/ports.ts';
import type { AutostartSwitch } from './autostart.ts';
import { hasNoticeButtons, type Notify } from './notifier.ts';
import type { UnreadSigns } from './tray.ts';

export interface DesktopSystemParts {
  app: Pick<App, 'getVersion' | 'isPackaged'>;
  shell: Pick<Shell, 'showItemInFolder'>;
  net: Pick<Net, 'isOnline'>;
  platform: NodeJS.Platform;
  signs: Pick<UnreadSigns, 'state'>;
  notify: Notify;
  noticesSupported: boolean;
  autostart: AutostartSwitch;
  tray: () => DesktopFacts['tray'];
  showMenu: (place: { x: number; y: number }) => void;
  texts: () => MainTexts;
  logFile: string;
  safeMode: boolean;
  logger: Logger;
}

/** What is known not to work, by platform: each has its line in docs/PLATFORMS.md. */
function limitsOf({ platform, noticesSupported, tray, safeMode }: DesktopSystemParts): SystemLimit[] {
  const known: [name: SystemLimit, holds: boolean][] = [
    ['tray_missing', tray() === 'missing'],
    ['tray_unknown', tray() === 'unknown'],
    ['notifications_unsupported', !noticesSupported],
    ['no_reply_in_notifications', !hasNoticeButtons(platform)],
    ['no_close_event_in_notification_center', platform === 'win32'],
    ['raising_may_only_ask_for_attention', platform === 'linux'],
    ['no_failure_reason_of_notifications', platform === 'linux'],
    ['no_spelling', platform !== 'darwin'],
    ['safe_mode', safeMode],
  ];
  return known.filter(([, holds]) => holds).map(([name]) => name);
}

function logSize(file: string, logger: Logger): { files: number; bytes: number } {
  try {
    const folder = dirname(file);
    const sizes = readdirSync(folder).map((name) => statSync(join(folder, name)).size);
    return { files: sizes.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
  } catch (error) {
    logger.warn('diagnostics.no_log', { error: errorName(error) });
    return { files: 0, bytes: 0 };
  }
}

/** Creates it. Needs a ready app. */
export function createDesktopSystem(parts: DesktopSystemParts): DesktopSystem {
  const { app, shell, net, platform, signs, notify, autostart, texts, logFile, logger } = parts;
  return {
    tray: () => parts.tray(),
    notices: { supported: parts.noticesSupported, reply: parts.noticesSupported && hasNoticeButtons(platform) },
    // The other systems' dictionaries would have to be fetched from a third party.
    spelling: platform === 'darwin' ? 'system' : 'none',
    autostart: () => autostart.state(),
    setAutostart: (on) => autostart.set(on),
    show: (state) => signs.state(state),
    tryNotification() {
      const { trial, trialText } = texts().desktop;
      notify({ title: trial, body: trialText }, () => undefined, { key: 'trial' });
    },
    showMenu: (place) => parts.showMenu(place),
    showLog: () => shell.showItemInFolder(logFile),
    about() {
      const { electron, chrome, node } = process.versions;
      return {
        versions: [
          { name: 'Relay', version: app.getVersion() },
          // Not there where something else stands in for its runtime.
          ...(electron === undefined ? [] : [{ name: 'Electron', version: electron }]),
          ...(chrome === undefined ? [] : [{ name: 'Chromium', version: chrome }]),
          { name: 'Node', version: node },
        ],
        system: {
          platform,
          release: release(),
          arch: arch(),
          packaged: app.isPackaged,
          safeMode: parts.safeMode,
          upSeconds: Math.round(process.uptime()),
          memory: process.memoryUsage.rss(),
          online: net.isOnline(),
        },
        limits: limitsOf(parts),
        log: logSize(logFile, logger),
      };
    },
  };
}
