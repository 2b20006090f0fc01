/** A signed-in account whose local store holds a sample world, and the server it belongs to. */
import { existsSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from '@playwright/test';
import type { Bridge } from '#contract/ipc/channels.ts';
import { SampleServer } from '../fixtures/sample-server.ts';
import { launchApp, type RunningApp } from './app.ts';
import type { BenchContext } from './case.ts';
import { fillStore, findStore, type StoreHome } from './fill-store.ts';
import { APP } from './markup.ts';
import { World } from './world.ts';

export interface PreparedAccount {
  readonly world: World;
  readonly server: SampleServer;
  readonly userData: string;
  readonly home: StoreHome;
  /** Starts the app on it and waits for its chat list and its connection. */
  open(options?: { unpaced?: boolean; probeMain?: boolean }): Promise<RunningApp>;
  close(): Promise<void>;
}

const WAIT_MS = 30_000;

/** Waits until a condition holds. */
export async function until(what: string, test: () => boolean | Promise<boolean>, ms = WAIT_MS): Promise<void> {
  const end = performance.now() + ms;
  while (!(await test())) {
    if (performance.now() > end) throw new Error(`${what} did not happen within ${ms} ms`);
    await pause(20);
  }
}

/** Signs in by the page's own bridge: the same way the sign-in screen goes. */
async function signIn(page: Page, server: string): Promise<void> {
  await until('the page', () => page.evaluate(() => 'relay' in window));
  const answer = await page.evaluate(
    (at) => window.relay.accounts.login({ server: at, username: 'bench', password: 'sample' }),
    server,
  );
  if (!answer.ok) throw new Error(`signing in failed: ${answer.error.code}`);
}

declare global {
  interface Window {
    readonly relay: Bridge;
  }
}

/** The id of the account that a page shows. */
export async function currentAccount(page: Page): Promise<string> {
  const id = await page.evaluate(async () => {
    const snapshot = await window.relay.app.ready({});
    return snapshot.ok ? snapshot.value.accounts.current : null;
  });
  if (id === null) throw new Error('no account is open');
  return id;
}

/** Makes a world, a server that has it, and an account that has stored it. */
export async function prepareAccount(context: BenchContext, sizes: readonly number[]): Promise<PreparedAccount> {
  const world = new World({ seed: context.seed, sizes, until: Date.now() - 60_000 });
  const server = await SampleServer.start(world);
  const userData = await context.folder('account');
  // Nothing to fetch while the account is made: the store is filled from the same world afterwards.
  server.hidden = true;
  const first = await launchApp({ browser: context.browser, appDir: context.appDir, userData, server: server.url });
  try {
    await signIn(first.page, server.url);
    await until('the connection', () => server.connected > 0 && existsSync(`${userData}/accounts`));
  } finally {
    await first.close();
  }
  const home = findStore(userData);
  context.say(`storing ${sizes.reduce((sum, size) => sum + size, 0)} messages in ${sizes.length} chats`);
  fillStore(home, world);
  server.hidden = false;
  return {
    world,
    server,
    userData,
    home,
    open: async ({ unpaced = false, probeMain = false } = {}) => {
      const browser = unpaced ? context.unpaced : context.browser;
      const app = await launchApp({ browser, appDir: context.appDir, userData, server: server.url, probeMain });
      await app.page.locator(APP.anyChatRow).first().waitFor();
      await until('the connection', () => server.connected > 0);
      return app;
    },
    close: () => server.close(),
  };
}
