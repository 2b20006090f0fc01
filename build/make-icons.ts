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
/** The mark alone, for the menu bar and the tray. */
const MARK = '166 166 692 692';

const svg = await readFile(join(HERE, 'icon.svg'), 'utf8');
const browser = await chromium.launch(browserLaunch(process.argv[2] ?? '/usr/bin/chromium'));

/** Renders the region `box` of the drawing as a PNG of `size` pixels; `change` may modify the drawing first. */
async function draw(
  size: number,
  box: string,
  change: (drawing: string) => string = (drawing) => drawing,
): Promise<Buffer> {
  const page = await browser.newPage({ viewport: { width: size, height: size }, deviceScaleFactor: 1 });
  const drawing = change(svg).replace(
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

const withoutPlate = (drawing: string): string => drawing.replace(/<rect id="plate"[^>]*\/>/, '');
/** A template image only defines the shape; macOS colours it. */
const black = (drawing: string): string => withoutPlate(drawing).replace(/stroke="#\w+"/g, 'stroke="#000"');
/** A dot in the corner, large enough to be visible at 16 pixels. */
const dotted = (drawing: string): string =>
  drawing.replace('</svg>', '<circle cx="736" cy="736" r="160" fill="#e5484d" stroke="#fff" stroke-width="36"/></svg>');

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
  await writeFile(join(tray, 'trayTemplate.png'), await draw(16, MARK, black));
  await writeFile(join(tray, 'trayTemplate@2x.png'), await draw(32, MARK, black));
  await writeFile(join(tray, 'tray.png'), await draw(32, PLATE));
  await writeFile(join(tray, 'window.png'), full.get(256) ?? Buffer.alloc(0));
  await writeFile(join(tray, 'tray-unread.png'), await draw(32, PLATE, dotted));
} finally {
  await browser.close();
}
