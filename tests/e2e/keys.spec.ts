/** What only a browser can show of the keyboard: its Undo, the caret that stays, the focus after a jump, rings, and what covers what. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { bubble, chatRowById, chooseFrom, composer, openChat } from './lib/screen.ts';
import { test } from './lib/world.ts';
import { say } from './lib/words.ts';

test('undo, find, a jump, a notice, and the next start', async ({ world, launch }) => {
  test.setTimeout(180_000);
  const userDataDir = await mkdtemp(join(tmpdir(), 'relay-trial-'));
  try {
    const [anna, boris] = await Promise.all([world.person('Anna', 'Berg'), world.person('Boris', 'Ode')]);
    const chatId = await world.chat(anna, boris);
    for (let n = 1; n <= 30; n++) await world.write(boris, chatId, `line ${String(n)}`);
    const first = await world.open(anna, { userDataDir });
    const { page } = first;
    const keys = page.keyboard;
    await openChat(page, chatId);
    await expect(bubble(page, 'line 30')).toBeVisible();

    await test.step('undo works after an emoji, and the picker keeps its focus', async () => {
      await keys.type('hello');
      await page.getByRole('button', { name: say('en', 'conversation.composer.emoji') }).click();
      const cells = page.locator('.composer-picker [data-emoji]');
      await cells.first().click();
      await expect(cells.first()).toBeFocused();
      await cells.nth(1).click();
      await expect(composer(page)).not.toHaveValue('hello');
      await keys.press('Escape');
      await expect(composer(page)).toBeFocused();
      await keys.press('Control+z');
      await keys.press('Control+z');
      await expect(composer(page)).toHaveValue(/^h?e?l?l?o?$/);
      await composer(page).fill('hello');
    });

    await test.step('Ctrl+F searches the chat, the composer keeps its caret, and the row of the open chat brings it', async () => {
      await composer(page).evaluate((field: HTMLTextAreaElement) => field.setSelectionRange(2, 2));
      await keys.press('Control+f');
      const search = page.getByRole('searchbox', { name: say('en', 'conversation.header.search') });
      await expect(search).toBeFocused();
      await keys.press('Escape');
      await expect(composer(page)).toBeFocused();
      await keys.type('X');
      await expect(composer(page)).toHaveValue('heXllo');
      await keys.press('Control+f');
      await chatRowById(page, chatId).click();
      await expect(composer(page)).toBeFocused();
    });

    await test.step('a notice stands above the composer', async () => {
      await chooseFrom(page, bubble(page, 'line 30'), say('en', 'conversation.menu.copy'));
      const notice = page.locator('.toast').filter({ hasText: say('en', 'common.copied') });
      await expect(notice).toBeVisible();
      const [over, under] = [await notice.boundingBox(), await page.locator('form.composer').boundingBox()];
      if (!over || !under) throw new Error('nothing to compare');
      expect(over.y + over.height).toBeLessThanOrEqual(under.y);
    });

    await test.step('after a jump to a date the focus is on its first message', async () => {
      const more = page.locator('header').getByRole('button', { name: say('en', 'common.more') });
      await more.focus();
      await keys.press('Enter');
      await page.getByRole('menuitem', { name: say('en', 'conversation.header.date') }).press('Enter');
      await expect(page.locator('.date-popover :focus')).toHaveCount(1);
      await keys.press('Enter');
      await expect(page.getByRole('article').first()).toBeFocused();
    });

    await test.step('without the server one place says so, and not the composer too', async () => {
      await world.relay.kill();
      await expect(page.getByRole('button', { name: say('en', 'connection.tryNow') })).toBeVisible();
      await expect(page.locator('#composer-words')).toHaveText('');
      await world.relay.restart();
    });
    await first.close();

    await test.step('the next start opens the chat again where there is room, and rings nothing', async () => {
      const wide = await launch({ server: world.relay.url, userDataDir });
      await expect(composer(wide.page)).toBeFocused();
      await wide.close();
      const narrow = await launch({ server: world.relay.url, userDataDir, viewport: { width: 640, height: 700 } });
      const row = chatRowById(narrow.page, chatId);
      await expect(row).toBeVisible();
      // As the page does itself where a screen's end has taken the focus away.
      await row.evaluate((element) => element.focus());
      const ring = (): Promise<string> => row.evaluate((element) => getComputedStyle(element).outlineColor);
      expect(await ring()).toBe('rgba(0, 0, 0, 0)');
      await narrow.page.keyboard.press('ArrowDown');
      expect(await ring()).not.toBe('rgba(0, 0, 0, 0)');
      await narrow.close();
    });
  } finally {
    await rm(userDataDir, { recursive: true, force: true, maxRetries: 5 });
  }
});
