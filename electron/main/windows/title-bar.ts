/**
 * The window's title bar. On Windows and macOS the page draws it and the system puts its buttons there; on Linux the
 * desktop draws it: what a frameless window may do there depends on the desktop and on X11 or Wayland.
 */
import type { BrowserWindow, BrowserWindowConstructorOptions, NativeTheme, TitleBarOverlayOptions } from 'electron';

/** The page's frame (`--frame` of its tokens): a window that is not painted yet has it, and the title bar always. */
export const FRAME = { light: '#e6e8f1', dark: '#0a0b10' } as const;
/** Symbols of the window's buttons (`--text` of the tokens). */
const SYMBOLS = { light: '#14161f', dark: '#eceef5' } as const;
/** Height of the bar in pixels, as Windows draws its own. */
const HEIGHT = 32;

function overlay(dark: boolean): TitleBarOverlayOptions {
  const theme = dark ? 'dark' : 'light';
  return { color: FRAME[theme], symbolColor: SYMBOLS[theme], height: HEIGHT };
}

/** How a window is made, for its title bar. */
export function titleBarOptions(
  platform: NodeJS.Platform,
  dark: boolean,
): Pick<BrowserWindowConstructorOptions, 'titleBarStyle' | 'titleBarOverlay'> {
  // The buttons take the window's own appearance there, and have no colours.
  if (platform === 'darwin') return { titleBarStyle: 'hiddenInset', titleBarOverlay: true };
  if (platform === 'win32') return { titleBarStyle: 'hidden', titleBarOverlay: overlay(dark) };
  return {};
}

/** Gives the title bar and what is behind the page the colours of the theme, now and as it changes. */
export function followTheme(
  window: BrowserWindow,
  theme: Pick<NativeTheme, 'shouldUseDarkColors' | 'on' | 'off'>,
  platform: NodeJS.Platform,
): void {
  const colour = (): void => {
    if (window.isDestroyed()) return;
    const dark = theme.shouldUseDarkColors;
    window.setBackgroundColor(dark ? FRAME.dark : FRAME.light);
    if (platform === 'win32') window.setTitleBarOverlay(overlay(dark));
  };
  theme.on('updated', colour);
  window.once('closed', () => theme.off('updated', colour));
}
