/**
 * Whether the tray is visible. Electron does not say: on Linux it creates a tray even where no desktop shows one. There,
 * whoever shows them has a known name on the session's bus.
 */
import { execFile } from 'node:child_process';
import type { DesktopFacts } from '#contract/ipc/desktop-views.ts';

const WATCHER = 'org.kde.StatusNotifierWatcher';
const LONGEST_MS = 3_000;

/** Runs a program to its end and resolves with what it printed; rejects if it cannot be run. */
export type RunProgram = (file: string, args: readonly string[]) => Promise<string>;

/** Runs a program of the system, for three seconds at most. */
export const runProgram: RunProgram = (file, args) =>
  new Promise((resolve, reject) => {
    execFile(file, [...args], { timeout: LONGEST_MS, windowsHide: true }, (error, stdout) => {
      if (error) reject(new Error(error.message));
      else resolve(stdout);
    });
  });

/**
 * @param hasTray the system took the tray.
 * @returns `unknown` where nobody can be asked: the app must not hide itself there.
 */
export async function findTray(
  platform: NodeJS.Platform,
  hasTray: boolean,
  run: RunProgram,
): Promise<DesktopFacts['tray']> {
  if (!hasTray) return 'missing';
  if (platform !== 'linux') return 'there';
  const bus = ['--session', '--dest=org.freedesktop.DBus', '--type=method_call', '--print-reply=literal'];
  try {
    const answer = await run('dbus-send', [
      ...bus,
      '/org/freedesktop/DBus',
      'org.freedesktop.DBus.NameHasOwner',
      `string:${WATCHER}`,
    ]);
    return /\btrue\b/.test(answer) ? 'there' : 'missing';
  } catch {
    // No such program, or no bus: nobody to ask.
    return 'unknown';
  }
}
