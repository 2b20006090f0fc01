/** Messages that are sent later, from the composer to the other one's screen. */
import { expect } from '@playwright/test';
import { png } from '../helpers/media-samples.ts';
import { lookAt } from './lib/axe.ts';
import { attach, test } from './lib/files.ts';
import { bubble, composer, openChat } from './lib/screen.ts';
import { stored } from './lib/world.ts';

test('files wait with their message, are named, and arrive with it', async ({ world, sample }) => {
  const [anna, boris] = [await world.person('Anna', 'Reed'), await world.person('Boris', 'Stone')];
  const chatId = await world.chat(anna, boris);
  await world.write(anna, chatId, 'Hello');
  const { page } = await world.open(anna);
  await openChat(page, chatId);
  await attach(page, [
    await sample('plan of the harbour.png', await png(320, 200)),
    await sample('notes.txt', Buffer.from('notes')),
  ]);
  await page.getByRole('button', { name: 'Send later' }).click();
  await page.getByRole('menuitem', { name: 'In 1 hour' }).click();
  const bar = page.getByRole('button', { name: '1 message to be sent later' });
  await bar.click();
  const dialog = page.getByRole('dialog', { name: 'To be sent later' });
  await expect(dialog.getByRole('list', { name: 'Files' })).toContainText('plan of the harbour.png');
  await expect(dialog.getByRole('list', { name: 'Files' })).toContainText('notes.txt');
  expect(await lookAt(page, 'later with files')).toEqual([]);
  await page.keyboard.press('Escape');
  // Nothing is left in the composer, and nothing comes back to it with the page.
  await expect(page.locator('form.composer').getByText('notes.txt')).toHaveCount(0);
  await page.reload();
  await expect(bar).toBeVisible();
  await expect(page.locator('form.composer').getByText('notes.txt')).toHaveCount(0);
  await bar.click();
  await dialog.getByRole('button', { name: 'Send now' }).click();
  const other = await world.open(boris);
  await openChat(other.page, chatId);
  await expect(other.page.getByText('notes.txt')).toBeVisible();
  // Loaded on both sides before the server goes.
  for (const side of [page, other.page]) {
    const picture = side.getByRole('img', { name: 'plan of the harbour.png' });
    await expect
      .poll(() => picture.evaluate((img: HTMLImageElement) => img.complete && img.naturalWidth > 0))
      .toBe(true);
  }
});

test('a message is put off, changed, and sent when the other one comes', async ({ world }) => {
  const [anna, boris] = [await world.person('Anna', 'Reed'), await world.person('Boris', 'Stone')];
  const chatId = await world.chat(anna, boris);
  await world.write(anna, chatId, 'Hello');
  const app = await world.open(anna);
  const { page } = app;
  await openChat(page, chatId);
  const menu = page.getByRole('button', { name: 'Send later' });
  await expect(menu).toHaveCount(0);

  await composer(page).fill('Good mornin');
  await menu.click();
  await page.getByRole('menuitem', { name: 'Tomorrow at' }).click();
  await expect(composer(page)).toHaveValue('');
  await expect(composer(page)).toBeFocused();
  const bar = page.getByRole('button', { name: '1 message to be sent later' });
  await expect(bar).toBeVisible();

  await composer(page).fill('There you are');
  await menu.press('Enter');
  await page.getByRole('menuitem', { name: 'When Boris is online' }).press('Enter');
  const two = page.getByRole('button', { name: '2 messages to be sent later' });
  await two.click();
  const dialog = page.getByRole('dialog', { name: 'To be sent later' });
  await expect(dialog.getByRole('listitem')).toHaveCount(2);
  expect(await lookAt(page, 'later')).toEqual([]);

  await dialog.getByRole('listitem').first().getByRole('button', { name: 'Edit' }).click();
  await dialog.getByLabel('Message').fill('Good morning');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog.getByText('Good morning', { exact: true })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.reload();
  await expect(two).toBeVisible();
  expect(await stored(boris, chatId)).toEqual(['Hello']);

  const other = await world.open(boris);
  await expect(bar).toBeVisible();
  await expect(bubble(page, 'There you are')).toBeVisible();
  await bar.click();
  await dialog.getByRole('button', { name: 'Send now' }).click();
  await expect(dialog).toHaveCount(0);
  await expect(bar).toHaveCount(0);
  await openChat(other.page, chatId);
  await expect(bubble(other.page, 'Good morning')).toBeVisible();
  expect(await stored(boris, chatId)).toEqual(['Hello', 'There you are', 'Good morning']);
});
