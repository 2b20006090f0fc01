import { join } from 'node:path';
import { app } from 'electron';

/** Folder of the window's picture: beside the packaged app, else in the project. */
export function picturesFolder(): string {
  return app.isPackaged ? join(process.resourcesPath, 'tray') : join(app.getAppPath(), 'build', 'tray');
}
