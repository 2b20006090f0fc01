/** The lock: set, locked, tried, opened; what a locked page holds; accounts in the order one likes. */
import { expect } from '@playwright/test';
import { lookAt } from './lib/axe.ts';
import { bubble, openChat } from './lib/screen.ts';
import { signIn, test } from './lib/world.ts';

test('a PIN closes the window over everything and opens it where it was', async ({ world }) => {
  const [anna, boris] = [await world.person('Anna', 'Reed'), await world.person('Boris', 'Stone')];
  const chatId = await world.chat(anna, boris);
  await world.write(boris, chatId, 'The harbour at nine');
  const { page } = await world.open(anna);
  await openChat(page, chatId);
  await page.keyboard.press('Control+l');
  await expect(bubble(page, 'The harbour at nine')).toBeVisible();

  await page.keyboard.press('Control+Comma');
  await page.getByRole('link', { name: 'Lock' }).click();
  await page.getByRole('button', { name: 'Set a PIN…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Set a PIN' });
  await dialog.getByLabel('New PIN', { exact: true }).fill('2580');
  await dialog.getByLabel('Repeat new PIN').fill('2581');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog.getByText('The two PINs differ.')).toBeVisible();
  await dialog.getByLabel('Repeat new PIN').fill('2580');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toHaveCount(0);
  expect(await lookAt(page, 'lock settings')).toEqual([]);
  await page.getByRole('radio', { name: '5 min', exact: true }).check({ force: true });

  await openChatFromSettings();
  await page.keyboard.press('Control+l');
  const field = page.getByLabel('PIN', { exact: true });
  await expect(field).toBeFocused();
  expect(await lookAt(page, 'locked')).toEqual([]);
  await expect(page.getByRole('navigation')).toHaveCount(0);
  // Nothing of the accounts is in the page, nor can the page have it.
  expect(await page.content()).not.toMatch(/harbour|Boris/);
  const asked = await page.evaluate(
    async (input) => [
      await window.relay.messages.page({ ...input, anchor: { at: 'latest' }, limit: 10 }),
      await window.relay.app.ready({}),
    ],
    { accountId: `${world.relay.url}/${anna.id}`, chatId },
  );
  expect(asked[0]).toMatchObject({ ok: false, error: { code: 'locked' } });
  expect(JSON.stringify(asked[1])).not.toMatch(/harbour|Boris|Anna/);

  await field.fill('0000');
  await field.press('Enter');
  await expect(page.getByText('That PIN isn’t right.')).toBeVisible();
  await expect(field).toHaveValue('');
  await page.reload();
  await field.fill('2580');
  await field.press('Enter');
  await expect(bubble(page, 'The harbour at nine')).toBeVisible();

  async function openChatFromSettings(): Promise<void> {
    await page.keyboard.press('Escape');
    await expect(bubble(page, 'The harbour at nine')).toBeVisible();
  }
});

test('who has forgotten the PIN signs out', async ({ world }) => {
  const anna = await world.person('Anna', 'Reed');
  const { page } = await world.open(anna);
  await page.evaluate(() => window.relay.lock.set({ pin: '2580', current: null }));
  await page.evaluate(() => window.relay.lock.now({}));
  await page.getByRole('button', { name: 'Forgot your PIN?' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
});

test('accounts are moved by keyboard and by drag, and signed out together', async ({ world }) => {
  const [anna, boris] = [await world.person('Anna', 'Reed'), await world.person('Boris', 'Stone')];
  const { page } = await world.open(anna);
  const second = await signIn(page, world.relay.url, boris);
  const first = `${world.relay.url}/${anna.id}`;
  const order = () =>
    page.locator('[data-account]').evaluateAll((all) => all.map((one) => one.getAttribute('data-account')));
  await expect.poll(order).toEqual([first, second]);
  const of = (id: string) => page.locator(`[data-account="${id}"]`);
  await of(first).focus();
  await page.keyboard.press('Alt+ArrowDown');
  await expect.poll(order).toEqual([second, first]);
  await expect(of(first)).toBeFocused();
  await of(first).dragTo(of(second));
  await expect.poll(order).toEqual([first, second]);
  await of(second).dragTo(of(first));
  await page.reload();
  await expect.poll(order).toEqual([second, first]);

  await page.keyboard.press('Control+Comma');
  await page.getByRole('link', { name: 'Lock' }).click();
  await page.getByRole('button', { name: 'Sign out of all…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
});
