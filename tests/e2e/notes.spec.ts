/** Notes to oneself: written, saved from a message, found again, and the way back to the message. */
import { expect } from '@playwright/test';
import { lookAt } from './lib/axe.ts';
import { bubble, chooseFrom, openChat } from './lib/screen.ts';
import { test } from './lib/world.ts';

test('a message is saved to the notes and found from there', async ({ world }) => {
  const [anna, boris] = [await world.person('Anna', 'Reed'), await world.person('Boris', 'Stone')];
  const chatId = await world.chat(anna, boris);
  await world.write(boris, chatId, 'The code of the gate is 4711');
  const { page } = await world.open(anna);
  await openChat(page, chatId);
  await chooseFrom(page, bubble(page, 'The code of the gate is 4711'), 'Save to notes');
  await expect(page.getByText('Saved to your notes')).toBeVisible();
  await page.getByRole('button', { name: 'Notes to self' }).click();
  const dialog = page.getByRole('dialog', { name: 'Notes to self' });
  await expect(dialog.getByText('The code of the gate is 4711')).toBeVisible();
  await dialog.getByLabel('New note').fill('Buy tea');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog.getByRole('listitem')).toHaveCount(2);
  expect(await lookAt(page, 'notes')).toEqual([]);
  await dialog.getByRole('listitem').first().getByRole('button', { name: 'Edit note' }).click();
  await dialog.getByLabel('Edit note').first().fill('Buy coffee');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.keyboard.press('Escape');
  await page.reload();
  await expect(bubble(page, 'The code of the gate is 4711')).toBeVisible();
  await page.getByRole('button', { name: 'Account: Anna Reed' }).click();
  await page.getByRole('menuitem', { name: 'Notes to self' }).click();
  await expect(dialog.getByRole('listitem').first()).toContainText('Buy coffee');
  await dialog.getByRole('listitem').first().getByRole('button', { name: 'Delete note' }).click();
  await expect(dialog.getByRole('listitem')).toHaveCount(1);
  await dialog.getByRole('button', { name: 'Go to the message' }).click();
  await expect(dialog).toHaveCount(0);
  await expect(bubble(page, 'The code of the gate is 4711')).toBeVisible();
});
