/** A demo window under Electron: Playwright starts it and signs in through the page's bridge. */
import type { AppProcess } from './app-process.ts';
import type { DemoPerson } from './demo.ts';
import { launchElectron } from './launch-electron.ts';
import { ROOT } from './paths.ts';

interface DemoBridge {
  session: { login(input: { server: string; username: string; password: string }): Promise<{ ok: boolean }> };
}

/** Starts the application, signed in. */
export async function startDemoUnderElectron(
  runtime: string,
  env: Record<string, string>,
  server: string,
  person: DemoPerson,
): Promise<AppProcess> {
  const variables = Object.entries({ ...process.env, ...env }).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  const app = await launchElectron(runtime, { args: [ROOT], env: Object.fromEntries(variables) });
  const exited = new Promise<number | null>((resolve) => app.process().on('close', resolve));
  const page = await app.firstWindow();
  const { username, password } = person;
  const signedIn = await page.evaluate(
    async (input) => {
      const { relay } = globalThis as typeof globalThis & { relay: DemoBridge };
      return (await relay.session.login(input)).ok;
    },
    { server, username, password },
  );
  if (!signedIn) throw new Error(`${username} could not be signed in`);
  return { exited, signIn: null, end: () => app.close() };
}
