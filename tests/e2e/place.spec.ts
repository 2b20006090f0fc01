/** Where a reader stands is where they stand: after a look at the settings, while the composer grows, in a smaller window. */
import { expect, type Page } from '@playwright/test';
import { composer, openChat } from './lib/screen.ts';
import { expectPlace, wheelUp } from './lib/scrolling.ts';
import { test, type Person, type World } from './lib/world.ts';

const COUNT = 90;

async function longChat(world: World): Promise<{ anna: Person; chatId: string }> {
  const anna = await world.person('Anna', 'Reed');
  const boris = await world.person('Boris', 'Stone');
  const chatId = await world.chat(anna, boris);
  for (let n = 0; n < COUNT; n++)
    await world.write(boris, chatId, `Message ${String(n)}${' and more of it'.repeat(n % 9)}`);
  return { anna, chatId };
}

/** Pixels between the newest message and what lies under it; negative when it is covered. */
function roomBelow(page: Page): Promise<number> {
  return page.evaluate(() => {
    const last = [...document.querySelectorAll('article')].at(-1)?.getBoundingClientRect().bottom ?? Infinity;
    return Math.round((document.querySelector('form.composer')?.getBoundingClientRect().top ?? 0) - last);
  });
}

test('settings and back: the chat is open still, and the reader stands where they stood', async ({ world }) => {
  const { anna, chatId } = await longChat(world);
  const { page } = await world.open(anna);
  await openChat(page, chatId);
  await expect(page.getByRole('article').last()).toBeVisible();
  const before = await wheelUp(page, 1800);
  for (const back of ['Escape', 'rail'] as const) {
    await page.keyboard.press('Control+,');
    await expect(page.getByRole('heading', { name: 'Settings', level: 1 })).toBeVisible();
    if (back === 'Escape') await page.keyboard.press('Escape');
    else await page.getByRole('navigation', { name: 'Sections' }).getByRole('link', { name: 'Chats' }).click();
    await expect(page.locator('.timeline')).toBeVisible();
    await expectPlace(page, before, back);
  }
});

test('at the end the newest message stays in view: a growing composer, a reply, a smaller window', async ({
  world,
}) => {
  const { anna, chatId } = await longChat(world);
  const { page } = await world.open(anna, { viewport: { width: 1280, height: 800 } });
  await openChat(page, chatId);
  // Much is unread: the chat opens there.
  await page.locator('.timeline').press('End');
  await expect.poll(() => roomBelow(page)).toBeGreaterThanOrEqual(0);
  await composer(page).fill(Array.from({ length: 7 }, (_, n) => `line ${String(n)}`).join('\n'));
  await expect.poll(() => roomBelow(page), 'a growing composer').toBeGreaterThanOrEqual(0);
  await page.getByRole('article').last().hover();
  await page.getByRole('article').last().getByRole('button', { name: 'Reply' }).click();
  await expect.poll(() => roomBelow(page), 'a reply').toBeGreaterThanOrEqual(0);
  await page.setViewportSize({ width: 900, height: 560 });
  await expect.poll(() => roomBelow(page), 'a smaller window').toBeGreaterThanOrEqual(0);
  await world.relay.kill();
  await expect(page.getByRole('status').filter({ hasText: 'server' }).first()).toBeVisible();
  await expect.poll(() => roomBelow(page), 'the strip').toBeGreaterThanOrEqual(0);
});
