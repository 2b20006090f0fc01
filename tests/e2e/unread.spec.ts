/** One truth about what is unread: list, rail and main agree, on every device; and the list's order is kept. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Locator, type Page } from '@playwright/test';
import { bubble, chatRowById, chooseFrom, goTo, openChat } from './lib/screen.ts';
import { test } from './lib/world.ts';
import { say } from './lib/words.ts';

const menu = (key: string): string => say('en', `chats.menu.${key}`);

/** The number of a badge as it is now; 0 when there is none, -1 for the dot of a chat that was marked by hand. */
async function countOf(badge: Locator): Promise<number> {
  const [text] = await badge.evaluateAll((badges) =>
    badges.map((one) => one.querySelector('[aria-hidden]')?.textContent.trim() ?? 'no number'),
  );
  if (text === undefined) return 0;
  return text === '' ? -1 : Number(text);
}

/** The number in a chat's row. */
function inRow(page: Page, chatId: string): Promise<number> {
  return countOf(chatRowById(page, chatId).locator('.badge'));
}

/** The number in the rail. */
function inRail(page: Page): Promise<number> {
  return countOf(page.getByRole('navigation', { name: say('en', 'shell.sections') }).locator('.badge'));
}

/** The titles of the list, top down. */
async function order(page: Page): Promise<string[]> {
  const rows = await page.locator('[data-chat]').evaluateAll((elements) =>
    elements
      .map((element) => ({
        top: element.getBoundingClientRect().top,
        title: element.querySelector('.title')?.textContent ?? '',
      }))
      .sort((a, b) => a.top - b.top),
  );
  return rows.map(({ title }) => title);
}

test('counts agree in list and rail; reading on one device clears the other and turns the ticks', async ({ world }) => {
  const [anna, boris, clara] = await Promise.all([
    world.person('Anna', 'Berg'),
    world.person('Boris', 'Ode'),
    world.person('Clara', 'Lund'),
  ]);
  const withBoris = await world.chat(anna, boris);
  const withClara = await world.chat(anna, clara);
  const desk = await world.open(anna);
  const laptop = await world.open(anna);
  const bureau = await world.open(boris);
  await openChat(bureau.page, withBoris);

  for (const text of ['one', 'two', 'three']) await world.write(boris, withBoris, text);
  for (const text of ['four', 'five']) await world.write(clara, withClara, text);
  for (const { page } of [desk, laptop]) {
    await expect.poll(() => inRow(page, withBoris)).toBe(3);
    await expect.poll(() => inRow(page, withClara)).toBe(2);
    await expect.poll(() => inRail(page)).toBe(5);
  }
  await expect(bubble(bureau.page, 'three').getByRole('img', { name: say('en', 'states.delivered') })).toBeVisible();

  await openChat(desk.page, withBoris);
  await expect(desk.page.getByText(say('en', 'conversation.unread'), { exact: true })).toBeVisible();
  for (const { page } of [desk, laptop]) {
    await expect.poll(() => inRow(page, withBoris)).toBe(0);
    await expect.poll(() => inRow(page, withClara)).toBe(2);
    await expect.poll(() => inRail(page)).toBe(2);
  }
  await expect(bubble(bureau.page, 'three').getByRole('img', { name: say('en', 'states.read') })).toBeVisible();

  // The other way round, and while it is open on both.
  await openChat(laptop.page, withClara);
  for (const { page } of [desk, laptop]) await expect.poll(() => inRail(page)).toBe(0);
  await openChat(laptop.page, withBoris);
  await world.write(boris, withBoris, 'seen at once');
  for (const { page } of [desk, laptop]) {
    await expect(bubble(page, 'seen at once')).toBeVisible();
    await expect.poll(() => inRail(page)).toBe(0);
    await expect.poll(() => inRow(page, withBoris)).toBe(0);
  }

  // Answering on one device shows on the other, once, and is nothing unread.
  await world.write(anna, withBoris, 'from the telephone');
  for (const { page } of [desk, laptop]) {
    await expect(bubble(page, 'from the telephone')).toHaveCount(1);
    await expect.poll(() => inRail(page)).toBe(0);
  }
});

test('pinned, muted, archived, marked unread: order and counts are the same after the application was ended', async ({
  world,
  launch,
}) => {
  const userDataDir = await mkdtemp(join(tmpdir(), 'relay-trial-'));
  try {
    const [anna, boris, clara, david, emma] = await Promise.all([
      world.person('Anna', 'Berg'),
      world.person('Boris', 'Ode'),
      world.person('Clara', 'Lund'),
      world.person('David', 'Moor'),
      world.person('Emma', 'Nord'),
    ]);
    const chats = new Map<string, string>();
    for (const person of [boris, clara, david, emma]) {
      const chatId = await world.chat(anna, person);
      chats.set(person.name, chatId);
      await world.write(person, chatId, `hello from ${person.firstName}`);
    }
    const idOf = (person: { name: string }): string => chats.get(person.name) ?? '';
    const app = await world.open(anna, { userDataDir });
    const { page } = app;
    const row = (person: { name: string }) => chatRowById(page, idOf(person));
    await expect.poll(() => order(page)).toEqual([emma.name, david.name, clara.name, boris.name]);
    await expect.poll(() => inRail(page)).toBe(4);

    await chooseFrom(page, row(boris), menu('pin'));
    await expect.poll(() => order(page)).toEqual([boris.name, emma.name, david.name, clara.name]);
    await row(david).click({ button: 'right' });
    await page.getByRole('menuitem', { name: menu('mute'), exact: true }).hover();
    await page.getByRole('menuitem', { name: menu('muteForever'), exact: true }).click();
    await expect(row(david).getByRole('img', { name: say('en', 'chats.muted') })).toBeVisible();
    // A muted chat counts in its own row and nowhere else.
    await expect.poll(() => inRow(page, idOf(david))).toBe(1);
    await expect.poll(() => inRail(page)).toBe(3);
    await chooseFrom(page, row(emma), menu('archive'));
    await expect(row(emma)).toHaveCount(0);
    await chooseFrom(page, row(clara), menu('markRead'));
    await expect.poll(() => inRow(page, idOf(clara))).toBe(0);
    await chooseFrom(page, row(clara), menu('markUnread'));
    await expect.poll(() => inRow(page, idOf(clara))).toBe(-1);
    await expect.poll(() => order(page)).toEqual([boris.name, david.name, clara.name]);
    const before = { rail: await inRail(page), order: await order(page) };
    await app.close();

    const again = await launch({ server: world.relay.url, userDataDir });
    const second = again.page;
    await second.locator('[data-chat]').first().waitFor();
    await expect.poll(() => order(second)).toEqual(before.order);
    await expect.poll(() => inRail(second)).toBe(before.rail);
    await expect.poll(() => inRow(second, idOf(david))).toBe(1);
    await expect.poll(() => inRow(second, idOf(clara))).toBe(-1);
    await expect(chatRowById(second, idOf(boris)).getByRole('img', { name: say('en', 'chats.pinned') })).toBeVisible();
    await expect(chatRowById(second, idOf(david)).getByRole('img', { name: say('en', 'chats.muted') })).toBeVisible();
    await second.getByRole('radio', { name: say('en', 'chats.folders.archived') }).click();
    await expect.poll(() => order(second)).toEqual([emma.name]);

    // New activity moves a chat below the pinned ones, not above; the archived one stays where it is.
    await second.getByRole('radio', { name: say('en', 'chats.folders.all') }).click();
    await world.write(clara, idOf(clara), 'something new');
    await expect.poll(() => order(second)).toEqual([boris.name, clara.name, david.name]);
    await goTo(second, `#/chats/${idOf(clara)}`);
    await expect.poll(() => inRow(second, idOf(clara))).toBe(0);
    await again.close();
  } finally {
    await rm(userDataDir, { recursive: true, force: true, maxRetries: 5 });
  }
});
