/** The title bar: drawn by the page where its system can leave it to us, in the colours of the theme. */
import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserWindow, BrowserWindowConstructorOptions, NativeTheme } from 'electron';
import { describe, expect, it } from 'vitest';
import { followTheme, FRAME, titleBarOptions } from '../../../../electron/main/windows/title-bar.ts';
import { createStandIn } from '../../../helpers/stand-in.ts';

const TOKENS = readFileSync(join(import.meta.dirname, '../../../../renderer/src/styles/tokens.css'), 'utf8');
const token = (name: string): string[] =>
  (new RegExp(`--${name}: light-dark\\((#\\w+), (#\\w+)\\)`).exec(TOKENS) ?? []).slice(1);

function windowWith(options: BrowserWindowConstructorOptions) {
  const made = createStandIn();
  const window: BrowserWindow = new made.modules.BrowserWindow(options);
  const theme = Object.assign(new EventEmitter(), { shouldUseDarkColors: false });
  const noted = (what: string) => made.runtime.outside.records.filter((record) => record.what === what);
  return { window, theme, native: theme as unknown as NativeTheme, noted };
}

describe('the title bar', () => {
  it('has the colours of the page', () => {
    expect([FRAME.light, FRAME.dark]).toEqual(token('frame'));
    const symbols = [false, true].map((dark) => titleBarOptions('win32', dark).titleBarOverlay);
    const [light, dark] = token('text');
    expect(symbols).toMatchObject([
      { color: FRAME.light, symbolColor: light },
      { color: FRAME.dark, symbolColor: dark },
    ]);
  });

  it.each([
    ['win32', 'hidden'],
    ['darwin', 'hiddenInset'],
    ['linux', undefined],
  ] as const)('on %s is %s', (platform, style) => {
    const { titleBarStyle, titleBarOverlay } = titleBarOptions(platform, false);
    expect(titleBarStyle).toBe(style);
    // Without it the page would not know where the system's buttons are.
    expect(Boolean(titleBarOverlay)).toBe(style !== undefined);
  });

  it('follows the theme on Windows until the window is closed', () => {
    const { window, theme, native, noted } = windowWith(titleBarOptions('win32', false));
    followTheme(window, native, 'win32');
    theme.shouldUseDarkColors = true;
    theme.emit('updated');
    expect(noted('title-bar-overlay').map(({ detail }) => detail)).toMatchObject([{ color: FRAME.dark, height: 32 }]);
    expect(noted('background-color').map(({ detail }) => detail)).toMatchObject([{ color: FRAME.dark }]);
    window.destroy();
    expect(theme.listenerCount('updated')).toBe(0);
  });

  it.each(['darwin', 'linux'] as const)('is not coloured on %s, which has no such call', (platform) => {
    const { window, theme, native, noted } = windowWith(titleBarOptions(platform, false));
    followTheme(window, native, platform);
    theme.emit('updated');
    expect(noted('title-bar-overlay')).toEqual([]);
    expect(noted('background-color')).toHaveLength(1);
  });

  it('is refused by the stand-in where Electron refuses it', () => {
    const { window } = windowWith({});
    expect(() => window.setTitleBarOverlay({ color: '#000000' })).toThrow('not enabled');
    const ours = windowWith(titleBarOptions('win32', false)).window;
    expect(() => ours.setTitleBarOverlay({ color: 'no colour' })).toThrow('color');
  });
});
