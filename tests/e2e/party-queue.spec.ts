/** A party queue: two people send songs, reactions put them in order, the same for both, also while it plays. */
import { expect, type Locator, type Page } from '@playwright/test';
import { song } from '../helpers/music-samples.ts';
import { lookAt } from './lib/axe.ts';
import { sendFiles, test } from './lib/files.ts';
import { openChat } from './lib/screen.ts';

/** About half a minute: none of them ends meanwhile. */
const FRAMES = 1200;

const party = (page: Page): Locator => page.getByRole('article').getByRole('region', { name: 'Party queue' });
const songs = (page: Page): Promise<string[]> => party(page).locator('.song-title').allTextContents();

async function like(page: Page, title: string): Promise<void> {
  const message = page.getByRole('article').filter({ has: page.getByRole('group', { name: title }) });
  await message.hover();
  await message
    .getByRole('button', { name: /^React with/ })
    .first()
    .click();
}

test('songs stand in the order of their reactions on both sides, and the queue follows while it plays', async ({
  world,
}) => {
  const anna = await world.person('Anna', 'Reed');
  const boris = await world.person('Boris', 'Stone');
  const chatId = await world.chat(anna, boris);
  const { page } = await world.open(anna);
  await openChat(page, chatId);
  await page.getByRole('button', { name: 'More' }).first().click();
  await page.getByRole('menuitem', { name: 'Start a party queue' }).click();
  await expect(party(page)).toContainText('No songs yet');
  for (const name of ['Alder', 'Birch', 'Cedar']) {
    const bytes = await song({ title: name, artist: 'Trees' }, false, FRAMES);
    await sendFiles(boris, chatId, '', [[`${name}.mp3`, bytes]]);
  }
  await expect.poll(() => songs(page)).toEqual(['Alder', 'Birch', 'Cedar']);

  const theirs = (await world.open(boris)).page;
  await openChat(theirs, chatId);
  await expect.poll(() => songs(theirs)).toEqual(['Alder', 'Birch', 'Cedar']);
  await like(page, 'Cedar');
  for (const side of [page, theirs]) await expect.poll(() => songs(side)).toEqual(['Cedar', 'Alder', 'Birch']);
  expect(await lookAt(page, 'party')).toEqual([]);

  await party(page).getByRole('button', { name: 'Play' }).click();
  await expect(party(page)).toContainText('Playing in this order');
  await page.getByRole('region', { name: 'Player' }).getByRole('button', { name: 'Queue' }).click();
  const queue = page.getByRole('region', { name: 'Queue' });
  await expect.poll(() => queue.locator('.title').allTextContents()).toContain('Cedar');
  const rows = (): Promise<string[]> => queue.locator('.words .title').allTextContents();
  await expect.poll(rows).toEqual(['Cedar', 'Alder', 'Birch']);
  await like(page, 'Birch');
  await expect.poll(rows).toEqual(['Cedar', 'Birch', 'Alder']);
  for (const side of [page, theirs]) await expect.poll(() => songs(side)).toEqual(['Birch', 'Cedar', 'Alder']);
  expect(await lookAt(page, 'queue of a party')).toEqual([]);

  // What comes later takes its place, and stopping leaves the order as it is.
  await sendFiles(boris, chatId, '', [['Date.mp3', await song({ title: 'Date' }, false, FRAMES)]]);
  await expect.poll(rows).toEqual(['Cedar', 'Birch', 'Alder', 'Date']);
  await queue.getByRole('button', { name: 'Stop ordering' }).click();
  await like(page, 'Date');
  await expect.poll(() => songs(page)).toEqual(['Birch', 'Cedar', 'Date', 'Alder']);
  expect(await rows()).toEqual(['Cedar', 'Birch', 'Alder', 'Date']);
});
