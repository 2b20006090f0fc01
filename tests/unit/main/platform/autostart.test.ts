/** Starting with the computer: on Linux a real file, elsewhere the login item of a system that keeps it. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type AutostartParts, createAutostart } from '../../../../electron/main/platform/autostart.ts';
import { ownFolder, recordingLogger } from '../../../helpers/main-parts.ts';

let own: Awaited<ReturnType<typeof ownFolder>>;
beforeEach(async () => {
  own = await ownFolder();
});
afterEach(() => own.remove());

function on(platform: NodeJS.Platform, isPackaged = true, env: NodeJS.ProcessEnv = { XDG_CONFIG_HOME: own.folder }) {
  const items: Electron.Settings[] = [];
  const logger = recordingLogger();
  const app = {
    isPackaged,
    getName: () => 'Relay',
    getPath: (name: string) => (name === 'exe' ? '/opt/My "Relay"/relay 100%' : own.folder),
    setLoginItemSettings: (settings: Electron.Settings) => void items.push(settings),
    getLoginItemSettings: (options?: Electron.LoginItemSettingsOptions) =>
      ({
        // Windows finds an item only by the same arguments.
        openAtLogin:
          items.at(-1)?.openAtLogin === true &&
          JSON.stringify(options?.args ?? []) === JSON.stringify(items.at(-1)?.args ?? []),
        wasOpenedAtLogin: true,
      }) as Electron.LoginItemSettings,
  } as AutostartParts['app'];
  return { ...createAutostart({ app, platform, env, logger }), items, logger };
}

it('writes an entry on Linux that names the program and says why it was started, and takes it away', () => {
  const { set, state } = on('linux');
  const file = join(own.folder, 'autostart', 'relay-desktop.desktop');
  expect(state()).toBe('off');
  expect(set(true)).toBe('on');
  expect(readFileSync(file, 'utf8')).toContain(String.raw`Exec="/opt/My \\"Relay\\"/relay 100%%" --at-login` + '\n');
  expect(set(false)).toBe('off');
  expect(existsSync(file)).toBe(false);
  expect(set(false)).toBe('off');
});

it('starts the AppImage itself, not what it unpacked', () => {
  on('linux', true, { XDG_CONFIG_HOME: own.folder, APPIMAGE: '/home/ada/Relay.AppImage' }).set(true);
  const text = readFileSync(join(own.folder, 'autostart', 'relay-desktop.desktop'), 'utf8');
  expect(text).toContain('Exec="/home/ada/Relay.AppImage" --at-login');
});

it('is off, with a word in the log, where the folder cannot be written', () => {
  writeFileSync(join(own.folder, 'autostart'), 'a file in its place');
  const { set, logger } = on('linux');
  expect(set(true)).toBe('off');
  expect(logger.of('autostart.not_set')).toHaveLength(1);
});

it.each(['win32', 'darwin'] as const)('is the login item on %s', (platform) => {
  const { set, items } = on(platform);
  expect(set(true)).toBe('on');
  expect(set(false)).toBe('off');
  expect(items.map(({ args }) => args)).toEqual(
    platform === 'win32' ? [['--at-login'], ['--at-login']] : [undefined, undefined],
  );
});

it('does not start a program from source', () => {
  const { set, items } = on('win32', false);
  expect(set(true)).toBe('unsupported');
  expect(items).toEqual([]);
});

it('knows a start by the system', () => {
  expect(on('linux').wasAtLogin(['relay', '--at-login'])).toBe(true);
  expect(on('linux').wasAtLogin(['relay'])).toBe(false);
  expect(on('darwin').wasAtLogin(['relay'])).toBe(true);
});
