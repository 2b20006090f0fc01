/** What closing the window does, over the stand-in's dialogs. */
import type { BrowserWindow } from 'electron';
import { expect, it } from 'vitest';
import { mainTexts } from '../../../../electron/main/lib/main-texts.ts';
import { createCloseWay } from '../../../../electron/main/windows/close-way.ts';
import { createDialog } from '../../../../host/modules/dialog.ts';
import { SystemUi } from '../../../../host/system-ui.ts';
import { until } from '../../../helpers/main-parts.ts';

type Parts = Parameters<typeof createCloseWay>[0];

function closing(more: Partial<Parts> = {}) {
  const outside = new SystemUi();
  const did: string[] = [];
  const window = {
    isDestroyed: () => false,
    hide: () => void did.push('hide'),
  } satisfies Partial<BrowserWindow> as unknown as BrowserWindow;
  const way = createCloseWay({
    platform: 'win32',
    dialog: createDialog(outside, () => true),
    window: () => window,
    texts: () => mainTexts('en'),
    tray: () => 'there',
    isQuitting: () => false,
    chosen: () => 'ask',
    choose: (chosen) => void did.push(chosen),
    ...more,
  });
  const answer = async (label: string): Promise<boolean | undefined> => {
    const asked = way.question()?.();
    await until('the question', () => outside.items().length === 1);
    const [dialog] = outside.items();
    const choice = dialog?.choices.find((one) => one.label === label);
    outside.act({ id: dialog?.id ?? '', action: choice?.action ?? '' });
    return asked;
  };
  return { way, did, answer };
}

it.each([
  ['Keep running', false, ['tray', 'hide']],
  ['Quit', true, ['quit']],
  ['Cancel', false, []],
])('asks once: %s', async (label, closes, expected) => {
  const { way, did, answer } = closing();
  expect(way.hides()).toBe(false);
  expect(await answer(label)).toBe(closes);
  expect(did).toEqual(expected);
});

it.each<[string, Partial<Parts>, boolean, boolean]>([
  ['to the tray', { chosen: () => 'tray' }, true, false],
  ['to the end', { chosen: () => 'quit' }, false, false],
  ['before the settings are known', { chosen: () => null }, false, false],
  ['where there is no tray', { chosen: () => 'tray', tray: () => 'missing' }, false, false],
  ['where nobody knows of a tray', { tray: () => 'unknown' }, false, false],
  ['when the app ends', { chosen: () => 'tray', isQuitting: () => true }, false, false],
  ['on macOS, whatever was chosen', { platform: 'darwin', chosen: () => 'quit', tray: () => 'missing' }, true, false],
])('closes %s', (_what, more, hides, asks) => {
  const { way } = closing(more);
  expect(way.hides()).toBe(hides);
  expect(way.question() !== null).toBe(asks);
});
