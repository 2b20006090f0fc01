import { EventEmitter } from 'node:events';
import type { BrowserWindow, WebContents } from 'electron';
import { expect, it } from 'vitest';
import { createWindowRegistry } from '../../../../electron/main/windows/registry.ts';

/** What the registry touches of a window; its contents throw once it is closed, as Electron's do. */
class TestWindow extends EventEmitter {
  readonly contents = {} as WebContents;
  #isClosed = false;

  get webContents(): WebContents {
    if (this.#isClosed) throw new TypeError('Object has been destroyed');
    return this.contents;
  }

  close(): void {
    this.#isClosed = true;
    this.emit('closed');
  }
}

function made(): TestWindow & BrowserWindow {
  return new TestWindow() as TestWindow & BrowserWindow;
}

it('knows a window by its contents for as long as it is open, and nobody else', () => {
  const windows = createWindowRegistry();
  const [main, call, stranger] = [made(), made(), made()];
  windows.add(main, 'main');
  windows.add(call, 'call');
  expect([main, call, stranger].map(({ contents }) => windows.roleOf(contents))).toEqual(['main', 'call', null]);
  expect(windows.roleOf(null)).toBeNull();
  expect([windows.window('main'), windows.window('picture')]).toEqual([main, null]);
  main.close();
  expect([main, call].map(({ contents }) => windows.roleOf(contents))).toEqual([null, 'call']);
  expect(windows.window('main')).toBeNull();
});

it('answers the newest window of a role', () => {
  const windows = createWindowRegistry();
  const [first, second] = [made(), made()];
  windows.add(first, 'picture');
  windows.add(second, 'picture');
  expect(windows.window('picture')).toBe(second);
  second.close();
  expect(windows.window('picture')).toBe(first);
});
