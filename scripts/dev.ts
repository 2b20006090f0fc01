/**
 * `npm run dev`: the page from vite's development server with hot reload; main and preload are rebuilt on each change
 * and the application is restarted. It uses a relay on this computer, unless RELAY_SERVER names another one.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { build, createServer } from 'vite';
import { startApp, type AppProcess } from './lib/app-process.ts';
import { Endings } from './lib/end.ts';
import { chooseHost, here } from './lib/host-choice.ts';
import { relayFolder, startLocalRelay } from './lib/local-relay.ts';
import { CACHE, ROOT } from './lib/paths.ts';
import { runMain, say, warn } from './lib/say.ts';

/** Watches one bundle; `built` runs after each successful build. Returns a disposer. */
async function watchBundle(config: string, built: () => void): Promise<() => Promise<void>> {
  const watcher = await build({ configFile: join(ROOT, config), root: ROOT, logLevel: 'warn', build: { watch: {} } });
  if (!('on' in watcher)) throw new Error(`vite does not watch ${config}`);
  await new Promise<void>((resolve) => {
    watcher.on('event', (event) => {
      if (event.code === 'ERROR') warn(event.error.message);
      if (event.code !== 'END') return;
      resolve();
      built();
    });
  });
  return () => watcher.close();
}

/** Starts the application, and restarts it on request. */
class Restarter {
  private app: AppProcess | null = null;
  private turn: Promise<void> = Promise.resolve();
  private readonly start: () => AppProcess;
  private readonly over: () => void;

  constructor(start: () => AppProcess, over: () => void) {
    this.start = start;
    this.over = over;
  }

  restart(): void {
    this.turn = this.turn.then(async () => {
      await this.stop();
      const app = this.start();
      this.app = app;
      // The user closed the window: stop, unless this is a restart.
      void app.exited.then(() => {
        if (this.app === app) this.over();
      });
    });
  }

  async stop(): Promise<void> {
    const { app } = this;
    this.app = null;
    await app?.end();
  }
}

await runMain(async () => {
  const endings = new Endings();
  endings.onSignals();
  const choice = await chooseHost({ host: 'any' }, here({ host: 'any' }));
  say(choice.line);

  const env: NodeJS.ProcessEnv = { RELAY_USER_DATA: join(CACHE, 'dev-user-data') };
  if (!process.env.RELAY_SERVER) {
    const relay = await startLocalRelay(relayFolder());
    endings.add(() => relay.close?.());
    env.RELAY_LOCAL_SERVER = relay.url;
  }
  const page = await createServer({
    configFile: join(ROOT, 'vite.renderer.config.ts'),
    root: join(ROOT, 'renderer'),
    cacheDir: join(CACHE, 'vite'),
    server: { host: '127.0.0.1' },
  });
  await page.listen();
  endings.add(() => page.close());
  const address = page.resolvedUrls?.local[0];
  if (!address) throw new Error("vite's server has no address");
  env.RELAY_DEV_SERVER = address;
  say(`The page is at ${address}; the relay at ${process.env.RELAY_SERVER || env.RELAY_LOCAL_SERVER}.`);

  // Main lists this folder at startup; the page itself comes from vite.
  mkdirSync(join(ROOT, 'out', 'renderer'), { recursive: true });
  const { promise: over, resolve: end } = Promise.withResolvers<void>();
  const restarter = new Restarter(() => startApp(choice, env), end);
  let ready = false;
  const rebuilt = (): void => {
    if (ready) restarter.restart();
  };
  endings.add(await watchBundle('vite.main.config.ts', rebuilt));
  endings.add(await watchBundle('vite.preload.config.ts', rebuilt));
  endings.add(() => restarter.stop());
  ready = true;
  restarter.restart();
  await over;
  await endings.end();
  process.exit(0);
});
