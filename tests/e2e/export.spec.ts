/** A chat is exported from its menu; the pages that come of it are opened as a person would. */
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from '@playwright/test';
import { testHost, type App } from '../helpers/app.ts';
import { png } from '../helpers/media-samples.ts';
import { lookAt } from './lib/axe.ts';
import { sendFiles } from './lib/files.ts';
import { chatRowById, chooseFrom, openChat } from './lib/screen.ts';
import { test } from './lib/world.ts';

/** Answers the system's dialog for a folder. */
async function chooseFolder(app: App, action: string): Promise<void> {
  const open = async () => (await app.control?.call('state', null))?.outside.find(({ what }) => what === 'dialog');
  await expect.poll(async () => (await open())?.title).toBe('Open');
  expect(await app.control?.call('act', { id: (await open())?.id ?? '', action })).toBe(true);
}

test('a chat is exported with its files and reads well in a browser', async ({ world, browser }, info) => {
  test.skip(testHost() === 'electron', 'the dialogs of the system are out of reach there');
  const [anna, boris] = [await world.person('Anna', 'Reed'), await world.person('Boris', '<b>Stone</b>')];
  const chatId = await world.chat(anna, boris);
  const first = await world.write(boris, chatId, 'Shall we **meet** at the harbour?\n> or at https://example.org/map');
  await world.write(anna, chatId, 'Yes, gladly', first);
  await world.write(boris, chatId, '<img src=x onerror="document.title=1">');
  await sendFiles(boris, chatId, 'Look', [['harbour #1.png', await png(640, 480)]]);
  const app = await world.open(anna);
  const { page } = app;
  await chooseFrom(page, chatRowById(page, chatId), 'Export chat…');
  const dialog = page.getByRole('dialog', { name: 'Export chat with Boris' });
  await expect(dialog).toBeVisible();
  expect(await lookAt(page, 'export')).toEqual([]);

  await dialog.getByRole('button', { name: 'Choose folder…' }).click();
  await chooseFolder(app, 'cancel');
  await expect(dialog.getByRole('button', { name: 'Choose folder…' })).toBeEnabled();
  const folder = info.outputPath('out');
  await mkdir(folder);
  await dialog.getByRole('button', { name: 'Choose folder…' }).click();
  await chooseFolder(app, `choose:${folder}`);
  await expect(dialog.getByText('Exported 4 messages')).toBeVisible();
  await dialog.getByRole('button', { name: 'Show in folder' }).click();
  const [name = ''] = await readdir(folder);
  expect(name).toBe('Chat with Boris _b_Stone__b_');
  const shown = async () =>
    (await app.control?.call('state', null))?.records
      .filter(({ what }) => what === 'show-item')
      .map(({ detail }) => detail);
  await expect.poll(shown).toEqual([join(folder, name)]);
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);

  // The pages, in both themes.
  for (const colorScheme of ['light', 'dark'] as const) {
    const context = await browser.newContext({ colorScheme, viewport: { width: 800, height: 900 } });
    const reader = await context.newPage();
    const asked: string[] = [];
    reader.on('request', (request) => void asked.push(new URL(request.url()).protocol));
    await reader.goto(pathToFileURL(join(folder, name, 'index.html')).href);
    await expect(reader.locator('article')).toHaveCount(4);
    await expect(reader).toHaveTitle('Boris <b>Stone</b>');
    await expect(reader.getByText('<img src=x onerror="document.title=1">')).toBeVisible();
    const image = reader.getByRole('img', { name: 'harbour #1.png' });
    await expect.poll(() => image.evaluate((element: HTMLImageElement) => element.naturalWidth)).toBe(640);
    expect(new Set(asked)).toEqual(new Set(['file:']));
    await reader.screenshot({ path: info.outputPath(`export-${colorScheme}.png`) });
    await context.close();
  }

  await openChat(page, chatId);
  await page.getByRole('button', { name: 'More actions', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Export chat…' }).click();
  await expect(dialog.getByText('Since a date')).toBeVisible();
});
