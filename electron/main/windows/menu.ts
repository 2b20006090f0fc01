import { app, type BrowserWindow, Menu, type WebContents } from 'electron';
import type { MainTexts } from '../lib/main-texts.ts';
import { applicationMenu, textMenu } from './menu-template.ts';

/**
 * The application menu. macOS shows it and takes the shortcuts for copy and paste from it; on Linux it is hidden
 * until Alt, and on Windows it is opened from the page's title bar. Needs a ready app.
 */
export function setMenu(texts: MainTexts): void {
  const template = applicationMenu(texts.menu, { mac: process.platform === 'darwin', forDevelopers: !app.isPackaged });
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}

/** Opens the application menu at a place of the window's page, in the page's own pixels. */
export function showMenu(window: BrowserWindow | null, { x, y }: { x: number; y: number }): void {
  const menu = Menu.getApplicationMenu();
  if (!menu || !window) return;
  const zoom = window.webContents.getZoomFactor();
  menu.popup({ window, x: Math.round(x * zoom), y: Math.round(y * zoom) });
}

/** A context menu with cut, copy and paste, where the page has no menu of its own. */
export function offerEditMenu(contents: WebContents, texts: () => MainTexts): void {
  contents.on('context-menu', (_event, { isEditable, editFlags, selectionText }) => {
    if (!isEditable && selectionText.trim() === '') return;
    Menu.buildFromTemplate(textMenu(texts().menu, { editable: isEditable, ...editFlags })).popup();
  });
}
