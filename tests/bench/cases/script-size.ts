/** The script that the first load of the page brings, compressed. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Page } from '@playwright/test';
import { prepareAccount } from '../lib/account.ts';
import { launchApp } from '../lib/app.ts';
import type { BenchCase, BenchContext } from '../lib/case.ts';
import { APP } from '../lib/markup.ts';
import type { Figure } from '../lib/report.ts';
import { spread } from '../lib/world.ts';

interface Loaded {
  file: string;
  raw: number;
  gzip: number;
  brotli: number;
}

async function measure(context: BenchContext, urls: ReadonlySet<string>): Promise<Loaded[]> {
  const loaded: Loaded[] = [];
  for (const url of urls) {
    const file = /\/app\/relay\/(.+\.js)$/.exec(new URL(url).pathname)?.[1];
    // What the stand-in itself puts into the page is no part of the product.
    if (file === undefined) continue;
    const bytes = await readFile(join(context.appDir, 'out/renderer', file));
    const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
    const [gzip, brotli] = [gzipSync(bytes, { level: 9 }).length, brotliCompressSync(bytes, quality).length];
    loaded.push({ file, raw: bytes.length, gzip, brotli });
  }
  return loaded.sort((a, b) => b.gzip - a.gzip);
}

function collectScripts(page: Page): Set<string> {
  const urls = new Set<string>();
  page.on('request', (request) => {
    if (request.resourceType() === 'script') urls.add(request.url());
  });
  return urls;
}

const sum = (loaded: readonly Loaded[], key: 'raw' | 'gzip' | 'brotli'): number =>
  loaded.reduce((total, one) => total + one[key], 0) / 1000;

function figure(
  name: string,
  what: string,
  loaded: readonly Loaded[],
  key: 'raw' | 'gzip' | 'brotli',
  atMost?: number,
): Figure {
  const list = loaded.map((one) => `${one.file} ${(one[key] / 1000).toFixed(1)}`).join(', ');
  const budget = atMost === undefined ? null : { atMost };
  return { name, what, value: sum(loaded, key), unit: 'kB', budget, note: `${loaded.length} files: ${list}` };
}

export const scriptSizeCase: BenchCase = {
  name: 'script',
  title: 'script of the first load',
  async run(context) {
    const account = await prepareAccount(context, spread(5, 500));
    try {
      const signedOut = await load(
        context,
        await context.folder('nobody'),
        account.server.url,
        '#app :is(form, input)',
      );
      const list = await load(context, account.userData, account.server.url, APP.anyChatRow);
      const open = await load(context, account.userData, account.server.url, APP.anyChatRow, true);
      return {
        method:
          'Every script file that the page asks for from its start until the network has rested for half a second, each ' +
          'compressed by itself. kB are 1000 bytes. Read from the built files; the scripts of the stand-in are left out.',
        figures: [
          figure('script.list.gzip', 'to the chat list, gzip', list, 'gzip', 200),
          figure('script.list.brotli', 'to the chat list, brotli', list, 'brotli'),
          figure('script.list.raw', 'to the chat list, as it is', list, 'raw'),
          figure('script.signIn.gzip', 'to the sign-in screen, gzip', signedOut, 'gzip', 200),
          figure('script.open.gzip', 'with a conversation open, gzip', open, 'gzip'),
        ],
        refused: [],
      };
    } finally {
      await account.server.close();
    }
  },
};

async function load(
  context: BenchContext,
  userData: string,
  server: string,
  selector: string,
  openChat = false,
): Promise<Loaded[]> {
  let urls: ReadonlySet<string> = new Set();
  const app = await launchApp({
    browser: context.browser,
    appDir: context.appDir,
    userData,
    server,
    onPage: (page) => (urls = collectScripts(page)),
  });
  try {
    await app.page.locator(selector).first().waitFor();
    if (openChat) {
      await app.page.locator(selector).first().click();
      await app.page.locator(APP.composer).waitFor();
    }
    await app.page.waitForLoadState('networkidle');
    return await measure(context, urls);
  } finally {
    await app.close();
  }
}
