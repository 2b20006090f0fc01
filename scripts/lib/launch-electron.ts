/** The only place where Playwright launches Electron. */
import { _electron, type ElectronApplication } from '@playwright/test';

type Options = NonNullable<Parameters<typeof _electron.launch>[0]>;

/**
 * Launches `runtime` with Chromium's sandbox, which Playwright disables by default: test what users run. `options.args`
 * starts with the application's folder.
 */
export async function launchElectron(
  runtime: string,
  options: Omit<Options, 'executablePath' | 'chromiumSandbox'>,
): Promise<ElectronApplication> {
  return _electron.launch({ ...options, executablePath: runtime, chromiumSandbox: true });
}
