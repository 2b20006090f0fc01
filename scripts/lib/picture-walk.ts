/** Visits every screen to take screenshots, in any size and language: finds elements by structure, never by text. */
import type { Locator, Page } from '@playwright/test';
import { DEMO_PEOPLE, type DemoPerson } from './demo.ts';
import { KNOWN_PASSWORD } from '../../relay/options.ts';
import { visitAdministration } from './picture-admin.ts';
import { landscape } from './picture-files.ts';
import { NEWCOMER } from './picture-world.ts';

/** Takes a screenshot of the current screen. */
export type Shot = (screen: string) => Promise<void>;

async function goTo(page: Page, hash: string): Promise<void> {
  await page.evaluate((to) => {
    location.hash = to;
  }, hash);
}

/** Presses Escape until no overlay is left: the first press may only clear a field. */
async function dismiss(page: Page): Promise<void> {
  const over = page.locator('[role="dialog"], [role="alertdialog"], [role="menu"]');
  for (let n = 0; n < 5 && (await over.count()) > 0; n++) {
    await page.keyboard.press('Escape');
    await page.waitForTimeout(200);
  }
}

async function signIn(page: Page, { username, password }: DemoPerson): Promise<void> {
  await page.locator('input[name="username"]').fill(username);
  await page.locator('input[autocomplete="current-password"]').fill(password);
  await page.keyboard.press('Enter');
  await page.locator('nav.rail').waitFor();
}

async function outside(page: Page, shot: Shot): Promise<void> {
  await page.locator('input[name="username"]').waitFor();
  // Whether the server is found by then or not: the line below the address belongs in the picture.
  await page.waitForTimeout(800);
  await shot('sign-in');
  await goTo(page, '#/register');
  await page.locator('input[name="given-name"]').waitFor();
  await shot('register');
  await page.locator('button[type="submit"]').click();
  await page.locator('[aria-invalid="true"]').first().waitFor();
  await shot('register-problems');
  await goTo(page, '#/sign-in');
  await signIn(page, NEWCOMER);
  await page.locator('[data-home]').first().waitFor();
  await shot('welcome');
  await page.keyboard.press('Control+n');
  await page.getByRole('dialog').waitFor();
  await shot('new-chat-empty');
  await dismiss(page);
  await goTo(page, '#/settings/account');
  await page.locator('main .card button').last().click();
  await page.getByRole('dialog').waitFor();
  await shot('log-out');
  await page.getByRole('dialog').getByRole('checkbox').check();
  await page.locator('[role="dialog"] footer button').last().click();
}

async function conversation(page: Page, shot: Shot, rowOf: (name: string) => Locator): Promise<void> {
  const composer = page.locator('form.composer textarea');
  await rowOf('Ivy').click();
  await page.getByRole('article').last().waitFor();
  await shot('conversation-long');
  await page.locator('.header .words').click();
  await page.locator('[role="region"] dl').waitFor();
  await shot('details');
  await page.keyboard.press('Escape');
  await rowOf('Tomas').click();
  await page.getByRole('article').filter({ hasText: 'Thursday, then' }).waitFor();
  await composer.fill('See you there!');
  await shot('conversation');
  await page.getByRole('article').nth(2).click({ button: 'right' });
  await page.getByRole('menu').waitFor();
  await shot('message-menu');
  await dismiss(page);
  await page.getByRole('article').nth(2).hover();
  await shot('message-bar');
  await page.locator('form.composer button[aria-haspopup="dialog"]').click();
  await page.locator('.grid button').first().waitFor();
  await shot('emoji');
  await dismiss(page);
  await composer.press('Control+f');
  await page.keyboard.type('lunch');
  await page.locator('.timeline mark, article mark').first().waitFor();
  await shot('search-in-chat');
  await page.keyboard.press('Escape');
  const more = page.locator('.header button').last();
  await more.click();
  // From the end: a narrow header puts more before them. The last four are date, selection, party, export.
  const entries = page.getByRole('menuitem');
  await entries.nth((await entries.count()) - 4).click();
  await page.locator('.date-popover').waitFor();
  await shot('jump-to-date');
  await page.keyboard.press('Escape');
  await more.click();
  await entries.last().click();
  await page.getByRole('dialog').waitFor();
  await shot('export');
  await dismiss(page);
  await more.click();
  await entries.nth((await entries.count()) - 3).click();
  await page.getByRole('article').nth(3).click();
  await shot('selection');
  await page.locator('.bar button.is-primary').click();
  await page.getByRole('dialog').waitFor();
  await shot('forward');
  await dismiss(page);
  await page.keyboard.press('Escape');
}

async function files(page: Page, shot: Shot, rowOf: (name: string) => Locator): Promise<void> {
  await rowOf('Eva').click();
  await page.getByRole('article').last().waitFor();
  const picture = page.locator('.mosaic img').first();
  await picture.waitFor();
  await page.waitForTimeout(1_500);
  await shot('files');
  await page.locator('.mosaic .open').first().click();
  await page.getByRole('dialog').waitFor();
  await shot('picture');
  await dismiss(page);
  await page.locator('.header .words').click();
  await page.locator('[role="tabpanel"] img').first().waitFor();
  await shot('details-media');
  await page.getByRole('tab').nth(1).click();
  await page.locator('[role="tabpanel"] li').first().waitFor();
  await shot('details-files');
  await page.keyboard.press('Escape');
  const chosen = [
    { name: 'IMG_1204.jpg', mimeType: 'image/jpeg', buffer: await landscape(3, 3000, 2000) },
    { name: 'rental-agreement.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7\n') },
    { name: 'empty.txt', mimeType: 'text/plain', buffer: Buffer.alloc(0) },
  ];
  await page.locator('form.composer input[type="file"]').setInputFiles(chosen);
  await page.locator('.chip').nth(1).waitFor();
  await page.waitForTimeout(1_500);
  await shot('composer-files');
  for (let left = await page.locator('.attachments li').count(); left > 0; left--) {
    await page.locator('.attachments li').first().locator('button').last().click();
    await page.waitForTimeout(200);
  }
}

async function lists(page: Page, shot: Shot): Promise<void> {
  const search = page.getByRole('searchbox');
  await search.fill('ferry');
  await page.locator('mark').first().waitFor();
  await shot('search');
  await search.fill('qwertyuiop');
  await page.waitForTimeout(1_000);
  await shot('search-nothing');
  await search.fill('');
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').waitFor();
  await shot('palette');
  await page.keyboard.type('qwertyuiop');
  await page.waitForTimeout(1_000);
  await shot('palette-nothing');
  await dismiss(page);
  await page.keyboard.press('Control+n');
  await page.getByRole('dialog').waitFor();
  await shot('new-chat');
  await dismiss(page);
  await page.locator('[data-chat]').nth(1).click({ button: 'right' });
  await page.getByRole('menu').waitFor();
  await shot('chat-menu');
  // The last but one puts it into the archive.
  const entries = page.getByRole('menuitem');
  await entries.nth((await entries.count()) - 2).click();
  await page.locator('.toast').waitFor();
  await shot('toast');
  await page.locator('.toast .action').click();
}

async function settings(page: Page, shot: Shot): Promise<void> {
  for (const section of [
    ...[
      'account',
      'notifications',
      'appearance',
      'messaging',
      'storage',
      'system',
      'shortcuts',
      'diagnostics',
      'about',
    ],
  ]) {
    await goTo(page, `#/settings/${section}`);
    await page.locator('main h2').waitFor();
    await shot(`settings-${section}`);
  }
  await goTo(page, '#/settings/account');
  await page.locator('.who .edit').click();
  await page.locator('input[autocomplete="given-name"]').waitFor();
  await shot('profile');
  await goTo(page, '#/chats');
  await page.keyboard.press('Control+/');
  await page.getByRole('dialog').waitFor();
  await shot('shortcuts');
  await dismiss(page);
  await page.locator('.account').click();
  await page.getByRole('menu').waitFor();
  await shot('account-menu');
  await dismiss(page);
}

async function music(page: Page, shot: Shot): Promise<void> {
  await page.locator('nav.rail a[href*="/music"]').click();
  await page.locator('.track .title').nth(2).waitFor();
  await shot('music-tracks');
  await page.locator('.track .title').nth(1).dblclick();
  await page.locator('section.bar').waitFor();
  await page.waitForTimeout(2_500);
  await shot('music-playing');
  await page.locator('.track .title').nth(2).click({ button: 'right' });
  await page.getByRole('menu').waitFor();
  await shot('music-menu');
  await dismiss(page);
  await page.locator('section.bar .open').click();
  await page.waitForTimeout(1_000);
  await shot('now-playing');
  await page.keyboard.press('Escape');
  for (const tab of [1, 2, 3]) {
    await page.getByRole('tab').nth(tab).click();
    await page.waitForTimeout(500);
    await shot(`music-tab-${String(tab)}`);
  }
  await page.locator('nav.rail a[href*="/calls"]').click();
  await page.waitForTimeout(800);
  await shot('calls');
  await goTo(page, '#/chats');
}

/** Visits every screen in order. */
export async function walk(page: Page, shot: Shot): Promise<void> {
  page.setDefaultTimeout(20_000);
  let number = 0;
  const numbered: Shot = async (screen) => {
    number += 1;
    await shot(`${String(number).padStart(2, '0')}-${screen}`);
  };
  const rowOf = (name: string): Locator => page.locator('[data-chat]').filter({ hasText: name });
  // With one column, goes back to the list before opening another chat.
  const open = (name: string): Locator => rowOf(name).first();
  await outside(page, numbered);
  await signIn(page, DEMO_PEOPLE[0]);
  await page.locator('[data-chat]').nth(5).waitFor();
  await numbered('list');
  await conversation(page, numbered, open);
  await goTo(page, '#/chats');
  await files(page, numbered, open);
  await goTo(page, '#/chats');
  await lists(page, numbered);
  await settings(page, numbered);
  await music(page, numbered);
  // The demonstration's node has the known pair.
  await visitAdministration(page, KNOWN_PASSWORD, numbered);
}
