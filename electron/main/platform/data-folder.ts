import { accessSync, constants, mkdirSync } from 'node:fs';

/** Makes the folder of the person's data if it is not there. Throws the system's error where nothing can be kept in it. */
export function needFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
}
