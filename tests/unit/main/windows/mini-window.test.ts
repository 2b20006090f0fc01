/** The small window of a call on the stand-in's own `BrowserWindow`. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { HostBrowserWindow } from '../../../../host/modules/browser-window.ts';
import type { JsonDocument } from '../../../../electron/main/services/ports.ts';
import { ok } from '#contract/model/errors.ts';
import { recordingLogger } from '../../../helpers/main-parts.ts';
import { createStandIn, openPage } from '../../../helpers/stand-in.ts';

const standIn = vi.hoisted(() => ({ modules: null as unknown as ReturnType<typeof createStandIn>['modules'] }));
vi.mock('electron', async () => {
  const { electronOf } = await import('../../../helpers/electron-of-stand-in.ts');
  return electronOf(standIn);
});
const { createMiniWindow } = await import('../../../../electron/main/windows/mini-window.ts');
const { createWindowRegistry } = await import('../../../../electron/main/windows/registry.ts');

let made: ReturnType<typeof createStandIn>;
beforeEach(() => {
  made = createStandIn();
  standIn.modules = made.modules;
});

function world(stored: Record<string, unknown> = {}) {
  const told: string[] = [];
  const written: unknown[] = [];
  const document: JsonDocument = { read: () => stored, write: (value) => (written.push(value), ok(null)) };
  const windows = createWindowRegistry();
  const mini = createMiniWindow({
    ...{
      pageUrl: 'app://sample/mini.html',
      preload: '/nowhere/index.cjs',
      document,
      logger: recordingLogger(),
      windows,
    },
    title: () => 'Call',
    onPageGone: () => told.push('page gone'),
    onClosed: () => told.push('closed'),
  });
  const last = (): HostBrowserWindow => {
    const window = [...made.parts.windows].at(-1);
    if (!window) throw new Error('there is no window');
    return window;
  };
  return { mini, windows, told, written, last };
}

describe('the small window', () => {
  it('is above all others, hardened, of its own role, and takes the focus from nobody', () => {
    const { mini, windows, last } = world({ x: 40, y: 50 });
    mini.set(true);
    const window = last();
    expect([window.isAlwaysOnTop(), window.isVisible()]).toEqual([true, false]);
    expect(window.getBounds()).toMatchObject({ x: 40, y: 50 });
    expect(window.contents.preferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
    });
    expect(windows.roleOf(window.webContents)).toBe('call');
    openPage(window.contents).load();
    expect([window.isVisible(), window.isFocused()]).toEqual([true, false]);
  });

  it('is one, keeps its place, and says when it is closed', () => {
    const { mini, told, written, last } = world();
    mini.set(true);
    mini.set(true);
    expect(made.parts.windows.size).toBe(1);
    last().setBounds({ x: 7, y: 8 });
    last().requestClose();
    expect(written).toEqual([{ x: 7, y: 8 }]);
    expect(told.at(-1)).toBe('closed');
    // Closed already: nothing more to close.
    mini.set(false);
    mini.set(true);
    expect(made.parts.windows.size).toBe(1);
    mini.set(false);
    expect(made.parts.windows.size).toBe(0);
  });

  it('whose page crashes is closed: the call goes on in the main window', () => {
    const { mini, told, last } = world();
    mini.set(true);
    openPage(last().contents).load();
    last().contents.pageCrashed();
    expect(made.parts.windows.size).toBe(0);
    expect(told.at(-1)).toBe('closed');
  });
});
