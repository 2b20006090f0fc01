/** A second user on the same computer: `npm start -- --profile NAME` uses its own folder, lock and window. */
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import type { HostChoice } from './host-choice.ts';
import { dataHome } from './paths.ts';
import { Stop } from './say.ts';

const NAME = /^[a-z0-9][a-z0-9_-]{0,31}$/;
/** Reserved device names on Windows, in every folder. */
const DEVICES = /^(con|prn|aux|nul|com\d|lpt\d)$/;

/**
 * The profile name as used for its folder: lower case, since two of the three platforms ignore case.
 * @throws Stop when it is not a valid folder name.
 */
export function profileName(given: string): string {
  const name = given.toLowerCase();
  if (NAME.test(name) && !DEVICES.test(name)) return name;
  throw new Stop(
    `--profile ${JSON.stringify(given)}: a name is 1 to 32 letters a-z, digits, - and _, and begins with a letter or a digit.`,
  );
}

/** A profile's data folder. Electron and the stand-in cannot read each other's secrets, so each has its own. */
export function profileFolder(name: string, kind: HostChoice['kind'], home: string = dataHome()): string {
  const host = kind === 'electron' ? 'electron' : 'stand-in';
  return resolve(home, 'relay-desktop', 'profiles', host, name);
}

/** Creates the profile's folder, accessible to its owner only, and returns the environment that selects it. */
export function openProfile(name: string | null, kind: HostChoice['kind']): { RELAY_USER_DATA?: string } {
  if (name === null) return {};
  const folder = profileFolder(name, kind);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return { RELAY_USER_DATA: folder };
}
