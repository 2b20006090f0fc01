/** "That song from March": one search finds messages, files and music, plays the song and goes to where it was shared. */
import { expect } from '@playwright/test';
import { song } from '../helpers/music-samples.ts';
import { sendFiles, test } from './lib/files.ts';
import { lookAt } from './lib/axe.ts';
import { bubble } from './lib/screen.ts';

/** About ten seconds. */
const FRAMES = 400;
const MONTH = new Date().toLocaleDateString('en', { month: 'long' });

test('a song is found by the month, by who sent it and by what was said, in the search, the palette and the library', async ({
  world,
}) => {
  const anna = await world.person('Anna', 'Reed');
  const boris = await world.person('Boris', 'Stone');
  const chatId = await world.chat(anna, boris);
  const bytes = await song({ title: 'North Room', artist: 'The Quiet Ferry' }, true, FRAMES);
  await sendFiles(boris, chatId, '', [['north.mp3', bytes]]);
  await world.write(anna, chatId, 'Goosebumps every time');
  await sendFiles(boris, chatId, 'The way to the cabin', [['route.pdf', Buffer.from('%PDF-1.4\n%%EOF\n')]]);
  const { page } = await world.open(anna);
  await expect(page.locator(`[data-chat="${chatId}"]`)).toBeVisible();
  const player = page.getByRole('region', { name: 'Player' });

  // The search beside the chats.
  const search = page.getByRole('searchbox', { name: 'Search chats, people and messages' });
  await search.fill(`that song from ${MONTH}`);
  await expect(page.getByText(`Showing: ${MONTH}`)).toBeVisible();
  const music = page.getByRole('group', { name: 'Music' });
  const row = music.getByRole('button', { name: /north/ });
  await expect(row).toContainText('Boris Stone');
  await expect(row).toContainText('You: Goosebumps every time');
  await expect(page.getByRole('group', { name: 'Files' })).toHaveCount(0);
  await expect(page.getByRole('group', { name: 'Messages' }).getByRole('link')).toHaveCount(1);
  await search.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(player).toContainText('north');
  await expect(row).toHaveAttribute('aria-current', 'true');
  expect(await lookAt(page, 'search')).toEqual([]);
  await music.getByRole('button', { name: 'Go to where it was shared' }).click();
  await expect(page).toHaveURL(new RegExp(chatId));
  await expect(bubble(page, 'Goosebumps every time')).toBeVisible();

  await search.fill('cabin from boris');
  await page
    .getByRole('group', { name: 'Files' })
    .getByRole('button', { name: /route\.pdf/ })
    .click();
  await expect(bubble(page, 'The way to the cabin')).toBeVisible();

  // The palette: Enter plays, with Shift it goes there.
  await player.getByRole('button', { name: 'Pause' }).click();
  await page.getByRole('link', { name: 'Music', exact: true }).click();
  await page.keyboard.press('ControlOrMeta+k');
  const palette = page.getByRole('dialog').getByRole('combobox');
  await palette.fill('goosebumps');
  const options = page.getByRole('dialog').getByRole('group', { name: 'Music' }).getByRole('option');
  await expect(options).toHaveCount(1);
  await expect(options).toContainText('Goosebumps every time');
  await expect(page.getByRole('dialog').getByRole('group', { name: 'Messages' }).getByRole('option')).toHaveCount(1);
  expect(await lookAt(page, 'palette')).toEqual([]);
  await palette.press('ArrowUp');
  await palette.press('Enter');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(player.getByRole('button', { name: 'Pause' })).toBeVisible();
  await page.keyboard.press('ControlOrMeta+k');
  await palette.fill('song from boris');
  await expect(options).toHaveCount(1);
  await options.click({ modifiers: ['Shift'] });
  await expect(bubble(page, 'Goosebumps every time')).toBeVisible();

  // The library: what it does not list is found in the chats.
  await page.getByRole('link', { name: 'Music', exact: true }).click();
  const library = page.getByRole('region', { name: 'Music library' });
  await library.getByRole('searchbox').fill(`from Boris in ${MONTH}`);
  const chats = library.getByRole('region', { name: 'In your chats' });
  await expect(chats.getByRole('group', { name: 'Music' }).getByRole('button', { name: /north/ })).toBeVisible();
  await expect(chats.getByRole('group', { name: 'Messages' }).getByRole('link')).toHaveCount(2);
  expect(await lookAt(page, 'library')).toEqual([]);
  await chats.getByRole('button', { name: 'Go to where it was shared' }).click();
  await expect(bubble(page, 'Goosebumps every time')).toBeVisible();
});
