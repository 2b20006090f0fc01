/** What counts as installed: a runtime or a browser that is there as a whole, not one whose unpacking was cut off. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { installedRuntime } from '../../../scripts/lib/electron-runtime.ts';
import { playwrightBrowser } from '../../../scripts/lib/install-browser.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'relay-runtime-'));
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

function write(files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
}

describe("Electron's runtime", () => {
  const WHOLE = {
    'package.json': '{"version":"45.4.1"}',
    'dist/electron': '',
    'dist/version': '45.4.1',
    'path.txt': 'electron',
  };
  const found = (env: NodeJS.ProcessEnv = {}): string | null => installedRuntime(env, root, 'linux');

  it('is there when everything of it is', () => {
    write(WHOLE);
    expect(found()).toBe(join(root, 'dist/electron'));
    write({ 'dist/version': 'v45.4.1\n' });
    expect(found()).toBe(join(root, 'dist/electron'));
  });

  it.each([
    ['the unpacking was cut off: no path.txt', { 'path.txt': null }],
    ['no version', { 'dist/version': null }],
    ['no program', { 'dist/electron': null }],
    ['the version before an update of the package', { 'dist/version': '44.0.0' }],
    ['the runtime of another system', { 'path.txt': 'electron.exe' }],
  ] as [string, Record<string, string | null>][])('is not there: %s', (_name, changes) => {
    write(WHOLE);
    for (const [name, text] of Object.entries(changes)) {
      if (text === null) rmSync(join(root, name));
      else write({ [name]: text });
    }
    expect(found()).toBeNull();
  });

  it('is where ELECTRON_OVERRIDE_DIST_PATH says, of whatever version', () => {
    write({ ...WHOLE, 'other/electron': '' });
    expect(found({ ELECTRON_OVERRIDE_DIST_PATH: join(root, 'other') })).toBe(join(root, 'other/electron'));
    expect(found({ ELECTRON_OVERRIDE_DIST_PATH: join(root, 'nowhere') })).toBeNull();
    expect(found({ ELECTRON_OVERRIDE_DIST_PATH: '' })).toBe(join(root, 'dist/electron'));
  });
});

describe("Playwright's browser", () => {
  it('is there when its folder says that it is complete', () => {
    write({ 'chromium-1255/chrome-linux64/chrome': '', INSTALLATION_COMPLETE: '' });
    const file = join(root, 'chromium-1255/chrome-linux64/chrome');
    expect(playwrightBrowser(file)).toBeNull();
    write({ 'chromium-1255/INSTALLATION_COMPLETE': '' });
    expect(playwrightBrowser(file)).toBe(file);
    expect(playwrightBrowser(join(root, 'nowhere/chrome'))).toBeNull();
  });
});
