/** Finds a Chromium-based browser on this computer: Chrome, Chromium or Edge. */
import { join } from 'node:path';
import { isExecutable, which } from './process.ts';

const PROGRAMS = [
  'google-chrome-stable',
  'google-chrome',
  'chromium',
  'chromium-browser',
  'microsoft-edge-stable',
  'microsoft-edge',
];

const MAC_APPS = ['Google Chrome', 'Chromium', 'Microsoft Edge'];

const WINDOWS_FILES = [
  ['Google', 'Chrome', 'Application', 'chrome.exe'],
  ['Chromium', 'Application', 'chrome.exe'],
  ['Microsoft', 'Edge', 'Application', 'msedge.exe'],
];

/** Possible paths of such a browser, best first. */
export function browserCandidates(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): string[] {
  if (platform === 'darwin') {
    const folders = ['/Applications', join(env.HOME ?? '', 'Applications')];
    return folders.flatMap((folder) => MAC_APPS.map((name) => join(folder, `${name}.app`, 'Contents', 'MacOS', name)));
  }
  if (platform === 'win32') {
    const folders = [env.PROGRAMFILES, env['PROGRAMFILES(X86)'], env.LOCALAPPDATA].filter(
      (folder) => folder !== undefined,
    );
    return WINDOWS_FILES.flatMap((file) => folders.map((folder) => join(folder, ...file)));
  }
  return PROGRAMS.flatMap((name) => which(name, env) ?? []);
}

/** The browser's executable, or null. RELAY_BROWSER overrides the search. */
export function findBrowser(
  platform: NodeJS.Platform = process.platform,
  env: NodeJS.ProcessEnv = process.env,
): string | null {
  if (env.RELAY_BROWSER) return isExecutable(env.RELAY_BROWSER) ? env.RELAY_BROWSER : null;
  return browserCandidates(platform, env).find(isExecutable) ?? null;
}
