/**
 * Starting with the computer. Windows and macOS keep a login item; on Linux it is an entry in the folder that desktops
 * read at a login. A run from source has no program of its own that could be started.
 */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from 'electron';
import type { Autostart } from '#contract/ipc/desktop-views.ts';
import { errorName } from '../lib/emitter.ts';
import type { Logger } from '../services/ports.ts';

/** Tells a start by the system from one by the user. */
const LOGIN_ARGUMENT = '--at-login';

export interface AutostartParts {
  app: Pick<App, 'isPackaged' | 'getLoginItemSettings' | 'setLoginItemSettings' | 'getPath' | 'getName'>;
  platform: NodeJS.Platform;
  env: NodeJS.ProcessEnv;
  logger: Logger;
}

export interface AutostartSwitch {
  readonly state: () => Autostart;
  /** The state that holds then: the system may refuse. */
  readonly set: (on: boolean) => Autostart;
  /** True if this start was by the system. */
  readonly wasAtLogin: (argv: readonly string[]) => boolean;
}

/** Quotes a path for the `Exec` line of a desktop entry. */
function execPath(path: string): string {
  // The specification escapes twice: once for the line, once for the quoted argument.
  return `"${path
    .replace(/["`$\\]/g, '\\$&')
    .replaceAll('\\', '\\\\')
    .replaceAll('%', '%%')}"`;
}

function linuxEntry({ app, env }: AutostartParts): { file: string; text: string } {
  const config = env['XDG_CONFIG_HOME'] || join(app.getPath('home'), '.config');
  // An AppImage runs from a folder that is gone afterwards: the file itself is started.
  const program = env['APPIMAGE'] || app.getPath('exe');
  const lines = [
    '[Desktop Entry]',
    'Type=Application',
    `Name=${app.getName()}`,
    `Exec=${execPath(program)} ${LOGIN_ARGUMENT}`,
    'Terminal=false',
    'X-GNOME-Autostart-enabled=true',
    '',
  ];
  return { file: join(config, 'autostart', 'relay-desktop.desktop'), text: lines.join('\n') };
}

/** Creates the switch. Needs a ready app. */
export function createAutostart(parts: AutostartParts): AutostartSwitch {
  const { app, platform, logger } = parts;
  const isLinux = platform === 'linux';
  const args = [LOGIN_ARGUMENT];

  function state(): Autostart {
    if (!app.isPackaged) return 'unsupported';
    if (isLinux) return existsSync(linuxEntry(parts).file) ? 'on' : 'off';
    return app.getLoginItemSettings(platform === 'win32' ? { args } : {}).openAtLogin ? 'on' : 'off';
  }

  function setOnLinux(on: boolean): void {
    const { file, text } = linuxEntry(parts);
    if (!on) return rmSync(file, { force: true });
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, text);
  }

  return {
    state,
    set(on) {
      if (!app.isPackaged) return 'unsupported';
      try {
        if (isLinux) setOnLinux(on);
        else app.setLoginItemSettings({ openAtLogin: on, ...(platform === 'win32' ? { args } : {}) });
      } catch (error) {
        logger.warn('autostart.not_set', { error: errorName(error) });
      }
      return state();
    },
    wasAtLogin(argv) {
      if (argv.includes(LOGIN_ARGUMENT)) return true;
      // macOS passes no arguments.
      return platform === 'darwin' && app.isPackaged && app.getLoginItemSettings().wasOpenedAtLogin;
    },
  };
}
