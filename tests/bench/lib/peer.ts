/** The published component's page in a browser. */
import type { Browser, Page } from '@playwright/test';
import type { BenchContext } from './case.ts';
import { painted, PEER } from './markup.ts';
import { installPageProbe } from './page-probe.ts';
import './peer-page.ts';
import { serveFolder } from './static-server.ts';

export interface RunningPeer {
  readonly page: Page;
  close(): Promise<void>;
}

/** Opens the component's page on a world of the given sizes and waits for its list of rooms. */
export async function openPeer(
  context: BenchContext,
  browser: Browser,
  sizes: readonly number[],
): Promise<RunningPeer> {
  const server = await serveFolder(context.peerDir);
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, locale: 'en-US' });
  await page.addInitScript(installPageProbe);
  const query = new URLSearchParams({
    seed: String(context.seed),
    sizes: JSON.stringify(sizes),
    until: String(Date.now() - 60_000),
  });
  await page.goto(`${server.url}/?${query.toString()}`);
  await painted(page, PEER.rooms, null);
  return {
    page,
    close: async () => {
      await page.close();
      await server.close();
    },
  };
}
