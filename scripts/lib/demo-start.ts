/** `npm start -- --demo`: a relay in a temporary folder, two people, a conversation, a window for each. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRelay } from '../../relay/server.ts';
import { startApp, type AppProcess } from './app-process.ts';
import { DEMO_PEOPLE, demoPlace, seedDemo, type DemoPerson } from './demo.ts';
import { startDemoUnderElectron } from './demo-electron.ts';
import { seedMedia } from './demo-media.ts';
import type { Endings } from './end.ts';
import type { HostChoice } from './host-choice.ts';
import { say } from './say.ts';

/** A person's data folder, with the file from which the application restores its window position. */
function personFolder(folder: string, person: DemoPerson, index: number): string {
  const own = join(folder, person.username);
  mkdirSync(own, { mode: 0o700 });
  writeFileSync(join(own, 'window.json'), JSON.stringify(demoPlace(index)), { mode: 0o600 });
  return own;
}

/** Runs the demo until its windows are closed; returns the exit code. */
export async function startDemo(choice: HostChoice, endings: Endings): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'relay-demo-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  endings.add(remove);
  // Also when something else exits this process, as Playwright does on Ctrl+C when the windows are Electron's.
  process.once('exit', remove);
  const dataDir = join(folder, 'relay');
  const relay = await startRelay({ host: '127.0.0.1', port: 0, dataDir, demo: true, logLevel: 'warn' });
  endings.add(() => relay.close());
  await seedMedia(relay.url, await seedDemo(relay.url));
  say(`The demonstration's relay is at ${relay.url}; everything in it goes away at the end.`);
  const apps = await Promise.all(
    DEMO_PEOPLE.map(async (person, index) => {
      const env = { RELAY_SERVER: relay.url, RELAY_USER_DATA: personFolder(folder, person, index) };
      return startPerson(choice, env, relay.url, person, endings);
    }),
  );
  const codes = await Promise.all(apps.map(({ exited }) => exited));
  return codes.find((code) => code !== 0) ?? 0;
}

/** One person's application, signed in. */
async function startPerson(
  choice: HostChoice,
  env: Record<string, string>,
  server: string,
  person: DemoPerson,
  endings: Endings,
): Promise<AppProcess> {
  const { username, password } = person;
  const name = `${person.firstName} ${person.lastName}`;
  if (choice.kind === 'electron') {
    const app = await startDemoUnderElectron(choice.runtime, env, server, person);
    endings.add(() => app.end());
    say(`${name} is signed in (${username} / ${password}).`);
    return app;
  }
  const app = startApp(choice, env, name);
  endings.add(() => app.end());
  await app.signIn?.(server, username, password);
  say(`${name} is signed in (${username} / ${password}).`);
  return app;
}
