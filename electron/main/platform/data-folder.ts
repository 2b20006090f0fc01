import { accessSync, constants, mkdirSync } from 'node:fs';

/** Creates the user data folder if it does not exist. Throws the system's error if it cannot be read and written. */
export function needFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
}
