/** The window on the stand-in's own `BrowserWindow`, which is as strict as Electron's. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { HostBrowserWindow } from '../../../../host/modules/browser-window.ts';
import type { JsonDocument } from '../../../../electron/main/services/ports.ts';
import { mainTexts } from '../../../../electron/main/lib/main-texts.ts';
import { ok } from '#contract/model/errors.ts';
import { ManualClock, recordingLogger } from '../../../helpers/main-parts.ts';
import { addressIn, createStandIn, openPage } from '../../../helpers/stand-in.ts';

const standIn = vi.hoisted(() => ({ modules: null as unknown as ReturnType<typeof createStandIn>['modules'] }));
vi.mock('electron', async () => {
  const { electronOf } = await import('../../../helpers/electron-of-stand-in.ts');
  return electronOf(standIn);
});
const { openMainWindow, raise } = await import('../../../../electron/main/windows/main-window.ts');

/** Whether closing hides it. */
const hides = { now: false };
let made: ReturnType<typeof createStandIn>;
beforeEach(() => {
  hides.now = false;
  made = createStandIn();
  standIn.modules = made.modules;
});

const PLACE = { x: 100, y: 80, width: 900, height: 700, maximized: false };

/** Opens it with a stored place; `gone` counts how often the page was told to be another one. */
function open(stored: Record<string, unknown> = PLACE, askToClose: () => (() => Promise<boolean>) | null = () => null) {
  const clock = new ManualClock();
  const logger = recordingLogger();
  const written: unknown[] = [];
  const document: JsonDocument = {
    read: () => stored,
    write: (value) => {
      written.push(value);
      return ok(null);
    },
  };
  const gone = vi.fn();
  const away: boolean[] = [];
  const pageUrl = 'app://sample/index.html';
  const texts = () => mainTexts('en');
  const options = {
    pageUrl,
    preload: '/nowhere/index.cjs',
    document,
    clock,
    logger,
    texts,
    askToClose,
    hides: () => hides.now,
    onPageGone: gone,
    onAway: (out: boolean) => void away.push(out),
  };
  const window = openMainWindow(options);
  const part = [...made.parts.windows].at(-1) as HostBrowserWindow;
  return { window, contents: part.contents, clock, logger, written, gone, away };
}

describe('the window', () => {
  it('asks before it closes, once, and stays open unless its user agrees', async () => {
    const asked: ((agreed: boolean) => void)[] = [];
    let isInCall = true;
    const { window } = open(PLACE, () =>
      isInCall ? () => new Promise<boolean>((resolve) => void asked.push(resolve)) : null,
    );
    window.close();
    window.close();
    expect([asked.length, window.isDestroyed()]).toEqual([1, false]);
    asked[0]?.(false);
    await new Promise((resolve) => setImmediate(resolve));
    expect(window.isDestroyed()).toBe(false);
    window.close();
    isInCall = false;
    asked[1]?.(true);
    await new Promise((resolve) => setImmediate(resolve));
    expect(window.isDestroyed()).toBe(true);
  });

  it('that was closed maximized comes back so: with its page, and with the focus', () => {
    const { window, contents } = open({ ...PLACE, maximized: true });
    expect(window.isVisible()).toBe(false);
    openPage(contents).load();
    expect([window.isVisible(), window.isMaximized(), window.isFocused()]).toEqual([true, true, true]);
  });

  it('that a second start raises before its page has painted is maximized all the same', () => {
    const { window } = open({ ...PLACE, maximized: true });
    raise(window);
    expect([window.isVisible(), window.isMaximized()]).toEqual([true, true]);
  });

  it('is shown at the latest after its time, also when no page comes', () => {
    const { window, clock } = open({ ...PLACE, maximized: true });
    clock.advance(4_999);
    expect(window.isVisible()).toBe(false);
    clock.advance(1);
    expect([window.isVisible(), window.isMaximized()]).toEqual([true, true]);
  });

  it('keeps its place when it is closed, but not when nobody has seen it', () => {
    const seen = open();
    seen.window.show();
    seen.window.maximize();
    seen.window.close();
    expect(seen.written).toEqual([{ ...PLACE, maximized: true }]);
    const unseen = open({ ...PLACE, maximized: true });
    unseen.window.close();
    expect(unseen.written).toEqual([]);
    // Its timer finds no window.
    unseen.clock.advance(10_000);
  });

  it('that was minimized comes back to the front', () => {
    const { window, contents } = open();
    openPage(contents).load();
    window.minimize();
    raise(window);
    expect([window.isMinimized(), window.isFocused()]).toEqual([false, true]);
  });

  it('says when it is out of sight, and when it is back', () => {
    const { window, contents, away } = open();
    openPage(contents).load();
    away.length = 0;
    window.minimize();
    window.restore();
    window.hide();
    window.show();
    expect(away).toEqual([true, false, true, false]);
  });
});

describe('the page', () => {
  it('is another one once it has arrived, not when a prevented navigation starts', () => {
    const { window, contents, gone } = open();
    window.webContents.on('will-navigate', (details) => details.preventDefault());
    const page = openPage(contents);
    page.load();
    expect(gone).toHaveBeenCalledTimes(1);
    page.say({ kind: 'navigate', id: 1, url: 'https://example.org/' });
    page.say({ kind: 'moved', url: `${addressIn(contents)}#/chats` });
    expect(gone).toHaveBeenCalledTimes(1);
    openPage(contents);
    expect(gone).toHaveBeenCalledTimes(2);
  });

  it('is gone when it could not be loaded, crashed, or its window was closed', () => {
    const { window, contents, gone } = open();
    contents.emit('did-fail-load', {}, -3, 'ERR_ABORTED', 'app://sample/', true);
    contents.emit('did-fail-load', {}, -6, 'ERR_FILE_NOT_FOUND', 'app://sample/x', false);
    expect(gone).toHaveBeenCalledTimes(0);
    contents.emit('did-fail-load', {}, -6, 'ERR_FILE_NOT_FOUND', 'app://sample/', true);
    expect(gone).toHaveBeenCalledTimes(1);
    openPage(contents);
    contents.pageCrashed();
    expect(gone).toHaveBeenCalledTimes(3);
    window.close();
    expect(gone).toHaveBeenCalledTimes(4);
  });

  it('whose crashes are told of in a window that the person then closes is left alone', async () => {
    const { window, contents, logger } = open();
    openPage(contents);
    for (let count = 0; count < 3; count += 1) contents.pageCrashed();
    const [asked] = made.runtime.outside.items();
    window.destroy();
    const loads = logger.of('page.not_loaded').length;
    expect(made.runtime.outside.act({ id: asked?.id ?? '', action: 'button:0' })).toBe(true);
    // Everything that follows from the answer has run then.
    await new Promise((resolve) => setImmediate(resolve));
    expect(logger.of('page.not_loaded')).toHaveLength(loads);
  });
});

describe('a window that stays in the tray', () => {
  it('is hidden in place of being closed, unasked, and comes back as it was', () => {
    const asked = vi.fn(() => null);
    const { window, gone } = open(PLACE, asked);
    window.show();
    hides.now = true;
    window.close();
    expect([window.isDestroyed(), window.isVisible(), gone.mock.calls.length]).toEqual([false, false, 0]);
    expect(asked).not.toHaveBeenCalled();
    raise(window);
    expect(window.isVisible()).toBe(true);
    hides.now = false;
    window.close();
    expect(window.isDestroyed()).toBe(true);
  });

  it('leaves the screen of its own first', () => {
    const { window } = open();
    window.show();
    window.setFullScreen(true);
    hides.now = true;
    window.close();
    expect([window.isFullScreen(), window.isVisible()]).toEqual([false, false]);
  });
});
