/**
 * `npm start`: builds what has changed, sees to a relay, opens the application. `-- --demo` shows two people in two windows.
 * `--electron`, `--stand-in` and `--print` choose the host by hand.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startRelay } from '../relay/server.ts';
import { startApp } from './lib/app-process.ts';
import { buildBundles } from './lib/bundles.ts';
import { DEMO_PEOPLE, seedDemo } from './lib/demo.ts';
import { startDemoUnderElectron } from './lib/demo-electron.ts';
import { Endings } from './lib/end.ts';
import { chooseHost, here, type HostChoice, type Wish } from './lib/host-choice.ts';
import { relayFolder, startLocalRelay } from './lib/local-relay.ts';
import { runMain, say, Stop } from './lib/say.ts';

interface Arguments {
  demo: boolean;
  wish: Wish;
}

function readArguments(): Arguments {
  try {
    const { values } = parseArgs({
      options: {
        demo: { type: 'boolean', default: false },
        electron: { type: 'boolean', default: false },
        'stand-in': { type: 'boolean', default: false },
        print: { type: 'boolean', default: false },
      },
    });
    const host = values.electron ? 'electron' : values['stand-in'] ? 'stand-in' : values.print ? 'print' : 'any';
    return { demo: values.demo, wish: { host } };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Stop(`${reason}\nUsage: npm start -- [--demo] [--electron | --stand-in | --print]`);
  }
}

/** The application with the person's own data. */
async function startForReal(choice: HostChoice, endings: Endings): Promise<number> {
  const configured = process.env.RELAY_SERVER;
  let server = configured;
  if (!configured) {
    const relay = await startLocalRelay(relayFolder());
    endings.add(() => relay.close?.());
    server = relay.url;
    say(`The relay of this computer is at ${server}${relay.close ? '' : ' (started before)'}.`);
  }
  const app = startApp(choice, { RELAY_SERVER: server });
  endings.add(() => app.end());
  return (await app.exited) ?? 1;
}

/** A relay in a folder that is thrown away, two people, a conversation, a window for each. */
async function startDemo(choice: HostChoice, endings: Endings): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'relay-demo-'));
  endings.add(() => rmSync(folder, { recursive: true, force: true }));
  const dataDir = join(folder, 'relay');
  const relay = await startRelay({ host: '127.0.0.1', port: 0, dataDir, demo: true, logLevel: 'warn' });
  endings.add(() => relay.close());
  await seedDemo(relay.url);
  say(`The demonstration's relay is at ${relay.url}; everything in it goes away at the end.`);
  const apps = await Promise.all(
    DEMO_PEOPLE.map(async (person) => {
      const env = { RELAY_SERVER: relay.url, RELAY_USER_DATA: join(folder, person.username) };
      if (choice.kind === 'electron') return startDemoUnderElectron(choice.runtime, env, relay.url, person);
      say(`${person.firstName}'s window: ${person.username} / ${person.password}`);
      const app = startApp(choice, env);
      endings.add(() => app.end());
      await app.signIn?.(relay.url, person.username, person.password);
      return app;
    }),
  );
  for (const app of apps) endings.add(() => app.end());
  const codes = await Promise.all(apps.map(({ exited }) => exited));
  return codes.find((code) => code !== 0) ?? 0;
}

await runMain(async () => {
  const { demo, wish } = readArguments();
  const endings = new Endings();
  endings.onSignals();
  try {
    await buildBundles();
    const choice = await chooseHost(wish, here(wish));
    say(choice.line);
    const code = await (demo ? startDemo(choice, endings) : startForReal(choice, endings));
    await endings.end();
    process.exit(code);
  } finally {
    await endings.end();
  }
});
