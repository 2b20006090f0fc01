import { app, Menu, type WebContents } from 'electron';
import type { MainTexts } from '../lib/main-texts.ts';
import { applicationMenu, textMenu } from './menu-template.ts';

/**
 * The application menu. macOS shows it and takes the shortcuts for copy and paste from it; on Windows and Linux it is
 * hidden until Alt and there for its shortcuts. Needs a ready app.
 */
export function setMenu(texts: MainTexts): void {
  const template = applicationMenu(texts.menu, { mac: process.platform === 'darwin', forDevelopers: !app.isPackaged });
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}

/** A context menu with cut, copy and paste, where the page has no menu of its own. */
export function offerEditMenu(contents: WebContents, texts: () => MainTexts): void {
  contents.on('context-menu', (_event, { isEditable, editFlags, selectionText }) => {
    if (!isEditable && selectionText.trim() === '') return;
    Menu.buildFromTemplate(textMenu(texts().menu, { editable: isEditable, ...editFlags })).popup();
  });
}
