/** The application as it is packed: everything inside of app.asar, the pictures beside it, the environment without a say. */
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { sourcesHash } from '../../scripts/lib/bundles.ts';
import { ROOT } from '../../scripts/lib/paths.ts';
import { test, testHost } from '../helpers/app.ts';

test.skip(testHost() !== 'stand-in', 'plays a packed application on the stand-in');

test('a packed application starts from its archive and takes nothing from the environment', async ({ launch }) => {
  const folder = await mkdtemp(join(tmpdir(), 'relay-packed-'));
  const resources = join(folder, 'resources');
  const appDir = join(resources, 'app.asar');
  await cp(process.env.RELAY_TEST_APP ?? ROOT, appDir, { recursive: true });
  await cp(join(ROOT, 'build/tray'), join(resources, 'tray'), { recursive: true });
  const before = sourcesHash(['app.asar'], resources);
  const home = join(folder, 'home');
  const elsewhere = join(folder, 'elsewhere');
  const app = await launch({
    appDir,
    packaged: true,
    server: 'http://127.0.0.1:1',
    userDataDir: elsewhere,
    env: {
      HOME: home,
      APPDATA: home,
      XDG_CONFIG_HOME: home,
      RELAY_DEV_SERVER: 'http://127.0.0.1:1/',
      RELAY_LOG: 'debug',
    },
  });
  const server = app.page.getByRole('textbox').first();
  // The one word of the environment that a packed application hears.
  await expect(server).toHaveValue(/127\.0\.0\.1:1/);

  const state = await app.control?.call('state', null);
  expect(state?.userData.startsWith(home)).toBe(true);
  const [window] = state?.windows ?? [];
  expect(window?.url).toMatch(/^app:\/\/relay\/index\.html/);
  expect(window?.webPreferences).toMatchObject({
    devTools: false,
    sandbox: true,
    preload: join(appDir, 'out/preload/index.cjs'),
  });
  expect(state?.outside.map(({ what }) => what)).toContain('tray');

  const log = await readFile(join(state?.userData ?? '', 'logs/main.log'), 'utf8');
  expect(log).toContain('"packaged":true');
  expect(log).not.toContain('tray.missing');
  expect(log).not.toContain('"debug"');
  await app.close();
  await expect(readdir(elsewhere)).rejects.toThrow('ENOENT');
  expect(sourcesHash(['app.asar'], resources)).toBe(before);
  await rm(folder, { recursive: true });
});
