/** A second person at the same computer: `npm start -- --profile NAME` has a folder, a lock and a window of its own. */
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import type { HostChoice } from './host-choice.ts';
import { dataHome } from './paths.ts';
import { Stop } from './say.ts';

const NAME = /^[a-z0-9][a-z0-9_-]{0,31}$/;
/** Windows keeps these for its devices, in every folder. */
const DEVICES = /^(con|prn|aux|nul|com\d|lpt\d)$/;

/**
 * The profile's name as its folder has it: in small letters, since two systems of three do not tell them from large ones.
 * @throws Stop when it can name no folder.
 */
export function profileName(given: string): string {
  const name = given.toLowerCase();
  if (NAME.test(name) && !DEVICES.test(name)) return name;
  throw new Stop(
    `--profile ${JSON.stringify(given)}: a name is 1 to 32 letters a-z, digits, - and _, and begins with a letter or a digit.`,
  );
}

/** The folder of a profile's data. Electron and the stand-in cannot read each other's secrets: each has one. */
export function profileFolder(name: string, kind: HostChoice['kind'], home: string = dataHome()): string {
  const host = kind === 'electron' ? 'electron' : 'stand-in';
  return resolve(home, 'relay-desktop', 'profiles', host, name);
}

/** Makes the profile's folder, for its owner alone, and answers what tells the application of it. */
export function openProfile(name: string | null, kind: HostChoice['kind']): { RELAY_USER_DATA?: string } {
  if (name === null) return {};
  const folder = profileFolder(name, kind);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return { RELAY_USER_DATA: folder };
}
