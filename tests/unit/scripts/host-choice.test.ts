import { describe, expect, it } from 'vitest';
import { browserCandidates } from '../../../scripts/lib/browser.ts';
import { chooseHost, hasDisplay, type Surroundings, type Wish } from '../../../scripts/lib/host-choice.ts';

const around = (changes: Partial<Surroundings> = {}): Surroundings => ({
  hasDisplay: true,
  sandbox: () => null,
  runtime: () => Promise.resolve({ reason: 'no way out' }),
  browser: () => '/usr/bin/chromium',
  installBrowser: null,
  ...changes,
});
const wish = (host: Wish['host']): Wish => ({ host });
const boxless = { sandbox: () => 'needs what is refused' };
const withRuntime = { runtime: () => Promise.resolve({ file: '/e/electron' }) };

describe('on what the application runs', () => {
  const table: [string, Wish, Partial<Surroundings>, string, RegExp][] = [
    ['the runtime is there', wish('any'), withRuntime, 'electron', /under Electron \(\/e\/electron\)/],
    ['no runtime', wish('any'), {}, 'browser', /stand-in .* \/usr\/bin\/chromium: no way out\./],
    ['no runtime, no browser', wish('any'), { browser: () => null }, 'print', /no way out, and no Chrome/],
    ['no display', wish('any'), { ...withRuntime, hasDisplay: false }, 'print', /no display/],
    [
      'no sandbox',
      wish('any'),
      { ...withRuntime, ...boxless },
      'browser',
      /stand-in .*: Electron needs what is refused\.$/,
    ],
    ['no sandbox, all the same', wish('electron'), { ...withRuntime, ...boxless }, 'electron', /under Electron/],
    ['no sandbox, no browser', wish('any'), { ...boxless, browser: () => null }, 'print', /refused, and no Chrome/],
    ['by wish the stand-in', wish('stand-in'), withRuntime, 'browser', /you asked for it/],
    ['by wish the address', wish('print'), withRuntime, 'print', /you asked for the address/],
    [
      'a browser that can be installed',
      wish('any'),
      { browser: () => null, installBrowser: () => Promise.resolve('/usr/bin/chromium') },
      'browser',
      /\/usr\/bin\/chromium/,
    ],
    [
      'a browser that could not be installed',
      wish('any'),
      { browser: () => null, installBrowser: () => Promise.resolve(null) },
      'print',
      /no Chrome, Chromium or Edge/,
    ],
  ];
  it.each(table)('%s', async (_name, wanted, changes, kind, line) => {
    const choice = await chooseHost(wanted, around(changes));
    expect(choice.kind).toBe(kind);
    expect(choice.line).toMatch(line);
    expect(choice.line).not.toContain('\n');
  });

  it('does not try to fetch the runtime where it could not be used', async () => {
    const runtime = (): never => {
      throw new Error('asked');
    };
    await chooseHost(wish('any'), around({ hasDisplay: false, runtime }));
    await chooseHost(wish('any'), around({ ...boxless, runtime }));
    await chooseHost(wish('stand-in'), around({ runtime }));
    await expect(chooseHost(wish('any'), around({ runtime }))).rejects.toThrow('asked');
  });
});

describe('a display', () => {
  it.each([
    ['linux', {}, false],
    ['linux', { DISPLAY: ':0' }, true],
    ['linux', { WAYLAND_DISPLAY: 'wayland-0' }, true],
    ['darwin', {}, true],
    ['win32', {}, true],
  ] as const)('%s %o', (platform, env, expected) => {
    expect(hasDisplay(platform, env)).toBe(expected);
  });
});

describe('where a browser may be', () => {
  it('knows the folders of Windows and macOS', () => {
    const windows = browserCandidates('win32', { PROGRAMFILES: 'P', LOCALAPPDATA: 'L' });
    expect(windows.some((file) => /^P.Google.Chrome.Application.chrome\.exe$/.test(file))).toBe(true);
    expect(windows.some((file) => /^P.Microsoft.Edge.Application.msedge\.exe$/.test(file))).toBe(true);
    const mac = browserCandidates('darwin', { HOME: '/Users/x' });
    expect(mac[0]).toMatch(/Google Chrome\.app/);
    expect(mac.some((file) => file.startsWith('/Users/x'))).toBe(true);
  });
});
