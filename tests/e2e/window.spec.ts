/** The window narrow, resized and reloaded. */
import { expect, type Page } from '@playwright/test';
import { expectFocus } from './lib/focus.ts';
import { expectPlace, restingPlace, topOf } from './lib/scrolling.ts';
import { bubble, bubbleTexts, chatRowById, composer, openChat, send, expectState } from './lib/screen.ts';
import { test } from './lib/world.ts';
import { say } from './lib/words.ts';

const pane = (page: Page) => page.getByRole('heading', { name: say('en', 'shell.chats'), exact: true });

test('below 720 pixels there is one column with a way back', async ({ world }) => {
  const [anna, boris] = await Promise.all([world.person('Anna', 'Berg'), world.person('Boris', 'Ode')]);
  const chatId = await world.chat(anna, boris);
  await world.write(boris, chatId, 'hello');
  const { page } = await world.open(anna, { viewport: { width: 700, height: 600 } });
  await expect(pane(page)).toBeVisible();
  await expect(composer(page)).toBeHidden();

  await openChat(page, chatId);
  await expect(pane(page)).toBeHidden();
  await expect(page.getByRole('navigation', { name: say('en', 'shell.sections') })).toBeHidden();
  await composer(page).fill('half a thought');
  await page.getByRole('button', { name: say('en', 'common.back'), exact: true }).press('Enter');
  await expect(pane(page)).toBeVisible();
  await expect(composer(page)).toBeHidden();
  await expect(chatRowById(page, chatId)).toContainText('half a thought');
  await expectFocus(page, 'back in the list');

  // Escape goes back as well; and a wide window shows both again.
  await openChat(page, chatId);
  await expect(composer(page)).toHaveValue('half a thought');
  await page.keyboard.press('Escape');
  await expect(pane(page)).toBeVisible();
  await openChat(page, chatId);
  await page.setViewportSize({ width: 1000, height: 700 });
  await expect(pane(page)).toBeVisible();
  await expect(composer(page)).toBeVisible();
  await expect(composer(page)).toHaveValue('half a thought');
  await expect(page.getByRole('button', { name: say('en', 'common.back'), exact: true })).toBeHidden();
});

test('a resized window keeps the message that was read in view, and comes back to the same pixel', async ({
  world,
}) => {
  const [anna, boris] = await Promise.all([world.person('Anna', 'Berg'), world.person('Boris', 'Ode')]);
  const chatId = await world.chat(anna, boris);
  const long = 'a sentence that wraps differently in a narrow window than it does in a wide one, again and again. ';
  for (let n = 0; n < 120; n++)
    await world.write(n % 3 ? boris : anna, chatId, `number ${String(n)}: ${long.repeat(n % 5)}`);
  const { page } = await world.open(anna);
  await openChat(page, chatId);
  // The newest message is known from the list of chats and stands alone until the page before it comes.
  await expect(bubble(page, 'number 118:')).toBeVisible();
  await page.locator('.timeline').focus();
  for (let n = 0; n < 4; n++) await page.keyboard.press('PageUp');
  await expect(bubble(page, 'number 119:')).toBeHidden();
  const before = await restingPlace(page);

  for (const [width, height] of [
    [900, 700],
    [720, 600],
    [600, 500],
    [1100, 900],
  ] as const) {
    await page.setViewportSize({ width, height });
    await expect
      .poll(
        async () => {
          const top = await topOf(page, before.key);
          const room = await page.locator('.timeline').evaluate((list) => list.clientHeight);
          return top !== null && top > -room && top < room;
        },
        `${String(width)} x ${String(height)}`,
      )
      .toBe(true);
  }
  await page.setViewportSize({ width: 1280, height: 800 });
  await expectPlace(page, before, 'the first size again');
});

test('a reload comes back to the same chat, and loses nothing that arrives meanwhile', async ({ world }) => {
  const [anna, boris] = await Promise.all([world.person('Anna', 'Berg'), world.person('Boris', 'Ode')]);
  const chatId = await world.chat(anna, boris);
  const { page } = await world.open(anna);
  await openChat(page, chatId);
  await send(page, 'before the reload');
  await expectState(page, 'before the reload', 'sent');
  await composer(page).fill('half a thought');

  // Another person talks all the time while the page is taken down and set up again, twice.
  const texts = Array.from({ length: 30 }, (_, n) => `while reloading ${String(n).padStart(2, '0')}`);
  const talking = (async () => {
    for (const text of texts) await world.write(boris, chatId, text);
  })();
  await page.reload();
  await expect(composer(page)).toBeVisible();
  await page.reload();
  await talking;
  await expect(composer(page)).toHaveValue('half a thought');
  await expect(bubble(page, texts.at(-1) ?? '')).toBeVisible();
  await world.write(boris, chatId, 'after it');
  await expect(bubble(page, 'after it')).toBeVisible();
  await page.locator('.timeline').focus();
  const all = new Set<string>();
  await expect
    .poll(async () => {
      for (const text of await bubbleTexts(page)) all.add(text);
      await page.keyboard.press('PageUp');
      return all.has('before the reload');
    })
    .toBe(true);
  expect([...all].filter((text) => text.startsWith('while')).sort()).toEqual(texts);
  await page.keyboard.press('End');
  const drawn = (await bubbleTexts(page)).filter((text) => text.startsWith('while'));
  expect(drawn).toEqual([...drawn].sort());
  expect(new Set(drawn).size).toBe(drawn.length);
  await expect(chatRowById(page, chatId)).toHaveAttribute('aria-current', 'page');
});
