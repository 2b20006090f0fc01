/** Several accounts in one window, on several relays: one truth about what is unread, and nothing of one in another. */
import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, type Locator, type Page } from '@playwright/test';
import type { App } from '../helpers/app.ts';
import { spawnRelay } from '../helpers/relay.ts';
import { expectPlace, wheelUp } from './lib/scrolling.ts';
import { bubble, chatRowById, composer, field, openChat } from './lib/screen.ts';
import { signIn, test, type Person, type World } from './lib/world.ts';
import { say } from './lib/words.ts';

const LONG = 60;

/** An account of this application, with somebody who writes to it. */
interface Account {
  me: Person;
  server: string;
  peer: Person;
  chatId: string;
}

async function accountOn(world: World, first: string, relay = world.relay): Promise<Account> {
  const me = await world.person(first, 'Byron', {}, relay);
  const peer = await world.person('Peer', `Of ${first}`, {}, relay);
  return { me, server: relay.url, peer, chatId: await world.chat(me, peer) };
}

const write = (world: World, { peer, chatId }: Account, text: string): Promise<string> =>
  world.write(peer, chatId, text);
const nameOf = ({ me, server }: Account): string =>
  say('en', 'accounts.name', { name: me.name, host: new URL(server).host });
const rail = (page: Page): Locator => page.getByRole('navigation', { name: say('en', 'shell.sections') });
const switcher = (page: Page): Locator => rail(page).getByRole('group', { name: say('en', 'accounts.label') });
const literally = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
/** The button of an account, whatever else it says. */
const buttonOf = (page: Page, account: Account): Locator =>
  switcher(page).getByRole('button', { name: new RegExp(`^${literally(nameOf(account))}(,|$)`) });

/** What the account's button says that it has unread. */
async function countOf(page: Page, account: Account): Promise<number> {
  const [name] = await buttonOf(page, account).locator('> .visually-hidden').allTextContents();
  return Number(/(\d+) unread/.exec(name ?? '')?.[1] ?? 0);
}

/** The number of a badge as it is drawn; 0 where there is none. */
async function drawn(badge: Locator): Promise<number> {
  const texts = await badge.locator('> [aria-hidden]').allTextContents();
  return Number(texts[0]?.trim() ?? 0);
}

/** Every place that says how much is unread, where `shown` is the account on the screen. */
async function counts(app: App, accounts: readonly Account[], shown: Account) {
  const { page, control } = app;
  const state = await control?.call('state', null);
  const tray = state?.outside.find(({ what }) => what === 'tray');
  return {
    accounts: await Promise.all(accounts.map((account) => countOf(page, account))),
    drawn: await Promise.all(accounts.map((account) => drawn(buttonOf(page, account).locator('.badge')))),
    chats: await drawn(
      rail(page)
        .getByRole('link', { name: say('en', 'shell.chats') })
        .locator('.badge'),
    ),
    row: await drawn(chatRowById(page, shown.chatId).locator('.badge')),
    title: Number(/^\((\d+)\)/.exec(await page.title())?.[1] ?? 0),
    badge: state?.badge ?? null,
    tray: tray ? Number(/\d+/.exec(`${tray.title} ${tray.text}`)?.[0] ?? 0) : null,
  };
}

async function expectCounts(app: App, accounts: readonly Account[], shown: Account, want: number[]): Promise<void> {
  const sum = want.reduce((total, count) => total + count, 0);
  const mine = want[accounts.indexOf(shown)] ?? 0;
  const outside = app.control ? sum : null;
  await expect
    .poll(() => counts(app, accounts, shown))
    .toEqual({ accounts: want, drawn: want, chats: mine, row: mine, title: sum, badge: outside, tray: outside });
}

/** Adds an account as a person does, from the rail's menu. */
async function addOnScreen(page: Page, { me, server }: Account): Promise<void> {
  await rail(page)
    .getByRole('button', { name: /^Account:/ })
    .click();
  await page.getByRole('menuitem', { name: say('en', 'accounts.add') }).click();
  await expect(page.getByRole('heading', { name: say('en', 'auth.add.title') })).toBeVisible();
  await field(page, say('en', 'auth.server.label')).fill(server);
  await field(page, say('en', 'auth.fields.username')).fill(me.username);
  await field(page, say('en', 'auth.fields.password')).fill(me.password);
  await page.getByRole('button', { name: say('en', 'auth.signIn.submit'), exact: true }).click();
}

const folderOf = (accountId: string): string => createHash('sha256').update(accountId).digest('hex').slice(0, 32);
const folders = async (app: App): Promise<string[]> => (await readdir(join(app.userDataDir, 'accounts'))).sort();

test('three accounts on two relays: messages, counts, places and drafts of each; one is logged out alone', async ({
  world,
  launch,
}) => {
  const second = await spawnRelay();
  try {
    const ada = await accountOn(world, 'Ada');
    const work = await accountOn(world, 'Augusta');
    const away = await accountOn(world, 'Ada', second);
    for (let n = 0; n < LONG; n++) await write(world, ada, `Message ${String(n)}${' and more of it'.repeat(n % 9)}`);

    const app = await launch({ server: world.relay.url });
    const { page } = app;
    const adaId = await signIn(page, ada.server, ada.me);
    // One account needs no choice.
    await expect(switcher(page)).toHaveCount(0);
    await openChat(page, ada.chatId);
    await page.locator('.timeline').press('End');
    await expect(page).toHaveTitle(`Relay – ${ada.me.name}`);

    const accounts = [ada, work, away];
    await addOnScreen(page, work);
    await expect(buttonOf(page, work)).toHaveAttribute('aria-current', 'true');
    await expect(chatRowById(page, work.chatId)).toBeVisible();
    await addOnScreen(page, away);
    await expect(buttonOf(page, away)).toHaveAttribute('aria-current', 'true');
    await expect(chatRowById(page, away.chatId)).toBeVisible();
    await expect(switcher(page).getByRole('button')).toHaveCount(3);
    const ids = await page.evaluate(async () => {
      const answer = await window.relay.app.ready({});
      return answer.ok ? answer.value.accounts.open.map(({ id }) => id) : [];
    });

    await test.step('messages arrive in all of them, and every place says the same sum', async () => {
      for (const [account, texts] of [
        [ada, 3],
        [work, 2],
        [away, 4],
      ] as const)
        for (let n = 0; n < texts; n++) await write(world, account, `Hello ${String(n)}`);
      await expectCounts(app, accounts, away, [3, 2, 4]);
      await openChat(page, away.chatId);
      await expect(bubble(page, 'Hello 3')).toBeVisible();
      await expectCounts(app, accounts, away, [3, 2, 0]);
      await write(world, work, 'Hello 2');
      await expectCounts(app, accounts, away, [3, 3, 0]);
    });

    await test.step('a switch keeps the place, the draft and what stands beside', async () => {
      await composer(page).fill('A draft in the far account');
      await page.keyboard.press('Control+1');
      await expect(buttonOf(page, ada)).toHaveAttribute('aria-current', 'true');
      // Its chat was open, at its end: what came is below it now, and is read when it is seen.
      await expect(bubble(page, 'Hello 2')).toBeVisible();
      await expectCounts(app, accounts, ada, [0, 3, 0]);
      const place = await wheelUp(page, 900);
      await composer(page).fill('A draft in the long chat');
      await page.getByRole('button', { name: say('en', 'profile.details') }).click();
      await expect(page.getByRole('region', { name: say('en', 'profile.details') })).toBeVisible();

      await page.keyboard.press('Control+2');
      await expect(buttonOf(page, work)).toHaveAttribute('aria-current', 'true');
      await expect(page.getByRole('region', { name: say('en', 'profile.details') })).toHaveCount(0);
      await expect(page).toHaveTitle(`(3) Relay – ${work.me.name}`);
      await page.keyboard.press('Control+,');
      await expect(page.getByRole('heading', { name: say('en', 'shell.settings'), level: 1 })).toBeVisible();

      await buttonOf(page, away).click();
      await expect(composer(page)).toHaveValue('A draft in the far account');
      await buttonOf(page, ada).click();
      await expect(composer(page)).toHaveValue('A draft in the long chat');
      await expect(page.getByRole('region', { name: say('en', 'profile.details') })).toBeVisible();
      await expectPlace(page, place, 'back in the account');
      // The other one was at its settings.
      await page.keyboard.press('Control+2');
      await expect(page.getByRole('heading', { name: say('en', 'shell.settings'), level: 1 })).toBeVisible();
      await page.keyboard.press('Escape');
      await expect(chatRowById(page, work.chatId)).toBeVisible();
    });

    await test.step('what is written in one account is sent from it', async () => {
      await openChat(page, work.chatId);
      await composer(page).fill('From the second account');
      await composer(page).press('Enter');
      await expect(bubble(page, 'From the second account').getByRole('img', { name: /Sent|Delivered/ })).toBeVisible();
      await expectCounts(app, accounts, work, [0, 0, 0]);
    });

    await test.step('adding one can be left again', async () => {
      await page.keyboard.press('Control+k');
      const palette = page.getByRole('dialog', { name: say('en', 'shell.palette') });
      await palette.getByRole('combobox').fill(say('en', 'accounts.add'));
      await expect(palette.getByRole('option')).toHaveCount(1);
      await page.keyboard.press('Enter');
      await expect(page.getByRole('heading', { name: say('en', 'auth.add.title') })).toBeVisible();
      await page.keyboard.press('Escape');
      await expect(buttonOf(page, work)).toHaveAttribute('aria-current', 'true');
      await expect(bubble(page, 'From the second account')).toBeVisible();
    });

    await test.step('logging out of one asks by its name, and removes its files alone', async () => {
      expect(ids[0]).toBe(adaId);
      expect(await folders(app)).toEqual(ids.map(folderOf).sort());
      await rail(page)
        .getByRole('button', { name: /^Account:/ })
        .click();
      await page.getByRole('menuitem', { name: say('en', 'shell.logOut') }).click();
      const dialog = page.getByRole('dialog', { name: `Log out of ${nameOf(work)}?` });
      await dialog.getByRole('checkbox').check();
      await dialog.getByRole('button', { name: say('en', 'shell.logOut'), exact: true }).click();
      await expect(buttonOf(page, work)).toHaveCount(0);
      await expect(switcher(page).getByRole('button')).toHaveCount(2);
      await expect.poll(() => folders(app)).toEqual([ids[0] ?? '', ids[2] ?? ''].map(folderOf).sort());
    });

    await test.step('the others go on', async () => {
      await buttonOf(page, ada).click();
      await expect(composer(page)).toHaveValue('A draft in the long chat');
      await write(world, away, 'Still here');
      await expectCounts(app, [ada, away], ada, [0, 1]);
      await page.keyboard.press('Control+2');
      await expect(buttonOf(page, away)).toHaveAttribute('aria-current', 'true');
      await expect(bubble(page, 'Still here')).toBeVisible();
      await expectCounts(app, [ada, away], away, [0, 0]);
      await app.close();
    });
  } finally {
    await second.close();
  }
});

test('a start opens all accounts, and shows the one that was looked at last where it was left', async ({
  world,
  launch,
}, info) => {
  const userDataDir = info.outputPath('user-data');
  const ada = await accountOn(world, 'Ada');
  const work = await accountOn(world, 'Augusta');
  await write(world, ada, 'Long ago');
  await write(world, work, 'At work');
  const app = await launch({ server: world.relay.url, userDataDir });
  await signIn(app.page, ada.server, ada.me);
  await addOnScreen(app.page, work);
  await openChat(app.page, work.chatId);
  await buttonOf(app.page, ada).click();
  await openChat(app.page, ada.chatId);
  await buttonOf(app.page, work).click();
  await expect(bubble(app.page, 'At work')).toBeVisible();
  await expectCounts(app, [ada, work], work, [0, 0]);
  await app.close();

  await write(world, ada, 'While it was away');
  const again = await launch({ server: world.relay.url, userDataDir });
  const { page } = again;
  await expect(bubble(page, 'At work')).toBeVisible();
  await expect(buttonOf(page, work)).toHaveAttribute('aria-current', 'true');
  await expectCounts(again, [ada, work], work, [1, 0]);
  await page.keyboard.press('Control+1');
  await expect(bubble(page, 'While it was away')).toBeVisible();
  await again.close();
});
