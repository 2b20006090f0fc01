/** The application under Electron, where its runtime is installed. */
import type { Page } from '@playwright/test';
import { installedRuntime } from '../../scripts/lib/electron-runtime.ts';
import { launchElectron } from '../../scripts/lib/launch-electron.ts';
import { appEnvironment, type Launched, type LaunchOptions } from './app-options.ts';

/** Starts it; `watch` sees the page, and a reload makes it see everything from the beginning. */
export async function launchUnderElectron(
  options: LaunchOptions,
  watch: (page: Page) => Promise<void>,
): Promise<Launched> {
  const runtime = installedRuntime();
  if (runtime === null) throw new Error("Electron's runtime is not installed");
  const app = await launchElectron(runtime, {
    args: [options.appDir, `--lang=${options.locale}`],
    env: appEnvironment(options),
    colorScheme: options.colorScheme,
    locale: options.locale,
  });
  let output = '';
  const keep = (chunk: Buffer): void => void (output += chunk.toString());
  app.process().stdout?.on('data', keep);
  app.process().stderr?.on('data', keep);
  const page = await app.firstWindow();
  await watch(page);
  await page.setViewportSize(options.viewport);
  await page.reload();
  return {
    page,
    control: null,
    output: () => output,
    async kill() {
      const gone = new Promise((resolve) => app.process().once('exit', resolve));
      app.process().kill('SIGKILL');
      await gone;
    },
    quit: () => app.close(),
  };
}
