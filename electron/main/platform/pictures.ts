import { join } from 'node:path';
import { app } from 'electron';

/** Where the tray's and the window's pictures lie: beside the packed program, else in the project. */
export function picturesFolder(): string {
  return app.isPackaged ? join(process.resourcesPath, 'tray') : join(app.getAppPath(), 'build', 'tray');
}
