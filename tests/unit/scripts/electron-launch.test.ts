/** Every way by which Playwright starts Electron here: with Chromium's sandbox, which is off unless it is asked for. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { startDemoUnderElectron } from '../../../scripts/lib/demo-electron.ts';
import { DEMO_PEOPLE } from '../../../scripts/lib/demo.ts';
import { launchUnderElectron } from '../../helpers/app-electron.ts';

const { launch } = vi.hoisted(() => ({ launch: vi.fn(() => Promise.reject(new Error('not here'))) }));
vi.mock('@playwright/test', () => ({ _electron: { launch } }));

const WINDOW = { locale: 'en-US', colorScheme: 'light', viewport: { width: 800, height: 600 } } as const;

afterEach(() => {
  vi.unstubAllEnvs();
  launch.mockClear();
});

it('the demonstration keeps the sandbox', async () => {
  await expect(startDemoUnderElectron('/e/electron', {}, 'http://127.0.0.1:1', DEMO_PEOPLE[0])).rejects.toThrow();
  expect(launch).toHaveBeenCalledWith(
    expect.objectContaining({ executablePath: '/e/electron', chromiumSandbox: true }),
  );
});

it.skipIf(process.platform !== 'linux')('the browser tests keep the sandbox', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'relay-launch-'));
  const file = join(folder, 'electron');
  writeFileSync(file, '');
  vi.stubEnv('ELECTRON_OVERRIDE_DIST_PATH', folder);
  const options = { ...WINDOW, userDataDir: folder, appDir: '/app' };
  await expect(launchUnderElectron(options, async () => undefined)).rejects.toThrow('not here');
  expect(launch).toHaveBeenCalledWith(expect.objectContaining({ executablePath: file, chromiumSandbox: true }));
  rmSync(folder, { recursive: true });
});
