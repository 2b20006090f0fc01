/**
 * `node scripts/screenshots.ts FOLDER [LOOK...]`: screenshots of every screen with the demo data, for review and for
 * the documentation: three window sizes, light and dark, both languages. A LOOK is a prefix of a look's name, such as
 * `1920x1080-dark`; without any, all are taken.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { chromium, type Page } from '@playwright/test';
import { KNOWN_PASSWORD } from '../relay/options.ts';
import { startRelay } from '../relay/server.ts';
import { launchApp } from '../tests/helpers/app.ts';
import { buildBundles } from './lib/bundles.ts';
import { seedDemo } from './lib/demo.ts';
import { seedMedia } from './lib/demo-media.ts';
import { testBrowser } from './lib/install-browser.ts';
import { walk } from './lib/picture-walk.ts';
import { seedPictures } from './lib/picture-world.ts';
import { browserLaunch } from './lib/sandbox.ts';
import { runMain, say } from './lib/say.ts';

const SIZES = [
  { width: 1920, height: 1080 },
  { width: 1280, height: 800 },
  { width: 720, height: 600 },
];
const LOOKS = SIZES.flatMap((viewport) =>
  (['light', 'dark'] as const).flatMap((colorScheme) =>
    (['en-US', 'ru-RU'] as const).map((locale) => ({
      name: `${String(viewport.width)}x${String(viewport.height)}-${colorScheme}-${locale.slice(0, 2)}`,
      viewport,
      colorScheme,
      locale,
    })),
  ),
);

/** Animations and loading are done when two screenshots in a row are identical. */
async function takePicture(page: Page, path: string): Promise<void> {
  let before = '';
  for (let n = 0; n < 10; n++) {
    const picture = (await page.screenshot({ path })).toString('base64');
    if (picture === before) break;
    before = picture;
  }
}

await runMain(async () => {
  const [folder = 'out/screenshots', ...wanted] = process.argv.slice(2);
  const looks = LOOKS.filter(({ name }) => wanted.length === 0 || wanted.some((begin) => name.startsWith(begin)));
  mkdirSync(resolve(folder), { recursive: true });
  await buildBundles();
  const data = mkdtempSync(join(tmpdir(), 'relay-pictures-'));
  const relay = await startRelay({
    ...{ host: '127.0.0.1', port: 0, dataDir: data, logLevel: 'error' },
    ...{ demo: true, adminPassword: KNOWN_PASSWORD },
  });
  const browser = await chromium.launch(browserLaunch(await testBrowser()));
  try {
    await seedMedia(relay.url, await seedDemo(relay.url));
    await seedPictures(relay.url);
    for (const { name, ...look } of looks) {
      const app = await launchApp(browser, { server: relay.url, ...look });
      await walk(app.page, (screen) => takePicture(app.page, join(folder, `${screen}-${name}.png`)));
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
