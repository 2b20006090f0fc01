import { app, Menu, type MenuItemConstructorOptions, type WebContents } from 'electron';
import { mainTexts } from '../lib/main-texts.ts';

type Item = MenuItemConstructorOptions;

function editMenu(label: string): Item {
  return {
    label,
    submenu: [
      { role: 'undo' },
      { role: 'redo' },
      { type: 'separator' },
      { role: 'cut' },
      { role: 'copy' },
      // Formatting of other programs means nothing here.
      { role: 'pasteAndMatchStyle', accelerator: 'CmdOrCtrl+V' },
      { role: 'selectAll' },
    ],
  };
}

function viewMenu(label: string): Item {
  const forDevelopers: Item[] = app.isPackaged
    ? []
    : [{ type: 'separator' }, { role: 'reload' }, { role: 'toggleDevTools' }];
  return {
    label,
    submenu: [
      { role: 'resetZoom' },
      { role: 'zoomIn' },
      { role: 'zoomOut' },
      { type: 'separator' },
      { role: 'togglefullscreen' },
      ...forDevelopers,
    ],
  };
}

/**
 * The application's menu. macOS shows it and takes the keys for copy and paste from it; on Windows and Linux it is
 * hidden until Alt, for its keys. Needs a ready app.
 */
export function setMenu(): void {
  const texts = mainTexts(app.getLocale());
  const mac = process.platform === 'darwin';
  const first: Item = mac ? { role: 'appMenu' } : { label: texts.file, submenu: [{ role: 'quit', label: texts.quit }] };
  const last: Item[] = mac ? [{ role: 'windowMenu' }] : [];
  Menu.setApplicationMenu(Menu.buildFromTemplate([first, editMenu(texts.edit), viewMenu(texts.view), ...last]));
}

/** Cut, copy and paste under the right mouse button, where the page has no menu of its own. */
export function offerEditMenu(contents: WebContents): void {
  contents.on('context-menu', (_event, { isEditable, editFlags, selectionText }) => {
    const items: Item[] = isEditable
      ? [
          { role: 'cut', enabled: editFlags.canCut },
          { role: 'copy', enabled: editFlags.canCopy },
          { role: 'pasteAndMatchStyle', enabled: editFlags.canPaste },
          { role: 'selectAll' },
        ]
      : [{ role: 'copy', enabled: editFlags.canCopy }];
    if (isEditable || selectionText.trim() !== '') Menu.buildFromTemplate(items).popup();
  });
}
