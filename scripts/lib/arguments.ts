/** The arguments after `npm start --`. Pure. */
import { parseArgs } from 'node:util';
import type { Wish } from './host-choice.ts';
import { profileName } from './profile.ts';
import { Stop } from './say.ts';

export interface Arguments {
  demo: boolean;
  /** The profile name; null for the default folder. */
  profile: string | null;
  wish: Wish;
}

const OPTIONS = {
  demo: { type: 'boolean', default: false },
  profile: { type: 'string' },
  electron: { type: 'boolean', default: false },
  'stand-in': { type: 'boolean', default: false },
  print: { type: 'boolean', default: false },
} as const;

const USAGE = 'Usage: npm start -- [--demo | --profile NAME] [--electron | --stand-in | --print]';

/** Our options that npm has consumed itself: it was called without `--`, or PowerShell swallowed that. */
function keptByNpm(env: NodeJS.ProcessEnv): string[] {
  return Object.keys(OPTIONS).filter((name) => env[`npm_config_${name.replaceAll('-', '_')}`] !== undefined);
}

/**
 * Parses the command line.
 * @throws Stop with the problem and the usage.
 */
export function readArguments(args: string[], env: NodeJS.ProcessEnv): Arguments {
  const [kept] = keptByNpm(env);
  if (kept !== undefined) {
    throw new Stop(
      `npm kept --${kept} for itself: put -- before it, and in PowerShell write npm.cmd for npm.\n${USAGE}`,
    );
  }
  try {
    const { values } = parseArgs({ args, options: OPTIONS });
    const host = values.electron ? 'electron' : values['stand-in'] ? 'stand-in' : values.print ? 'print' : 'any';
    const profile = values.profile === undefined ? null : profileName(values.profile);
    if (profile !== null && values.demo) throw new Error('--demo has people of its own: leave --profile out.');
    if (profile !== null && env.RELAY_USER_DATA) throw new Error('--profile or RELAY_USER_DATA: only one of them.');
    return { demo: values.demo, profile, wish: { host } };
  } catch (error) {
    if (error instanceof Stop) throw error;
    throw new Stop(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  }
}
