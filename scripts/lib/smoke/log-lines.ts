/** Reads the application's own log. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const Line = z.object({ level: z.string(), event: z.string() });
export type LogLine = z.infer<typeof Line>;

/** All lines of `logs/main.log` in the user data folder. Throws when there is no such file. */
export async function logLines(userDataDir: string): Promise<LogLine[]> {
  const text = await readFile(join(userDataDir, 'logs', 'main.log'), 'utf8');
  return text.split('\n').flatMap((line) => (line === '' ? [] : [Line.parse(JSON.parse(line))]));
}

/**
 * Asserts that the store thread runs with its full-text index. Throws when the log says otherwise or no account was
 * opened.
 */
export async function mustHaveIndex(userDataDir: string): Promise<void> {
  const lines = await logLines(userDataDir);
  const wrong = lines.filter(
    ({ event, level }) => event === 'store.search_without_index' || (event.startsWith('store.') && level === 'error'),
  );
  if (wrong.length > 0) throw new Error(`the log says ${wrong.map(({ event }) => event).join(', ')}`);
  if (!lines.some(({ event }) => event === 'sign_in.opened')) throw new Error('no account was opened');
}

/** Asserts that the tray works. Throws with the tray's log events. */
export async function mustHaveTray(userDataDir: string): Promise<void> {
  const said = (await logLines(userDataDir)).filter(({ event }) => event.startsWith('tray.'));
  if (said.length > 0) throw new Error(`the log says ${said.map(({ event }) => event).join(', ')}`);
}
