/**
 * `node scripts/screenshots.ts FOLDER`: pictures of the screens with the demonstration's people, light and dark, in both
 * languages and both sizes, for looking at them and for the documentation.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { chromium, type Page } from '@playwright/test';
import { startRelay } from '../relay/server.ts';
import { launchApp } from '../tests/helpers/app.ts';
import { testBrowser } from './lib/install-browser.ts';
import { buildBundles } from './lib/bundles.ts';
import { DEMO_PEOPLE, seedDemo } from './lib/demo.ts';
import { browserLaunch } from './lib/sandbox.ts';
import { runMain, say } from './lib/say.ts';

const LOOKS = [
  { name: 'light', colorScheme: 'light', locale: 'en-US', viewport: { width: 1280, height: 800 } },
  { name: 'dark', colorScheme: 'dark', locale: 'en-US', viewport: { width: 1280, height: 800 } },
  { name: 'light-ru', colorScheme: 'light', locale: 'ru-RU', viewport: { width: 1280, height: 800 } },
  { name: 'dark-ru-small', colorScheme: 'dark', locale: 'ru-RU', viewport: { width: 720, height: 600 } },
  { name: 'light-small', colorScheme: 'light', locale: 'en-US', viewport: { width: 720, height: 600 } },
] as const;

/** Every screen in turn; `shot` takes the picture. */
async function walk(page: Page, shot: (screen: string) => Promise<void>): Promise<void> {
  const [me] = DEMO_PEOPLE;
  await page.locator('input[autocomplete="username"]').waitFor();
  await shot('01-sign-in');
  await page.evaluate(() => (location.hash = '#/register'));
  await page.locator('input[autocomplete="given-name"]').waitFor();
  await page.keyboard.press('Enter');
  await shot('02-register-problems');
  await page.evaluate(() => (location.hash = '#/sign-in'));
  await page.locator('input[autocomplete="username"]').fill(me.username);
  await page.locator('input[type="password"]').fill(me.password);
  await page.keyboard.press('Enter');
  const row = page.locator('[data-chat]').first();
  await row.waitFor();
  await shot('03-list');
  await row.click();
  await page.getByRole('article').last().waitFor();
  await page.locator('form.composer textarea').fill('See you there!');
  await shot('04-conversation');
  await page.getByRole('article').nth(2).click({ button: 'right' });
  await page.getByRole('menu').waitFor();
  await shot('05-message-menu');
  await page.keyboard.press('Escape');
  await page.locator('form.composer button').first().click();
  await page.locator('.grid button').first().waitFor();
  await shot('06-emoji');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').waitFor();
  await shot('07-palette');
  await page.keyboard.press('Escape');
  await page.evaluate(() => (location.hash = '#/settings/appearance'));
  await page.getByRole('radio').first().waitFor();
  await shot('08-settings');
  await page.evaluate(() => (location.hash = '#/settings/account'));
  await page.locator('.who button').click();
  await page.locator('input[autocomplete="given-name"]').waitFor();
  await shot('09-profile');
  await page.evaluate(() => (location.hash = '#/chats'));
  await row.click();
  await page.locator('.header [aria-pressed]').click();
  await page.locator('aside dl').waitFor();
  await shot('10-details');
}

await runMain(async () => {
  const folder = resolve(process.argv[2] ?? 'out/screenshots');
  mkdirSync(folder, { recursive: true });
  await buildBundles();
  const data = mkdtempSync(join(tmpdir(), 'relay-pictures-'));
  const relay = await startRelay({ host: '127.0.0.1', port: 0, dataDir: data, demo: true, logLevel: 'error' });
  const browser = await chromium.launch(browserLaunch(await testBrowser()));
  try {
    await seedDemo(relay.url);
    for (const { name, ...look } of LOOKS) {
      const app = await launchApp(browser, { server: relay.url, ...look });
      await walk(app.page, async (screen) => {
        // What fades in or loads has ended when two pictures in a row are the same.
        let before = '';
        for (let n = 0; n < 10; n++) {
          const picture = (await app.page.screenshot({ path: join(folder, `${screen}-${name}.png`) })).toString(
            'base64',
          );
          if (picture === before) break;
          before = picture;
        }
      });
      await app.close();
      say(`pictures of ${name}`);
    }
  } finally {
    await browser.close();
    await relay.close();
    rmSync(data, { recursive: true, force: true });
  }
  return 0;
});
