/** The node's commands at a terminal, beside the start: `backup FILE`, `restore FILE`, `doctor`. */
import { readSettings } from '../settings.ts';
import { StartError } from '../start-error.ts';
import { backUp, restore } from './backup.ts';
import { examine } from './doctor.ts';
import type { Finding } from './finding.ts';

const USAGE = 'the commands are "backup FILE", "restore FILE" and "doctor"; without one the relay starts';
const MARKS: Record<Finding['state'], string> = { ok: 'ok      ', warning: 'warning ', problem: 'PROBLEM ' };

/** A command's output, and whether all is well. */
export interface Outcome {
  text: string;
  isWell: boolean;
}

/**
 * Runs a command. @param args its name and what it takes.
 * @throws StartError with a one-line message for the user.
 */
export async function runCommand(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  now: number,
): Promise<Outcome> {
  const [name, file, ...more] = args;
  const options = readSettings(env);
  if (name === 'doctor' && file === undefined) {
    const findings = await examine(options, now);
    const text = findings.map((finding) => `${MARKS[finding.state]}${finding.text}`).join('\n');
    return { text, isWell: findings.every(({ state }) => state !== 'problem') };
  }
  if ((name !== 'backup' && name !== 'restore') || file === undefined || file === '' || more.length > 0) {
    throw new StartError(USAGE);
  }
  if (options.databaseUrl !== undefined) {
    throw new StartError('the data is in PostgreSQL: back up and restore with its own means, such as pg_dump');
  }
  const text = name === 'backup' ? backUp(options.dataDir, file, now) : restore(options.dataDir, file);
  return { text, isWell: true };
}
