/**
 * `npm start`: builds what has changed, sees to a relay, opens the application. `-- --demo` shows two people in two windows.
 * `--electron`, `--stand-in` and `--print` choose the host by hand.
 */
import { parseArgs } from 'node:util';
import { startApp } from './lib/app-process.ts';
import { buildBundles } from './lib/bundles.ts';
import { startDemo } from './lib/demo-start.ts';
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
