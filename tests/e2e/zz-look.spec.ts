import { expect, type Page } from '@playwright/test';
import sharp from 'sharp';
import { id3Text, id3Cover, mp3, tagged } from '../helpers/media-samples.ts';
import { dragFiles, test } from './lib/files.ts';
import { lookAt } from './lib/axe.ts';
import { goTo } from './lib/screen.ts';

const OUT = '/tmp/library-look';
const NAMES: [string, string, string, string][] = [
  ['Slow Light', 'Paper Harbour', 'Tidal Rooms', '#f7a35c'],
  ['North Room', 'The Quiet Ferry', 'Winter Timetable', '#4aa0ec'],
  ['Copper Wire', 'Halden & Moss', 'Signal Fires', '#0f3d3e'],
  ['Two Suns', 'Mira Sol', 'Parallax', '#b8b5f5'],
  ['Bricks', 'Low Assembly', 'Ground Floor', '#e9e4d4'],
  ['Vinyl Rain', 'Orbit Nine', 'Late Transfer', '#d11fd1'],
  ['Meadow Clock', 'Fern & Field', 'Green Hours', ''],
  ['Half Moon Pie', 'Berry Social', 'Pink Noise', '#c1486a'],
  ['Êèíî', 'Ãðóïïà êðîâè', 'Íî÷ü', ''],
];
async function make([title, artist, album, colour]: [string, string, string, string], index: number): Promise<Buffer> {
  const tags = [id3Text('TIT2', title), id3Text('TPE1', artist), id3Text('TALB', album)];
  if (colour) tags.push(id3Cover('image/jpeg', await sharp({ create: { width: 300, height: 300, channels: 3, background: colour } }).jpeg().toBuffer()));
  return tagged(tags, mp3(Array.from({ length: 300 + index * 57 }, (_, n) => 200 + (n % 7) * 5)));
}
const shot = (page: Page, name: string) => page.screenshot({ path: `${OUT}/${name}.png` });

test('look', async ({ world, sample }) => {
  test.setTimeout(150_000);
  const anna = await world.person('Anna', 'Reed');
  const boris = await world.person('Boris', 'Stone');
  const chatId = await world.chat(anna, boris);
  const { page } = await world.open(anna);
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.getByRole('link', { name: 'Music', exact: true }).click();
  await page.waitForTimeout(800);
  await shot(page, '01-empty');
  const files = await Promise.all(NAMES.map(async (one, index) => sample(`${index}.mp3`, await make(one, index))));
  page.setDefaultTimeout(8000);
  const region = page.getByRole('region', { name: 'Music library' });
  const drag = await dragFiles(page, region, files);
  await shot(page, '02-drop');
  await drag.drop();
  await page.waitForTimeout(300);
  await shot(page, '03-adding');
  await expect(region.locator('[data-row]')).toHaveCount(9);
  await page.waitForTimeout(1500);
  await region.locator('[data-row]').nth(2).locator('.title').click();
  await region.locator('[data-row]').nth(4).locator('.title').click({ modifiers: ['Shift'] });
  await region.locator('[data-row]').nth(1).locator('.title').dblclick();
  await page.waitForTimeout(500);
  await shot(page, '04-tracks');
  const said = await lookAt(page, 'library');
  console.log(said.join('\n'));
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.waitForTimeout(300);
  await shot(page, '05-tracks-dark');
  await region.locator('[data-row]').nth(3).click({ button: 'right' });
  await page.waitForTimeout(300);
  await shot(page, '06-menu-dark');
  await page.keyboard.press('Escape');
  await page.emulateMedia({ colorScheme: 'light' });
  for (const tab of ['albums', 'artists', 'playlists']) {
    await goTo(page, `#/music/${tab}`);
    await page.waitForTimeout(700);
    await shot(page, `07-${tab}`);
    console.log((await lookAt(page, tab)).join('\n'));
  }
  await goTo(page, '#/music');
  await page.waitForTimeout(500);
  await region.locator('[data-row]').nth(0).click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Edit' }).click();
  await page.waitForTimeout(400);
  await shot(page, '08-edit');
  await page.keyboard.press('Escape');
  await region.locator('[data-row]').nth(3).click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Send to chat' }).click();
  await page.waitForTimeout(400);
  await shot(page, '09-share');
  await page.getByRole('dialog').getByRole('checkbox').first().check();
  await page.getByRole('dialog').getByRole('button', { name: 'Send', exact: true }).click();
  await page.waitForTimeout(800);
  const history = await anna.api.get<{ messages: { id: string }[] }>(`/chats/${chatId}/messages`, { limit: 10 });
  await world.write(boris, chatId, '0:05 the strings come in here', history.body.messages[0]?.id);
  await world.write(boris, chatId, `Listening to Bricks by Low Assembly since ${new Date(Date.now() - 3000).toISOString()}`);
  await goTo(page, `#/chats/${chatId}`);
  await page.waitForTimeout(1500);
  await page.getByRole('button', { name: 'Listen along' }).click();
  await page.waitForTimeout(800);
  await shot(page, '10-chat-joined');
  console.log((await lookAt(page, 'chat')).join('\n'));
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.waitForTimeout(300);
  await shot(page, '10-chat-dark');
  await page.emulateMedia({ colorScheme: 'light' });
  await shot(page, '10-chat');
  await page.evaluate(() => (window as unknown as { relay: { settings: { update(x: object): unknown } } }).relay.settings.update({ language: 'ru' }));
  await goTo(page, '#/music');
  await page.setViewportSize({ width: 720, height: 600 });
  await page.waitForTimeout(1000);
  await shot(page, '11-ru-720');
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.setViewportSize({ width: 480, height: 700 });
  await page.waitForTimeout(600);
  await shot(page, '12-ru-480');
});
