/** What files need of the system: a place to save to, the folder's window, the clipboard. */
import { join } from 'node:path';
import type {
  App,
  BrowserWindow,
  Clipboard,
  ClipboardItem,
  Dialog,
  nativeImage,
  OpenDialogOptions,
  Shell,
} from 'electron';
import type { FilesSystem } from '../services/ports.ts';

export interface FilesSystemParts {
  app: Pick<App, 'getPath'>;
  dialog: Pick<Dialog, 'showSaveDialog' | 'showOpenDialog'>;
  shell: Pick<Shell, 'showItemInFolder'>;
  clipboard: Pick<Clipboard, 'write'>;
  ClipboardItem: typeof ClipboardItem;
  nativeImage: Pick<typeof nativeImage, 'createFromBuffer'>;
  platform: NodeJS.Platform;
  /** The window to which a dialog belongs. */
  window: () => BrowserWindow | null;
}

/** The system's functions. Needs a ready app. */
export function createFilesSystem(parts: FilesSystemParts): FilesSystem {
  const { app, dialog, shell, clipboard } = parts;
  const downloadsFolder = (): string => app.getPath('downloads');
  return {
    // macOS marks by itself what an app with LSFileQuarantineEnabled writes; Linux has no such marks.
    marksOfTheWeb: parts.platform === 'win32',
    downloadsFolder,
    async askPlace(name) {
      const options = { defaultPath: join(downloadsFolder(), name) };
      const window = parts.window();
      const answer = await (window ? dialog.showSaveDialog(window, options) : dialog.showSaveDialog(options));
      return answer.canceled || answer.filePath === '' ? null : answer.filePath;
    },
    async askFolder() {
      const options: OpenDialogOptions = {
        defaultPath: downloadsFolder(),
        properties: ['openDirectory', 'createDirectory'],
      };
      const window = parts.window();
      const answer = await (window ? dialog.showOpenDialog(window, options) : dialog.showOpenDialog(options));
      return answer.canceled ? null : (answer.filePaths[0] ?? null);
    },
    showInFolder: (path) => shell.showItemInFolder(path),
    async copyImage(bytes) {
      const image = parts.nativeImage.createFromBuffer(Buffer.from(bytes));
      if (image.isEmpty()) return false;
      const png = new Blob([Uint8Array.from(image.toPNG())], { type: 'image/png' });
      await clipboard.write([new parts.ClipboardItem({ 'image/png': png })]);
      return true;
    },
  };
}
