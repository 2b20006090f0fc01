/**
 * The contents of the menus. Pure: every item has our own label, since those of Electron's roles are always English.
 */
import type { MenuItemConstructorOptions } from 'electron';
import type { MenuTexts } from '../lib/main-texts.ts';

type Item = MenuItemConstructorOptions;

const LINE: Item = { type: 'separator' };

export interface MenuKind {
  mac: boolean;
  /** Allows reload and developer tools. */
  forDevelopers: boolean;
}

function macAppMenu(texts: MenuTexts): Item {
  return {
    // macOS shows the app's own name instead.
    label: 'Relay',
    submenu: [
      { role: 'about', label: texts.about },
      LINE,
      { role: 'services', label: texts.services },
      LINE,
      { role: 'hide', label: texts.hide },
      { role: 'hideOthers', label: texts.hideOthers },
      { role: 'unhide', label: texts.showAll },
      LINE,
      { role: 'quit', label: texts.quitApp },
    ],
  };
}

function editMenu(texts: MenuTexts): Item {
  return {
    label: texts.edit,
    submenu: [
      { role: 'undo', label: texts.undo },
      { role: 'redo', label: texts.redo },
      LINE,
      { role: 'cut', label: texts.cut },
      { role: 'copy', label: texts.copy },
      // Formatting from other programs means nothing here.
      { role: 'pasteAndMatchStyle', label: texts.paste, accelerator: 'CmdOrCtrl+V' },
      { role: 'selectAll', label: texts.selectAll },
    ],
  };
}

function viewMenu(texts: MenuTexts, forDevelopers: boolean): Item {
  const developers: Item[] = [
    LINE,
    { role: 'reload', label: texts.reload },
    { role: 'toggleDevTools', label: texts.developerTools },
  ];
  return {
    label: texts.view,
    submenu: [
      { role: 'resetZoom', label: texts.actualSize },
      { role: 'zoomIn', label: texts.zoomIn },
      { role: 'zoomOut', label: texts.zoomOut },
      LINE,
      { role: 'togglefullscreen', label: texts.fullScreen },
      ...(forDevelopers ? developers : []),
    ],
  };
}

function macWindowMenu(texts: MenuTexts): Item {
  return {
    role: 'window',
    label: texts.window,
    submenu: [
      { role: 'minimize', label: texts.minimize },
      { role: 'zoom', label: texts.zoom },
      { role: 'close', label: texts.close },
      LINE,
      { role: 'front', label: texts.bringAllToFront },
    ],
  };
}

/** The application menu. */
export function applicationMenu(texts: MenuTexts, { mac, forDevelopers }: MenuKind): Item[] {
  const fileMenu: Item = { label: texts.file, submenu: [{ role: 'quit', label: texts.quit }] };
  return [
    mac ? macAppMenu(texts) : fileMenu,
    editMenu(texts),
    viewMenu(texts, forDevelopers),
    ...(mac ? [macWindowMenu(texts)] : []),
  ];
}

/** The context menu of a text: all commands if `editable`, otherwise only copy. */
export function textMenu(
  texts: MenuTexts,
  { editable, canCut, canCopy, canPaste }: Record<'editable' | 'canCut' | 'canCopy' | 'canPaste', boolean>,
): Item[] {
  const copy: Item = { role: 'copy', label: texts.copy, enabled: canCopy };
  if (!editable) return [copy];
  return [
    { role: 'cut', label: texts.cut, enabled: canCut },
    copy,
    { role: 'pasteAndMatchStyle', label: texts.paste, enabled: canPaste },
    { role: 'selectAll', label: texts.selectAll },
  ];
}
