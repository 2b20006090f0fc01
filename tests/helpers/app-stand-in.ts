/** The application on the stand-in: main in a Node process of its own, the page in a context of the tests' browser. */
import type { Browser, Page } from '@playwright/test';
import { HostProcess } from '../../host/client.ts';
import { appEnvironment, type Launched, type LaunchOptions } from './app-options.ts';

/** Milliseconds that a page may take to leave when its window is closed. */
const LEAVE_MS = 5000;

/**
 * Resolves when the page has left, as the stand-in tells it to when its window closes. A context that is closed in the
 * middle of that navigation can hang for good.
 */
async function pageLeft(page: Page): Promise<void> {
  if (page.isClosed()) return;
  const ways = [
    page.waitForEvent('close', { timeout: LEAVE_MS }),
    page.waitForURL('about:blank', { timeout: LEAVE_MS, waitUntil: 'load' }),
  ];
  // A page that crashed, or never had a document, says nothing: the context is closed all the same.
  await Promise.any(ways).catch(() => undefined);
}

/** Resolves when the page has spoken over its link: before that it cannot be told to leave, and complains of whatever it loads. */
function pageLinked(page: Page): Promise<void> {
  return new Promise((resolve) => {
    page.on('websocket', (socket) => {
      if (socket.url().includes('/__host/link')) socket.once('framesent', () => resolve());
    });
  });
}

/** Starts it; `watch` sees the page before anything runs in it. */
export async function launchOnStandIn(
  browser: Browser,
  options: LaunchOptions,
  watch: (page: Page) => Promise<void>,
): Promise<Launched> {
  const host = new HostProcess({
    appDir: options.appDir,
    screen: 'parent',
    packaged: options.packaged ?? false,
    env: {
      ...appEnvironment(options),
      RELAY_HOST_LANGUAGES: options.locale,
      RELAY_HOST_KEEP_WIRE: '1',
      ...(options.keyStore === undefined ? {} : { RELAY_HOST_KEY_STORE: options.keyStore }),
    },
  });
  const { locale, viewport, colorScheme } = options;
  const context = await browser.newContext({ locale, viewport, colorScheme });
  try {
    const page = await context.newPage();
    await watch(page);
    const { address } = await host.firstWindow();
    await host.call('systemDark', colorScheme === 'dark');
    // Under Electron the theme that main chooses is what the page's media query says.
    host.onColours(({ scheme }) => {
      const emulate = page.emulateMedia({ colorScheme: scheme === 'system' ? colorScheme : scheme });
      emulate.catch((error: unknown) => {
        if (!page.isClosed()) throw error;
      });
    });
    const linked = pageLinked(page);
    await page.goto(address);
    await linked;
    return {
      page,
      control: host,
      output: () => host.output(),
      async kill() {
        await host.kill();
        await context.close();
      },
      async quit() {
        const left = pageLeft(page);
        await host.quit();
        await left;
        await context.close();
      },
    };
  } catch (error) {
    await host.kill();
    await context.close();
    throw error;
  }
}
