/** The music library as a person uses it: add by drop, find, sort, play, share, and the other person plays it too. */
import { dirname, join } from 'node:path';
import { expect, type Locator, type Page } from '@playwright/test';
import { fileIn, song } from '../helpers/music-samples.ts';
import { dragFiles, dropFiles, test } from './lib/files.ts';
import { misfits } from './lib/fit.ts';
import { goTo, openChat } from './lib/screen.ts';

const library = (page: Page): Locator => page.getByRole('region', { name: 'Music library' });
const rows = (page: Page): Locator => library(page).locator('[data-row]');
const titles = (page: Page): Promise<string[]> => rows(page).locator('.title').allTextContents();

const SONGS = [
  { title: 'Slow Light', artist: 'Paper Harbour', album: 'Tidal Rooms', track: '1' },
  { title: 'North Room', artist: 'The Quiet Ferry', album: 'Winter Timetable', track: '1' },
  { title: 'Copper Wire', artist: 'Halden & Moss', album: 'Signal Fires', track: '1' },
];
/** About ten seconds: long enough to be seen playing. */
const FRAMES = 400;

async function openMusic(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Music', exact: true }).click();
  await expect(library(page)).toBeVisible();
}

test('added by drop, found, sorted, played by Enter; sent to a chat, where the other person plays it', async ({
  world,
  sample,
}) => {
  const anna = await world.person('Anna', 'Reed');
  const boris = await world.person('Boris', 'Stone');
  const chatId = await world.chat(anna, boris);
  const { page } = await world.open(anna);
  await openMusic(page);
  await expect(library(page).getByText('No music yet')).toBeVisible();

  const files = [
    ...(await Promise.all(
      SONGS.map(async (tags, index) => sample(`${String(index)}.mp3`, await song(tags, true, FRAMES + index * 40))),
    )),
    await sample('notes.txt', Buffer.from('words')),
  ];
  const drag = await dragFiles(page, library(page), files);
  await expect(library(page).getByText('Drop to add to the library')).toBeVisible();
  await drag.drop();
  await expect(page.getByText('1 file isn’t music and was left out')).toBeVisible();
  await expect(rows(page)).toHaveCount(3);
  await expect(library(page).getByText('3 tracks')).toBeVisible();
  await expect(library(page).getByRole('region', { name: 'Adding music' })).toHaveCount(0);

  // Found by a word of the album, whatever its case.
  const search = library(page).getByRole('searchbox');
  await search.fill('timetable');
  await expect(rows(page)).toHaveCount(1);
  await expect(rows(page)).toContainText('North Room');
  await search.press('Escape');
  await expect(rows(page)).toHaveCount(3);

  await library(page).getByRole('button', { name: 'Title', exact: true }).click();
  await expect.poll(() => titles(page)).toEqual(['Copper Wire', 'North Room', 'Slow Light']);
  await library(page).getByRole('button', { name: 'Title', exact: true }).click();
  await expect.poll(() => titles(page)).toEqual(['Slow Light', 'North Room', 'Copper Wire']);
  await expect(library(page).getByRole('columnheader', { name: 'Title' })).toHaveAttribute('aria-sort', 'descending');

  // The keys alone: down to the second row, Enter plays it and the list after it.
  await search.press('ArrowDown');
  await expect(rows(page).nth(0)).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(rows(page).nth(1)).toHaveAttribute('aria-current', 'true');
  const player = page.getByRole('region', { name: 'Player' });
  await expect(player).toContainText('North Room');
  await expect(player.getByRole('button', { name: 'Pause' })).toBeVisible();

  // Sent to the chat as a card.
  await rows(page).nth(1).click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Send to chat…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Send track' });
  await dialog.getByRole('checkbox', { name: 'Boris Stone' }).check();
  await dialog.getByRole('textbox', { name: 'Say something with it' }).fill('For the way home');
  await dialog.getByRole('button', { name: 'Send', exact: true }).click();
  await expect(page.getByText('Sent to 1 chat')).toBeVisible();

  const theirs = (await world.open(boris)).page;
  await openChat(theirs, chatId);
  const card = theirs.getByRole('article').getByRole('group', { name: 'North Room' });
  await expect(card).toContainText('The Quiet Ferry');
  await expect(theirs.getByRole('article')).toContainText('For the way home');
  await card.getByRole('button', { name: 'Play' }).click();
  await expect(card.getByRole('button', { name: 'Pause' })).toBeVisible();
  // Beside the list in a small window it is as narrow as its bubble.
  await theirs.setViewportSize({ width: 720, height: 600 });
  expect(await misfits(theirs)).toEqual([]);
  await theirs.setViewportSize({ width: 1280, height: 800 });
  await expect(theirs.getByRole('region', { name: 'Player' })).toContainText('North Room');

  // And back to where it was shared, from the library.
  await openMusic(theirs);
  await rows(theirs).filter({ hasText: 'North Room' }).click({ button: 'right' });
  await theirs.getByRole('menuitem', { name: 'Go to where it was shared' }).click();
  await expect(theirs.getByRole('article').getByRole('group', { name: 'North Room' })).toBeVisible();
});

test('what is shown can be edited, taken back, and tracks can be removed', async ({ world, sample }) => {
  const anna = await world.person('Anna', 'Reed');
  const { page } = await world.open(anna);
  await openMusic(page);
  const files = [await sample('a.mp3', await song(SONGS[0] ?? {})), await sample('b.mp3', await song(SONGS[1] ?? {}))];
  await dropFiles(page, library(page), files);
  await expect(rows(page)).toHaveCount(2);

  const choose = async (title: string, entry: string): Promise<void> => {
    await rows(page).filter({ hasText: title }).click({ button: 'right' });
    await page.getByRole('menuitem', { name: entry }).click();
  };
  await choose('Slow Light', 'Edit how it’s shown…');
  await page.getByRole('dialog').getByRole('textbox', { name: 'Title' }).fill('Êèíî');
  await page.getByRole('dialog').getByRole('button', { name: 'Use these words' }).click();
  await expect(page.getByRole('dialog').getByRole('textbox', { name: 'Title' })).toHaveValue('Кино');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await expect(rows(page).filter({ hasText: 'Кино' })).toBeVisible();
  await choose('Кино', 'Edit how it’s shown…');
  await page.getByRole('dialog').getByRole('button', { name: 'Undo changes' }).click();
  await expect(rows(page).filter({ hasText: 'Slow Light' })).toBeVisible();

  // Both at once, by the keyboard.
  await rows(page).first().focus();
  await page.keyboard.press('ControlOrMeta+a');
  await expect(rows(page).and(page.locator('[aria-selected="true"]'))).toHaveCount(2);
  await page.keyboard.press('Delete');
  await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click();
  await expect(library(page).getByText('No music yet')).toBeVisible();
});

test('a playlist keeps its own order and is played from there', async ({ world, sample }) => {
  const anna = await world.person('Anna', 'Reed');
  const { page } = await world.open(anna);
  await openMusic(page);
  const files = await Promise.all(
    SONGS.map(async (tags, index) => sample(`${String(index)}.mp3`, await song(tags, false, FRAMES))),
  );
  await dropFiles(page, library(page), files);
  await expect(rows(page)).toHaveCount(3);
  for (const title of ['North Room', 'Copper Wire']) {
    await rows(page).filter({ hasText: title }).click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Add to playlist…' }).click();
    const dialog = page.getByRole('dialog');
    const known = dialog.getByRole('button', { name: /Evening/ });
    if (title === 'North Room') {
      await dialog.getByRole('textbox').fill('Evening');
      await dialog.getByRole('button', { name: 'Create' }).click();
    } else await known.click();
    await expect(dialog).toHaveCount(0);
  }
  await library(page).getByRole('tab', { name: 'Playlists' }).click();
  await library(page)
    .getByRole('button', { name: /Evening 2 tracks/ })
    .click();
  await expect.poll(() => titles(page)).toEqual(['North Room', 'Copper Wire']);
  await library(page).getByRole('button', { name: 'Play all' }).click();
  await expect(rows(page).nth(0)).toHaveAttribute('aria-current', 'true');
  await goTo(page, '#/music/albums');
  await library(page)
    .getByRole('button', { name: /Signal Fires/ })
    .click();
  await expect.poll(() => titles(page)).toEqual(['Copper Wire']);
});

test('a file that only looks like music is told, removed, and holds nothing up', async ({ world, sample }) => {
  const anna = await world.person('Anna', 'Reed');
  const { page } = await world.open(anna);
  await openMusic(page);
  const files = [
    await sample('fake.mp3', Buffer.from('these are only words, whatever the name says')),
    await sample('real.mp3', await song(SONGS[0] ?? {})),
  ];
  await dropFiles(page, library(page), files);
  await expect(rows(page)).toHaveCount(1);
  const adding = library(page).getByRole('region', { name: 'Adding music' });
  await expect(adding).toContainText('fake.mp3');
  await expect(adding).toContainText('The server doesn’t recognize this as music.');
  await adding.getByRole('button', { name: 'Remove' }).click();
  await expect(adding).toHaveCount(0);
});

test('a folder is added with the folders in it', async ({ world, sample }) => {
  const anna = await world.person('Anna', 'Reed');
  const { page } = await world.open(anna);
  await openMusic(page);
  const first = await sample('loose.mp3', await song(SONGS[0] ?? {}));
  const folder = join(dirname(first.path), 'Albums');
  await fileIn(join(folder, 'One'), '1.mp3', await song(SONGS[1] ?? {}));
  await fileIn(join(folder, 'Two'), '1.mp3', await song(SONGS[2] ?? {}));
  await fileIn(join(folder, 'Two'), 'cover.jpg', 'a picture');
  const drag = await dragFiles(page, library(page), [first, { name: 'Albums', path: folder, bytes: Buffer.alloc(0) }]);
  await drag.drop();
  await expect(page.getByText('1 file isn’t music and was left out')).toBeVisible();
  await expect(rows(page)).toHaveCount(3);
});

test('without a connection: what was played stays playable, the rest says what it needs', async ({ world, sample }) => {
  const anna = await world.person('Anna', 'Reed');
  // What is not on this computer cannot be loaded then.
  const { page } = await world.open(anna, { expectedProblems: [/ERR_EMPTY_RESPONSE .*\/media\//] });
  await openMusic(page);
  const files = await Promise.all(
    SONGS.slice(0, 2).map(async (tags, index) => sample(`${String(index)}.mp3`, await song(tags, false, FRAMES))),
  );
  await dropFiles(page, library(page), files);
  await expect(rows(page)).toHaveCount(2);
  const heard = rows(page).filter({ hasText: 'Slow Light' });
  const other = rows(page).filter({ hasText: 'North Room' });
  await heard.locator('.title').click();
  await page.keyboard.press('Enter');
  await expect(heard.getByRole('img', { name: /On this computer/ })).toBeVisible();
  await world.relay.kill();
  await expect(heard.getByText('Needs a connection')).toHaveCount(0);
  // The next one may have been fetched ahead; it says either that it is here or what it needs.
  await expect(
    other.getByText('Needs a connection').or(other.getByRole('img', { name: /On this computer/ })),
  ).toBeVisible();
  await library(page).getByRole('button', { name: 'Sort' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'Only on this computer' }).click();
  await expect(heard).toBeVisible();
  await heard.locator('.title').dblclick();
  await expect(heard).toHaveAttribute('aria-current', 'true');
});

test('moments lie on the wave of a track, and an invitation joins at its second', async ({ world, sample }) => {
  const anna = await world.person('Anna', 'Reed');
  const boris = await world.person('Boris', 'Stone');
  const chatId = await world.chat(anna, boris);
  const { page } = await world.open(anna);
  await openMusic(page);
  const file = await sample('long.mp3', await song(SONGS[0] ?? {}, false, 2400));
  await dropFiles(page, library(page), [file]);
  await expect(rows(page)).toHaveCount(1);
  await rows(page).click({ button: 'right', position: { x: 100, y: 20 } });
  await page.getByRole('menuitem', { name: 'Send to chat…' }).click();
  await page.getByRole('dialog').getByRole('checkbox', { name: 'Boris Stone' }).check();
  await page.getByRole('dialog').getByRole('button', { name: 'Send', exact: true }).click();
  await expect(page.getByText('Sent to 1 chat')).toBeVisible();
  await goTo(page, `#/chats/${chatId}`);
  const card = page.getByRole('article').getByRole('group', { name: 'Slow Light' });
  await expect(page.getByRole('article').getByLabel(/^(Sent|Delivered|Read)$/)).toBeVisible();

  const history = await boris.api.get<{ messages: { id: string }[] }>(`/chats/${chatId}/messages`, { limit: 5 });
  await world.write(boris, chatId, '0:40 the strings come in', history.body.messages[0]?.id);
  await card.getByRole('button', { name: 'Boris Stone at 0:40: the strings come in' }).click();
  const seek = page.getByRole('region', { name: 'Player' }).getByRole('slider', { name: 'Seek' });
  await expect.poll(async () => Number(await seek.getAttribute('aria-valuenow'))).toBeGreaterThanOrEqual(40);
  expect(Number(await seek.getAttribute('aria-valuenow'))).toBeLessThan(55);

  const since = new Date(Date.now() - 20_000).toISOString();
  await world.write(boris, chatId, `Listening to Slow Light by Paper Harbour since ${since}`);
  const invitation = page.getByRole('article').last();
  await expect(invitation).toContainText('Slow Light');
  await card.getByRole('button', { name: 'Pause' }).click();
  await invitation.getByRole('button', { name: 'Listen along' }).click();
  await expect(invitation).toContainText('You’re listening along');
  await expect.poll(async () => Number(await seek.getAttribute('aria-valuenow'))).toBeLessThan(40);
  expect(Number(await seek.getAttribute('aria-valuenow'))).toBeGreaterThanOrEqual(20);
});
