/** The steps of `npm run smoke:electron` that are the same on both hosts, taken on the stand-in. */
import { expect, type Browser } from '@playwright/test';
import { HostProcess } from '../../host/client.ts';
import { launchApp, test, testHost, type App } from '../helpers/app.ts';
import { SHARED_STEPS, smokeWorld, type SmokeDesk } from '../helpers/smoke-steps.ts';
import { spawnRelay, type SpawnedRelay } from '../helpers/relay-process.ts';

test.skip(testHost() !== 'stand-in', 'under Electron the command itself takes them');

/** The application on the stand-in; `ended` holds what pages of earlier starts complained of. */
class StandInDesk implements SmokeDesk {
  readonly userDataDir: string;
  private readonly browser: Browser;
  private readonly server: string;
  private readonly ended: string[] = [];
  private app: App | null = null;

  constructor(browser: Browser, server: string, userDataDir: string) {
    this.browser = browser;
    this.server = server;
    this.userDataDir = userDataDir;
  }

  get page() {
    return this.running.page;
  }

  async open(): Promise<void> {
    this.app = await launchApp(this.browser, { server: this.server, userDataDir: this.userDataDir });
  }

  async quit(): Promise<void> {
    const app = this.running;
    this.app = null;
    this.ended.push(...app.problems());
    await app.close();
  }

  /** Nothing of it stays, whatever went wrong. */
  async kill(): Promise<void> {
    await this.app?.kill();
  }

  async startSecond(): Promise<number | null> {
    const env = { ...process.env, RELAY_USER_DATA: this.userDataDir };
    return new HostProcess({ appDir: process.env.RELAY_TEST_APP ?? '.', screen: 'parent', env }).exited;
  }

  readonly crash = async (told: boolean): Promise<void> => {
    const { control } = this;
    const { windowId } = await control.call('firstWindow', null);
    const address = this.nextAddress();
    await control.call('crash', { windowId });
    if (told) {
      const asked = async () => (await control.call('state', null)).outside.find(({ what }) => what === 'dialog');
      await expect.poll(asked).toBeDefined();
      await control.call('act', { id: (await asked())?.id ?? '', action: 'button:0' });
    }
    await this.page.goto(await address);
    await this.page.locator('nav a[href*="/chats"]').first().waitFor();
  };

  async window() {
    const { windows } = await this.control.call('state', null);
    return { visible: windows[0]?.visible === true, maximized: null };
  }

  problems(): string[] {
    return [...this.ended, ...(this.app?.problems() ?? [])];
  }

  private get running(): App {
    if (!this.app) throw new Error('the application is not open');
    return this.app;
  }

  private get control(): HostProcess {
    const { control } = this.running;
    if (!control) throw new Error('no stand-in');
    return control;
  }

  /** The next address that a window wants a page at, those before left aside. */
  private nextAddress(): Promise<string> {
    return new Promise((resolve) => {
      let known = true;
      this.control.onWindow(({ address }) => {
        if (!known) resolve(address);
      });
      known = false;
    });
  }
}

let relay: SpawnedRelay;
let desk: StandInDesk;

test.beforeEach(async ({ browser }, info) => {
  relay = await spawnRelay();
  desk = new StandInDesk(browser, relay.url, info.outputPath('user-data'));
});

// A hook: also after a step that never ended.
test.afterEach(async () => {
  await desk.kill();
  await relay.close();
});

test('every step that both hosts share', async () => {
  const world = await smokeWorld(relay.url);
  await desk.open();
  for (const { name, run } of SHARED_STEPS) await test.step(name, () => run(desk, world));
  await desk.quit();
});
