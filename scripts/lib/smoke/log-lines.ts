/** What the application has written into its own log. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const Line = z.object({ level: z.string(), event: z.string() });
export type LogLine = z.infer<typeof Line>;

/** Every line of `logs/main.log` below the folder of a person's data. Throws when there is none. */
export async function logLines(userDataDir: string): Promise<LogLine[]> {
  const text = await readFile(join(userDataDir, 'logs', 'main.log'), 'utf8');
  return text.split('\n').flatMap((line) => (line === '' ? [] : [Line.parse(JSON.parse(line))]));
}

/** The store's thread runs with its full-text index. Throws when it has said otherwise, or never began. */
export async function mustHaveIndex(userDataDir: string): Promise<void> {
  const lines = await logLines(userDataDir);
  const wrong = lines.filter(
    ({ event, level }) => event === 'store.search_without_index' || (event.startsWith('store.') && level === 'error'),
  );
  if (wrong.length > 0) throw new Error(`the log says ${wrong.map(({ event }) => event).join(', ')}`);
  if (!lines.some(({ event }) => event === 'sign_in.opened')) throw new Error('no account was opened');
}

/** Nothing of the tray went wrong. Throws with what the log says of it. */
export async function mustHaveTray(userDataDir: string): Promise<void> {
  const said = (await logLines(userDataDir)).filter(({ event }) => event.startsWith('tray.'));
  if (said.length > 0) throw new Error(`the log says ${said.map(({ event }) => event).join(', ')}`);
}
