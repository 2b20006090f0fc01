/** The first chat after a start: what it needs is here before it is opened, so that the click waits for nothing. */
import { expect, type Page } from '@playwright/test';
import { bubble, openChat } from './lib/screen.ts';
import { test } from './lib/world.ts';

/** What the page has asked its own address for, without media. */
function assetsOf(page: Page): string[] {
  const asked: string[] = [];
  page.on('request', (request) => {
    const name = /\/assets\/(.+)$/.exec(request.url())?.[1];
    if (name !== undefined) asked.push(name);
  });
  return asked;
}

test('opens without asking for a file, and its menus do too', async ({ world }) => {
  const [anna, boris] = [await world.person('Anna', 'Reed'), await world.person('Boris', 'Stone')];
  const chatId = await world.chat(anna, boris);
  await world.write(boris, chatId, 'See https://example.org/a/b?c=1 — **now**');
  const { page } = await world.open(anna);
  await expect(page.locator(`[data-chat="${chatId}"]`)).toBeVisible();

  const asked = assetsOf(page);
  await page.reload();
  const has = (part: RegExp): boolean => asked.some((name) => part.test(name));
  await expect.poll(() => [has(/^conversation/), has(/^MenuPanel/), has(/^weave/)]).toEqual([true, true, true]);
  await page.waitForLoadState('networkidle');
  asked.length = 0;
  await openChat(page, chatId);
  await expect(bubble(page, 'example.org')).toBeVisible();
  await bubble(page, 'example.org').click({ button: 'right' });
  await expect(page.getByRole('menuitem', { name: 'Reply' })).toBeVisible();
  expect(asked).toEqual([]);
});
