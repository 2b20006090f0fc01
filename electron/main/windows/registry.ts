/** The windows that this app has opened, each with its role. Everything else is not one of our windows. */
import type { BrowserWindow, WebContents, WebFrameMain } from 'electron';
import type { WindowRole } from '../lib/roles.ts';

export interface WindowRegistry {
  /** Registers a window until it is closed. */
  add(window: BrowserWindow, role: WindowRole): void;
  /** The role of the window that shows these contents; null if it is not one of our windows. */
  roleOf(contents: WebContents | null): WindowRole | null;
  /** The role of the window whose main frame this is; null for any other frame. */
  roleOfFrame(frame: WebFrameMain): WindowRole | null;
  /** The newest open window of a role, or null. */
  window(role: WindowRole): BrowserWindow | null;
}

/** Creates an empty registry. */
export function createWindowRegistry(): WindowRegistry {
  const windows = new Map<BrowserWindow, { role: WindowRole; contents: WebContents }>();
  return {
    add(window, role) {
      // Stored separately: reading the contents of a destroyed window throws.
      windows.set(window, { role, contents: window.webContents });
      window.once('closed', () => windows.delete(window));
    },
    roleOf(contents) {
      if (contents === null) return null;
      for (const known of windows.values()) if (known.contents === contents) return known.role;
      return null;
    },
    roleOfFrame(frame) {
      for (const { role, contents } of windows.values()) if (contents.mainFrame === frame) return role;
      return null;
    },
    window: (role) => [...windows].findLast(([, known]) => known.role === role)?.[0] ?? null,
  };
}
