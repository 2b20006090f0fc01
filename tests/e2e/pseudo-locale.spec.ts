/** Every word half as long again and with marks above it, as some language will have it: nothing may be cut off. */
import { expect, type Page } from '@playwright/test';
import { misfits } from './lib/fit.ts';
import { goTo } from './lib/screen.ts';
import { test } from './lib/world.ts';
import { catalogue } from './lib/words.ts';

const SECTIONS = [
  ...[
    'account',
    'notifications',
    'appearance',
    'messaging',
    'storage',
    'system',
    'lock',
    'shortcuts',
    'diagnostics',
    'about',
  ],
];

/** It has no address that leaves out the account. */
const ADMIN = 'the log-in of an administrator';

/** Puts longer words in place of ours; what people wrote stays. Answers how many were replaced. */
async function lengthen(page: Page): Promise<number> {
  const ours = [...catalogue('en').values()].flatMap((words) => words.split(' | ').map((word) => word.trim()));
  return page.evaluate((own) => {
    const marks: Record<string, string> = { a: 'å', e: 'ê', i: 'ï', o: 'ö', u: 'ü', n: 'ñ', c: 'ç', s: 'š', t: 'ŧ' };
    const known = new Set(own);
    const longer = (text: string): string => {
      const marked = [...text].map((letter) => marks[letter] ?? letter).join('');
      return `${marked} ${'ẋẋẋ '.repeat(Math.ceil(text.length / 8))}`.trim();
    };
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    let count = 0;
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const text = node.textContent?.trim() ?? '';
      // One sign is no word: an arrow, a key.
      if (text.length < 2 || !known.has(text) || node.parentElement?.closest('kbd')) continue;
      node.textContent = longer(text);
      count += 1;
    }
    return count;
  }, ours);
}

for (const [width, height] of [
  [1280, 800],
  [720, 600],
] as const) {
  test(`at ${String(width)} pixels`, async ({ world }) => {
    test.setTimeout(90_000);
    const [anna, boris] = await Promise.all([world.person('Anna', 'Berg'), world.person('Boris', 'Ode')]);
    const chatId = await world.chat(anna, boris);
    await world.write(boris, chatId, 'hello');
    const { page } = await world.open(anna, { viewport: { width, height } });
    const screens = [
      '#/chats',
      `#/chats/${chatId}`,
      '#/calls',
      '#/music',
      ...SECTIONS.map((name) => `#/settings/${name}`),
      ADMIN,
    ];
    for (const screen of screens) {
      await goTo(page, screen === ADMIN ? '#/settings/account' : screen);
      if (screen === ADMIN) await page.locator('a[href*="/admin"]').click();
      await expect(page.locator('main, [role="main"]').first()).toBeVisible();
      await expect.poll(() => lengthen(page), screen).toBeGreaterThan(0);
      expect(await misfits(page), `${screen} at ${String(width)}`).toEqual([]);
      // The words are the page's own again.
      await page.reload();
      await page.locator('nav a[href*="/chats"]').first().waitFor({ state: 'attached' });
    }
  });
}
