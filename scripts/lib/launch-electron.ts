/** The one way by which Playwright starts Electron here. */
import { _electron, type ElectronApplication } from '@playwright/test';

type Options = NonNullable<Parameters<typeof _electron.launch>[0]>;

/**
 * Starts `runtime` with Chromium's sandbox, which Playwright takes away when it is not told otherwise: what runs is what
 * people get. `options.args` begin with the application's folder.
 */
export async function launchElectron(
  runtime: string,
  options: Omit<Options, 'executablePath' | 'chromiumSandbox'>,
): Promise<ElectronApplication> {
  return _electron.launch({ ...options, executablePath: runtime, chromiumSandbox: true });
}
