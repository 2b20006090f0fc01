/**
 * A walk through every screen of the application, in either language, on the demonstration's people and conversation. Each
 * screen has a name; whoever walks looks at it: for accessibility, for a picture.
 */
import { expect, type Locator, type Page } from '@playwright/test';
import type { Bridge } from '../../contract/ipc/channels.ts';
import { DEMO_PEOPLE, seedDemo } from '../../scripts/lib/demo.ts';
import { visitAdministration } from '../../scripts/lib/picture-admin.ts';
import type { App } from './app.ts';
import type { SpawnedRelay } from './relay-process.ts';

export interface TourOptions {
  app: App;
  /** Without people yet; stopped at the end of the walk, for the screens without a connection. */
  relay: SpawnedRelay;
  visit: (name: string, page: Page) => Promise<void>;
}

/** Walks; the application must stand at its first screen. */
export async function tour({ app, relay, visit }: TourOptions): Promise<void> {
  const { page } = app;
  const see = async (name: string, shown: Locator): Promise<void> => {
    await expect(shown.first()).toBeVisible();
    await settle(page);
    await visit(name, page);
  };
  await outside(page, see);
  const [me, other] = DEMO_PEOPLE;
  await seedDemo(relay.url);
  await signIn(page, relay.url, me);
  await main(page, see, other.firstName);
  await kept(page, see);
  await settings(page, see);
  await visitAdministration(page, relay.adminPassword, (name) => see(name, page.locator('main')));
  await goTo(page, '#/chats');
  await page.locator('[data-chat]').first().waitFor();
  await several(page, see, relay.url, other);
  await offline(page, relay, see);
}

type See = (name: string, shown: Locator) => Promise<void>;

async function outside(page: Page, see: See): Promise<void> {
  await see('sign-in', page.locator('input[name="username"]'));
  await goTo(page, '#/register');
  await see('register', page.locator('input[name="given-name"]'));
  await page.locator('button[type="submit"]').click();
  await see('register-problems', page.locator('[aria-invalid="true"]'));
  await goTo(page, '#/sign-in');
  await page.locator('input[name="server"]').fill('http://127.0.0.1:1');
  await page.locator('input[name="username"]').fill('somebody');
  await page.locator('input[autocomplete="current-password"]').fill('something');
  await page.locator('button[type="submit"]').click();
  await see('sign-in-no-server', page.locator('form [role="status"].is-bad'));
}

async function main(page: Page, see: See, otherName: string): Promise<void> {
  const row = page.locator('[data-chat]').filter({ hasText: otherName });
  await see('chats', row);
  await row.click({ button: 'right' });
  await see('chat-menu', page.getByRole('menu'));
  await dismiss(page);
  await row.click();
  const composer = page.locator('form.composer textarea');
  await see('conversation', composer);

  await page.locator('.header [aria-pressed]').click();
  await see('details', page.locator('aside dl'));
  await page.keyboard.press('Escape');
  const last = page.getByRole('article').last();
  await last.click({ button: 'right' });
  await see('message-menu', page.getByRole('menu'));
  await dismiss(page);
  await composer.fill('A **bold** word, `code`, and https://example.org');
  await composer.press('Enter');
  await expect(page.getByRole('article').last().locator('.state.is-delivered, .state.is-sent')).toBeVisible();
  await page.locator('form.composer button[aria-haspopup="dialog"]').click();
  await see('emoji', page.locator('.composer-picker'));
  await dismiss(page);
  await page.keyboard.press('ControlOrMeta+KeyN');
  await see('new-chat', page.getByRole('dialog'));
  await page.keyboard.type(otherName);
  await see('new-chat-found', page.getByRole('dialog').getByRole('option'));
  await dismiss(page);
  await page.keyboard.press('ControlOrMeta+KeyK');
  await see('palette', page.getByRole('dialog'));
  await dismiss(page);
  await page.getByRole('searchbox').fill('lunch');
  await see('search', page.locator('mark'));
  await page.getByRole('searchbox').fill('');
  await music(page, see);
}

/** Every list of the library, as far as the demonstration has music. */
async function music(page: Page, see: See): Promise<void> {
  await page.locator('nav a[href*="/music"]').click();
  await see('music', page.locator('.library [role="tablist"]'));
  for (const tab of ['albums', 'artists', 'playlists']) {
    await goTo(page, `#/music/${tab}`);
    await see(`music-${tab}`, page.locator('.library [role="tab"][aria-selected="true"]'));
  }
  await goTo(page, '#/chats');
  await page.locator('[data-chat]').first().waitFor();
}

/** An entry of the menu that is open, by its icon: the words are of any language. */
const entry = (page: Page, icon: string): Locator =>
  page.getByRole('menuitem').filter({ has: page.locator(`svg.lucide-${icon}`) });

/** What is kept: an export, notes, and what is sent later. */
async function kept(page: Page, see: See): Promise<void> {
  await page.locator('[data-chat]').first().click({ button: 'right' });
  await entry(page, 'file-down').click();
  await see('export', page.getByRole('dialog').locator('button'));
  await dismiss(page);
  await page.locator('nav button[aria-haspopup="menu"]').last().click();
  await entry(page, 'notebook-pen').click();
  await see('notes', page.getByRole('dialog').locator('textarea'));
  await dismiss(page);
  await page.locator('[data-chat]').first().click();
  const composer = page.locator('form.composer textarea');
  await composer.fill('Good morning');
  const later = page.locator('form.composer button[aria-haspopup="menu"]').filter({
    has: page.locator('svg.lucide-clock'),
  });
  await later.click();
  await see('later-menu', page.getByRole('menu'));
  await entry(page, 'calendar-clock').click();
  await see('later-time', page.getByRole('dialog'));
  await dismiss(page);
  await later.click();
  await entry(page, 'sunrise').click();
  await page.locator('form.composer button.bar').click();
  await see('later-list', page.getByRole('dialog').getByRole('listitem'));
  await page.getByRole('dialog').getByRole('listitem').locator('button:has(svg.lucide-pencil)').click();
  await see('later-edit', page.getByRole('dialog').locator('form'));
  await page.getByRole('dialog').locator('form button').first().focus();
  await dismiss(page);
  await page.locator('form.composer button.bar').click();
  await page.getByRole('dialog').getByRole('listitem').locator('button:has(svg.lucide-trash-2)').click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
}

const SECTIONS = [
  ...['account', 'notifications', 'appearance', 'messaging', 'storage', 'system', 'lock', 'shortcuts'],
  ...['diagnostics', 'about'],
];

async function settings(page: Page, see: See): Promise<void> {
  for (const section of SECTIONS) {
    await goTo(page, `#/settings/${section}`);
    await see(`settings-${section}`, page.locator('main h2, main h1'));
  }
  await goTo(page, '#/settings/lock');
  await page.locator('main section button, main button').last().click();
  await see('lock-pin', page.getByRole('dialog').locator('input'));
  await dismiss(page);
  await goTo(page, '#/settings/account');
  await page.locator('a[href*="/admin"]').click();
  await see('admin', page.locator('main form input'));
  await goTo(page, '#/settings/account');
  await page.locator('main button').last().click();
  await see('log-out', page.getByRole('dialog').or(page.getByRole('alertdialog')));
  await dismiss(page);
  await page.keyboard.press('ControlOrMeta+Slash');
  await see('shortcuts', page.getByRole('dialog'));
  await dismiss(page);
}

/** Two accounts at once: the one that was added is looked at, and the other one comes back at the end. */
async function several(page: Page, see: See, server: string, other: (typeof DEMO_PEOPLE)[0]): Promise<void> {
  await goTo(page, '#/sign-in');
  await expect(page.locator('input[name="username"]')).toBeVisible();
  await see('add-account', page.getByRole('button').filter({ has: page.locator('svg.lucide-arrow-left') }));
  await page.keyboard.press('Escape');
  await signIn(page, server, other);
  const accounts = page.locator('nav [data-account]');
  await accounts.nth(1).click();
  await see('several-accounts', accounts.nth(1).and(page.locator('[aria-current]')));
  await goTo(page, '#/settings/account');
  await page.locator('main button').last().click();
  await see('log-out-of-one', page.getByRole('dialog').or(page.getByRole('alertdialog')));
  await dismiss(page);
  await accounts.nth(0).click();
  await expect(accounts.nth(0)).toHaveAttribute('aria-current', 'true');
}

async function offline(page: Page, relay: SpawnedRelay, see: See): Promise<void> {
  await goTo(page, '#/chats');
  await page.locator('[data-chat]').first().click();
  await relay.kill();
  const composer = page.locator('form.composer textarea');
  await composer.fill('Kept until the server is back');
  await composer.press('Enter');
  await see('no-connection', page.locator('.state.is-queued, .state.is-sending, .state.is-unknown'));
}

/** Escape until nothing lies over the page: the first one may only empty a field. */
async function dismiss(page: Page): Promise<void> {
  const over = page.locator('[role="dialog"], [role="alertdialog"], [role="menu"]');
  await expect(async () => {
    await page.keyboard.press('Escape');
    await expect(over).toHaveCount(0, { timeout: 1000 });
  }).toPass();
}

async function goTo(page: Page, hash: string): Promise<void> {
  await page.evaluate((to) => {
    location.hash = to;
  }, hash);
}

/** Signs in by the page's own bridge: the screen of signing in was seen before. */
async function signIn(page: Page, server: string, { username, password }: (typeof DEMO_PEOPLE)[0]): Promise<void> {
  const signedIn = await page.evaluate(
    async (input) => {
      const { relay } = globalThis as typeof globalThis & { relay: Bridge };
      return (await relay.accounts.login(input)).ok;
    },
    { server, username, password },
  );
  expect(signedIn).toBe(true);
}

/** Waits until nothing on the page is in motion, colours included: a change of the theme fades. */
export async function settle(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
    const moving = (): Animation[] =>
      document
        .getAnimations()
        .filter((one) => one.playState === 'running' && one.effect?.getComputedTiming().iterations !== Infinity);
    await document.fonts.ready;
    // What a change brings about begins with the next frame, and may begin more.
    do {
      await frame();
      await frame();
      await Promise.allSettled(moving().map((one) => one.finished));
    } while (moving().length > 0);
  });
}
