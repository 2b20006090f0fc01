/**
 * `npm start`: builds what has changed, ensures a relay, opens the application. `-- --demo` shows two people in two
 * windows. `--profile NAME` opens a window for another user. `--electron`, `--stand-in` and `--print` choose the host
 * explicitly.
 */
import { startApp } from './lib/app-process.ts';
import { readArguments } from './lib/arguments.ts';
import { buildBundles } from './lib/bundles.ts';
import { startDemo } from './lib/demo-start.ts';
import { Endings } from './lib/end.ts';
import { chooseHost, here, type HostChoice } from './lib/host-choice.ts';
import { relayFolder, startLocalRelay } from './lib/local-relay.ts';
import { openProfile } from './lib/profile.ts';
import { runMain, say } from './lib/say.ts';

/** The application with the user's own data. */
async function startForReal(choice: HostChoice, profile: string | null, endings: Endings): Promise<number> {
  const env: NodeJS.ProcessEnv = openProfile(profile, choice.kind);
  if (!process.env.RELAY_SERVER) {
    const relay = await startLocalRelay(relayFolder());
    endings.add(() => relay.close?.());
    // Only a default, used when no account says otherwise: the user did not choose it.
    env.RELAY_LOCAL_SERVER = relay.url;
    const whose = relay.close ? '' : ', and ends with the start that began it';
    say(`The relay of this computer is at ${relay.url}${whose}.`);
  }
  const app = startApp(choice, env, profile ?? undefined);
  endings.add(() => app.end());
  return (await app.exited) ?? 1;
}

await runMain(async () => {
  const { demo, profile, wish } = readArguments(process.argv.slice(2), process.env);
  const endings = new Endings();
  endings.onSignals();
  try {
    await buildBundles();
    const choice = await chooseHost(wish, here(wish));
    say(choice.line);
    const code = await (demo ? startDemo(choice, endings) : startForReal(choice, profile, endings));
    await endings.end();
    process.exit(code);
  } finally {
    await endings.end();
  }
});
