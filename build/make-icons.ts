/**
 * Renders all icons from icon.svg with a headless Chromium: `node build/make-icons.ts [path of chromium]`. The output
 * is committed; run it again after changing the drawing.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { browserLaunch } from '../scripts/lib/sandbox.ts';
import { makeIcns, makeIco } from './icon-containers.ts';

const HERE = import.meta.dirname;
const WHOLE = '0 0 1024 1024';
/** The plate without the margin macOS requires around it. */
const PLATE = '100 100 824 824';

const svg = await readFile(join(HERE, 'icon.svg'), 'utf8');
const browser = await chromium.launch(browserLaunch(process.argv[2] ?? '/usr/bin/chromium'));

/** Renders the region `box` of the drawing as a PNG of `size` pixels. */
async function draw(size: number, box: string): Promise<Buffer> {
  const page = await browser.newPage({ viewport: { width: size, height: size }, deviceScaleFactor: 1 });
  const drawing = svg.replace(
    `viewBox="${WHOLE}"`,
    `viewBox="${box}" width="${String(size)}" height="${String(size)}"`,
  );
  await page.setContent(`<body style="margin:0">${drawing.replace('<svg', '<svg style="display:block"')}</body>`);
  const png = await page.screenshot({ omitBackground: true });
  await page.close();
  return png;
}

async function drawAll(sizes: number[], box: string): Promise<Map<number, Buffer>> {
  const drawn = new Map<number, Buffer>();
  for (const size of sizes) drawn.set(size, await draw(size, box));
  return drawn;
}

try {
  const mac = await drawAll([16, 32, 64, 128, 256, 512, 1024], WHOLE);
  await writeFile(join(HERE, 'icon.icns'), makeIcns(mac));
  await writeFile(join(HERE, 'icon.png'), mac.get(1024) ?? Buffer.alloc(0));

  const full = await drawAll([16, 24, 32, 48, 64, 128, 256, 512], PLATE);
  const forWindows = [...full].filter(([size]) => size <= 256).map(([size, png]) => ({ size, png }));
  await writeFile(join(HERE, 'icon.ico'), makeIco(forWindows));
  await mkdir(join(HERE, 'icons'), { recursive: true });
  for (const size of [16, 32, 48, 64, 128, 256, 512]) {
    await writeFile(join(HERE, 'icons', `${String(size)}x${String(size)}.png`), full.get(size) ?? Buffer.alloc(0));
  }

  const tray = join(HERE, 'tray');
  await mkdir(tray, { recursive: true });
  await writeFile(join(tray, 'window.png'), full.get(256) ?? Buffer.alloc(0));
} finally {
  await browser.close();
}
