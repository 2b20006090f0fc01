/** README.md says where things are and how they are started as the code has it. */
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DEVELOPMENT, PRODUCT } from '../../../electron/main/platform/identity.ts';
import { appData } from '../../../host/modules/app.ts';
import { relayFolder } from '../../../scripts/lib/local-relay.ts';
import { dataHome, ROOT } from '../../../scripts/lib/paths.ts';
import { profileFolder } from '../../../scripts/lib/profile.ts';
import { readArguments } from '../../../scripts/lib/arguments.ts';

const README = readFileSync(join(ROOT, 'README.md'), 'utf8');
const ENV = { APPDATA: '%APPDATA%', LOCALAPPDATA: '%LOCALAPPDATA%' };

describe.each(['win32', 'darwin', 'linux'] as const)('where data lies on %s', (platform) => {
  const standIn = appData(platform, ENV, '~');
  const home = dataHome(platform, ENV, '~');
  it.each([
    ['the app under Electron', join(dirname(standIn), DEVELOPMENT.name)],
    ['the app on the stand-in', join(standIn, DEVELOPMENT.name)],
    ['a profile under Electron', profileFolder('work', 'electron', home)],
    ['a profile on the stand-in', profileFolder('work', 'browser', home)],
    ['the relay of this computer', relayFolder({}, home)],
    ['the installed app', join(dirname(standIn), PRODUCT.name)],
  ])('%s', (_what, folder) => {
    // A profile's folder is absolute; what is written in README.md begins with a variable or the home.
    const named = folder.startsWith(resolve('.')) ? folder.slice(resolve('.').length + 1) : folder;
    const separator = platform === 'win32' ? '\\' : '/';
    expect(README).toContain(`\`${named.replaceAll(/[\\/]/g, separator)}\``);
  });
});

describe('what README.md has a person type', () => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };

  it('are tasks that there are', () => {
    const tasks = [...README.matchAll(/(?:^|`)npm(?:\.cmd)? (?:run )?([\w:]+)/gm)].map(([, task = '']) => task);
    expect(tasks).toContain('relay');
    for (const task of tasks) expect(scripts).toHaveProperty([task]);
  });

  it('are options that are understood', () => {
    const lines = [...README.matchAll(/npm start -- ([^`\n]+)/g)].map(([, options = '']) => options.trim());
    expect(lines.length).toBeGreaterThan(4);
    for (const line of lines) expect(() => readArguments(line.split(' '), {}), line).not.toThrow();
  });
});
