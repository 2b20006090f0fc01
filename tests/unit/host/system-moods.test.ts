/** The stand-in's notifications, tray and dialogs fail as Electron's do. */
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createDialog } from '../../../host/modules/dialog.ts';
import { createNativeImage } from '../../../host/modules/native-image.ts';
import { createNotification } from '../../../host/modules/notification.ts';
import { createTray } from '../../../host/modules/tray.ts';
import { SystemUi } from '../../../host/system-ui.ts';
import type { NotificationMood, TrayMood } from '../../../host/runtime.ts';
import { until } from '../../helpers/main-parts.ts';

const PICTURE = resolve(import.meta.dirname, '../../../build/icons/32x32.png');
const nativeImage = createNativeImage();
const ready = { isReady: () => true };
const early = { isReady: () => false };

function tray(mood: TrayMood) {
  const outside = new SystemUi();
  return { outside, Tray: createTray({ mood, outside, ...ready }) };
}

describe('a tray', () => {
  it('is seen with a picture, and not without one', () => {
    const { outside, Tray } = tray('shown');
    const made = new Tray(nativeImage.createFromPath(PICTURE));
    expect(outside.items()).toHaveLength(1);
    made.setImage(nativeImage.createEmpty());
    expect(outside.items()).toEqual([]);
    expect(() => new Tray('/nowhere/none.png')).toThrow('Failed to load image from path');
    expect(new Tray(nativeImage.createFromPath('/nowhere/none.png')).isDestroyed()).toBe(false);
    expect(outside.items()).toEqual([]);
  });

  it.each(['setToolTip', 'setTitle', 'setImage', 'setContextMenu'] as const)('throws on %s once destroyed', (name) => {
    const { Tray } = tray('shown');
    const made = new Tray(PICTURE);
    made.destroy();
    made.destroy();
    const touch = { setToolTip: () => made.setToolTip('x'), setTitle: () => made.setTitle('x') };
    const other = { setImage: () => made.setImage(PICTURE), setContextMenu: () => made.setContextMenu(null) };
    expect({ ...touch, ...other }[name]).toThrow('Tray is destroyed');
  });

  it('is made and seen by nobody on a system without one, or not made at all', () => {
    const { outside, Tray } = tray('absent');
    new Tray(PICTURE).setToolTip('Relay');
    expect(outside.items()).toEqual([]);
    const refused = tray('refused').Tray;
    expect(() => new refused(PICTURE)).toThrow('tray');
    const Early = createTray({ mood: 'shown', outside, ...early });
    expect(() => new Early(PICTURE)).toThrow('before app is ready');
  });
});

describe('a notification', () => {
  function shownWith(mood: NotificationMood) {
    const outside = new SystemUi();
    const Notification = createNotification({ mood, outside, ...ready });
    const heard: string[] = [];
    const made = new Notification({ title: 'Anna', body: 'Hello' });
    made.on('show', () => heard.push('show'));
    made.on('failed', (_event, error) => heard.push(`failed: ${error}`));
    made.show();
    return { outside, heard, isSupported: Notification.isSupported() };
  }

  it('is shown, or fails with a reason after it was taken, or never comes', async () => {
    expect(shownWith('shown')).toMatchObject({ heard: ['show'], isSupported: true });
    const failing = shownWith('failing');
    expect(failing).toMatchObject({ heard: [], isSupported: true });
    await until('it failed', () => failing.heard.length > 0);
    expect(failing.heard).toEqual(['failed: The notification platform is unavailable.']);
    expect(failing.outside.items()).toEqual([]);
    const none = shownWith('unsupported');
    expect(none).toMatchObject({ heard: [], isSupported: false });
    expect(none.outside.items()).toEqual([]);
  });

  it('cannot be made before the application is ready', () => {
    const Notification = createNotification({ mood: 'shown', outside: new SystemUi(), ...early });
    expect(() => new Notification({ title: 'x' })).toThrow('before app is ready');
  });
});

describe('a dialog', () => {
  it('asks nothing before the application is ready', async () => {
    const dialog = createDialog(new SystemUi(), () => false);
    await expect(dialog.showMessageBox({ message: 'x' })).rejects.toThrow('after app is ready');
  });
});
