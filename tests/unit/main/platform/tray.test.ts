/** The tray and the count, over the stand-in's own tray: for each system the calls that it has, and what fails takes nothing with it. */
import { EventEmitter } from 'node:events';
import type { BrowserWindow, Display, Screen } from 'electron';
import { describe, expect, it, vi } from 'vitest';
import { encodePng } from '../../../../electron/main/lib/drawing/png.ts';
import type { Raster } from '../../../../electron/main/lib/drawing/raster.ts';
import { drawTemplate, drawTray, traySign } from '../../../../electron/main/lib/drawing/tray-drawing.ts';
import { mainTexts } from '../../../../electron/main/lib/main-texts.ts';
import type { TrayState } from '../../../../electron/main/lib/tray-state.ts';
import { type TrayActions, trayMenu } from '../../../../electron/main/platform/tray-menu.ts';
import { openUnreadSigns } from '../../../../electron/main/platform/tray.ts';
import { createMenu } from '../../../../host/modules/menu.ts';
import { createNativeImage } from '../../../../host/modules/native-image.ts';
import { createTray } from '../../../../host/modules/tray.ts';
import { SystemUi } from '../../../../host/system-ui.ts';
import type { TrayMood } from '../../../../host/runtime.ts';
import { recordingLogger } from '../../../helpers/main-parts.ts';

function signsOn(platform: NodeJS.Platform, { mood = 'shown' }: { mood?: TrayMood } = {}) {
  const outside = new SystemUi();
  const logger = recordingLogger();
  const calls: string[] = [];
  const app = {
    getName: () => 'Relay',
    quit: () => void calls.push('quit'),
    setBadgeCount: (count?: number) => calls.push(`badge ${String(count)}`) > 0,
  };
  const display = { scaleFactor: 1 };
  const screen = Object.assign(new EventEmitter(), { getPrimaryDisplay: () => display as Display });
  const parts = {
    app,
    Menu: createMenu(),
    Tray: createTray({ mood, outside, isReady: () => true }),
    nativeImage: createNativeImage(),
    platform,
    screen: screen as unknown as Pick<Screen, 'getPrimaryDisplay' | 'on' | 'off'>,
    logger,
  };
  const signs = openUnreadSigns(parts, mainTexts('en'), {
    open: () => void calls.push('open'),
    openChat: (accountId, chatId) => void calls.push(`chat ${accountId} ${chatId}`),
    pause: (pause) => void calls.push(`pause ${String(pause)}`),
    player: (command) => void calls.push(command),
    toggleMicrophone: () => void calls.push('microphone'),
    hangUp: () => void calls.push('hang up'),
  });
  const makeWindow = (name: string, fails = false) =>
    ({
      isDestroyed: () => false,
      setOverlayIcon(image, words) {
        if (fails) throw new Error('Object has been destroyed');
        calls.push(`${name} overlay ${image === null ? 'none' : 'dot'}: ${words}`);
      },
    }) satisfies Pick<BrowserWindow, 'isDestroyed' | 'setOverlayIcon'> as unknown as BrowserWindow;
  const item = () => outside.items()[0];
  const rescale = (scale: number): void => {
    display.scaleFactor = scale;
    screen.emit('display-metrics-changed', {}, display, ['scaleFactor']);
  };
  return { signs, calls, logger, outside, makeWindow, item, rescale, screen };
}

describe('a call', () => {
  it('has its items in the menu as long as it runs', () => {
    const { signs, calls, outside, item } = signsOn('linux');
    const labels = (): string[] => item()?.choices.map(({ label }) => label) ?? [];
    const before = labels();
    signs.call({ name: 'Ada', muted: false });
    expect(labels()).toEqual(expect.arrayContaining(['Mute microphone', 'Hang up']));
    const press = (wanted: string): void => {
      const choice = item()?.choices.find(({ label }) => label === wanted);
      outside.act({ id: item()?.id ?? '', action: choice?.action ?? '' });
    };
    press('Mute microphone');
    signs.call({ name: 'Ada', muted: true });
    expect(labels()).toContain('Unmute microphone');
    signs.speak(mainTexts('ru'));
    press('Завершить звонок');
    expect(calls).toEqual(['microphone', 'hang up']);
    signs.speak(mainTexts('en'));
    signs.call(null);
    expect(labels()).toEqual(before);
  });
});

describe('the count', () => {
  it.each(['linux', 'darwin'] as const)('is the badge on %s, and no overlay', (platform) => {
    const { signs, calls, makeWindow, item } = signsOn(platform);
    signs.show(2, makeWindow('first'));
    signs.show(2, makeWindow('second'));
    expect(calls).toEqual(['badge 2']);
    expect(item()).toMatchObject({ text: 'Relay - 2 unread messages', title: platform === 'darwin' ? '2' : '' });
    signs.show(0, null);
    expect(calls).toEqual(['badge 2', 'badge 0']);
    expect(item()).toMatchObject({ text: 'Relay', title: '' });
  });

  it('is the overlay on Windows, and no badge, which would be drawn into the same place', () => {
    const { signs, calls, makeWindow } = signsOn('win32');
    signs.show(1, null);
    expect(calls).toEqual([]);
    signs.show(1, makeWindow('first'));
    signs.show(1, makeWindow('second'));
    signs.show(0, makeWindow('second'));
    expect(calls).toEqual([
      'first overlay dot: Relay - 1 unread message',
      'second overlay dot: Relay - 1 unread message',
      'second overlay none: Relay',
    ]);
  });

  it('one sign that fails takes no other with it', () => {
    const { signs, makeWindow, logger, item } = signsOn('win32');
    signs.show(1, makeWindow('gone', true));
    expect(item()?.text).toBe('Relay - 1 unread message');
    expect(logger.of('unread.not_shown').map(({ fields }) => fields['sign'])).toEqual(['badge']);
  });

  it('may come after the end', () => {
    const { signs, calls, logger } = signsOn('linux');
    signs.close();
    signs.close();
    signs.show(1, null);
    signs.speak(mainTexts('ru'));
    expect(calls).toEqual(['badge 1']);
    expect(logger.entries).toEqual([]);
  });
});

describe('the tray', () => {
  it('opens and quits, in the words of the moment', () => {
    const { signs, calls, item, outside } = signsOn('linux');
    signs.show(3, null);
    const labels = () => item()?.choices.map(({ label }) => label);
    expect(labels()).toEqual(['Relay - 3 unread messages', 'Open Relay', 'Quit']);
    signs.speak(mainTexts('ru'));
    expect(labels()).toEqual(['Relay - 3 непрочитанных сообщения', 'Открыть Relay', 'Выйти']);
    for (const { action } of item()?.choices ?? []) outside.act({ id: item()?.id ?? '', action });
    expect(calls).toEqual(['badge 3', 'open', 'open', 'quit']);
  });

  it('has the player while something plays', () => {
    const { signs, calls, item, outside } = signsOn('linux');
    const labels = () => item()?.choices.map(({ label }) => label);
    const before = labels();
    signs.play({ title: 'Rock & Roll', artist: 'AC/DC', playing: true });
    expect(labels()).toEqual(['Relay', 'Pause', 'Next track', 'Previous track', 'Open Relay', 'Quit']);
    signs.play({ title: 'x'.repeat(100), artist: null, playing: false });
    signs.speak(mainTexts('ru'));
    expect(labels()?.slice(1, 4)).toEqual(['Играть', 'Следующий трек', 'Предыдущий трек']);
    for (const { label, action } of item()?.choices ?? [])
      if (/трек|Играть/.test(label)) outside.act({ id: item()?.id ?? '', action });
    expect(calls).toEqual(['toggle', 'next', 'previous']);
    signs.play(null);
    signs.speak(mainTexts('en'));
    expect(labels()).toEqual(before);
  });

  it.each([
    ['is refused by the system', { mood: 'refused' as const }, 'tray.missing'],
    ['is on no screen', { mood: 'absent' as const }, null],
  ])('that %s costs the other signs nothing', (_what, options, event) => {
    const { signs, calls, logger, outside } = signsOn('linux', options);
    signs.show(1, null);
    signs.speak(mainTexts('ru'));
    signs.close();
    expect(calls).toEqual(['badge 1']);
    expect(outside.items()).toEqual([]);
    expect(new Set(logger.entries.map((entry) => entry.event))).toEqual(new Set(event === null ? [] : [event]));
  });
});

describe('the picture', () => {
  const STATE: TrayState = { status: 'online', chats: [], mutedUnread: false, pausedUntil: null };
  const dataUrl = (raster: Raster): string => `data:image/png;base64,${encodePng(raster).toString('base64')}`;
  const drawn = (size: number, messages: number, muted = false): string =>
    dataUrl(drawTray(size, traySign(messages, muted)));

  it.each([
    ['linux', 1, 48],
    ['linux', 2, 48],
    ['win32', 1, 16],
    ['win32', 1.25, 20],
    ['win32', 1.5, 24],
    ['win32', 2, 32],
  ] as const)('has the count on %s at a scale of %s, in %i pixels', (platform, scale, size) => {
    const { signs, item, rescale } = signsOn(platform);
    rescale(scale);
    expect(item()?.picture).toBe(drawn(size, 0));
    for (const messages of [1, 9, 10, 99, 100, 5000]) {
      signs.show(messages, null);
      expect(item()?.picture, String(messages)).toBe(drawn(size, messages));
    }
    signs.show(0, null);
    expect(item()?.picture).toBe(drawn(size, 0));
  });

  it('has a dot while only muted chats have something, and the count goes before it', () => {
    const { signs, item } = signsOn('linux');
    signs.state({ ...STATE, mutedUnread: true });
    expect(item()?.picture).toBe(drawn(48, 0, true));
    signs.show(2, null);
    expect(item()?.picture).toBe(drawn(48, 2));
    signs.show(0, null);
    signs.state(STATE);
    expect(item()?.picture).toBe(drawn(48, 0));
  });

  it('is a template on macOS, with the count as text', () => {
    const { signs, item } = signsOn('darwin');
    const template = (muted: boolean): string => dataUrl(drawTemplate(16, traySign(0, muted)));
    expect(item()).toMatchObject({ title: '', picture: template(false) });
    signs.show(7, null);
    expect(item()).toMatchObject({ title: '7', picture: template(false) });
    signs.show(0, null);
    signs.state({ ...STATE, mutedUnread: true });
    expect(item()).toMatchObject({ title: '', picture: template(true) });
  });

  it('is drawn anew for another scale, with the overlay, until the end', () => {
    const { signs, calls, item, rescale, makeWindow, screen } = signsOn('win32');
    signs.show(3, makeWindow('main'));
    rescale(1.5);
    expect(item()?.picture).toBe(drawn(24, 3));
    expect(calls).toHaveLength(2);
    signs.close();
    expect(screen.listenerCount('display-metrics-changed')).toBe(0);
  });

  it('is handed over only when it is another one', () => {
    const { signs, outside } = signsOn('linux');
    const images = (): number => outside.records.filter(({ what }) => what === 'tray-image').length;
    const before = images();
    signs.show(100, null);
    signs.show(101, null);
    signs.state(STATE);
    signs.speak(mainTexts('ru'));
    expect(images()).toBe(before + 1);
  });
});

describe('the menu', () => {
  const STATE: TrayState = { status: 'online', chats: [], mutedUnread: false, pausedUntil: null };

  it('has the connection, the unread chats and the pause, and each leads somewhere', () => {
    const { signs, calls, item, outside } = signsOn('linux');
    const labels = () => item()?.choices.map(({ label }) => label);
    const press = (wanted: string): void => {
      const choice = item()?.choices.find(({ label }) => label === wanted);
      expect(outside.act({ id: item()?.id ?? '', action: choice?.action ?? '' }), wanted).toBe(true);
    };
    signs.state({
      ...STATE,
      chats: [
        { accountId: 'a', chatId: 'c1', title: 'Rock & Roll', unread: 2 },
        { accountId: 'b', chatId: 'c2', title: `Anna\n${'x'.repeat(100)}`, unread: 500 },
      ],
    });
    expect(labels()?.slice(1)).toEqual([
      'Rock && Roll (2)',
      `Anna ${'x'.repeat(48)}… (99+)`,
      'Open Relay',
      'For 30 minutes',
      'For 1 hour',
      'Until tomorrow morning',
      'Quit',
    ]);
    press('Rock && Roll (2)');
    press('For 30 minutes');
    press('Until tomorrow morning');
    signs.state({ ...STATE, pausedUntil: new Date(2026, 0, 1, 15, 30).getTime() });
    expect(labels()).not.toContain('Rock && Roll (2)');
    press('Turn off');
    signs.speak(mainTexts('ru'));
    press('1 час');
    expect(calls).toEqual(['chat a c1', 'pause half', 'pause tomorrow', 'pause null', 'pause hour']);
  });

  it('loads no format of times while nothing is paused: the first one of a process is slow', () => {
    const made = vi.spyOn(Intl, 'DateTimeFormat');
    const menu = (pausedUntil: number | null): unknown =>
      trayMenu(
        { call: null, playing: null, state: { ...STATE, pausedUntil } },
        mainTexts('en'),
        {} as TrayActions,
        () => undefined,
      );
    menu(null);
    expect(made).not.toHaveBeenCalled();
    menu(Date.UTC(2026, 0, 1));
    expect(made).toHaveBeenCalled();
    made.mockRestore();
  });

  it('says when the pause ends, in the words and the clock of the language', () => {
    const until = new Date(2026, 0, 1, 15, 30).getTime();
    const label = (locale: string): string | undefined =>
      trayMenu(
        { call: null, playing: null, state: { ...STATE, pausedUntil: until } },
        mainTexts(locale),
        {} as TrayActions,
        () => undefined,
      ).find(({ submenu }) => submenu)?.label;
    expect(label('en')).toMatch(/^Do not disturb until 3:30.PM$/);
    expect(label('ru')).toBe('Не беспокоить до 15:30');
  });
});
