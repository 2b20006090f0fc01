/** The command line of the stand-in: `node host/run.ts --app=DIR [--screen=browser|print|parent] [--browser=FILE] [--packaged] [-- ...]`. */
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { type HostOptions, KEY_STORE_MOODS, NOTIFICATION_MOODS, TRAY_MOODS } from './runtime.ts';

export interface RunOptions extends HostOptions {
  screen: 'browser' | 'print' | 'parent';
  /** The browser's executable, for `--screen=browser`. */
  browser: string;
}

/** Reads the command line and the environment. Throws with a readable message. */
export function readOptions(argv: string[], env: NodeJS.ProcessEnv): RunOptions {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: {
      app: { type: 'string' },
      screen: { type: 'string', default: 'print' },
      browser: { type: 'string', default: '' },
      packaged: { type: 'boolean', default: false },
    },
  });
  if (values.app === undefined) throw new Error('--app=DIR is missing: the folder with package.json');
  const { screen } = values;
  if (screen !== 'browser' && screen !== 'print' && screen !== 'parent') throw new Error(`unknown --screen=${screen}`);
  if (screen === 'browser' && values.browser === '') throw new Error('--screen=browser wants --browser=FILE');
  if (values.packaged && basename(values.app) !== 'app.asar') throw new Error('--packaged wants --app=.../app.asar');
  return {
    appDir: values.app,
    packaged: values.packaged,
    screen,
    browser: values.browser,
    keyStore: moodOf(env, 'RELAY_HOST_KEY_STORE', KEY_STORE_MOODS),
    notifications: moodOf(env, 'RELAY_HOST_NOTIFICATIONS', NOTIFICATION_MOODS),
    // Nobody could click it there: an application must not hide itself in it.
    tray: moodOf(env, 'RELAY_HOST_TRAY', TRAY_MOODS, screen === 'parent' ? 'shown' : 'refused'),
    languages: languagesOf(env),
    keepWire: env.RELAY_HOST_KEEP_WIRE === '1',
    argv: positionals,
  };
}

/** The mood set by a variable; the first of the list by default. */
function moodOf<Mood extends string>(
  env: NodeJS.ProcessEnv,
  name: string,
  moods: readonly [Mood, ...Mood[]],
  usual: Mood = moods[0],
): Mood {
  const text = env[name] ?? '';
  const mood = text === '' ? usual : moods.find((known) => known === text);
  if (mood === undefined) throw new Error(`${name}=${text}: one of ${moods.join(', ')}`);
  return mood;
}

/** The languages requested, otherwise the system's. */
function languagesOf(env: NodeJS.ProcessEnv): string[] {
  const asked = (env.RELAY_HOST_LANGUAGES ?? '').split(',').filter((tag) => tag !== '');
  return asked.length > 0 ? asked : [Intl.DateTimeFormat().resolvedOptions().locale];
}
