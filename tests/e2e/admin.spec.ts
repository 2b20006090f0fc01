/** The administrator's console in the application: from the settings, on a real relay, with every screen looked at by axe. */
import { expect } from '@playwright/test';
import { test } from './lib/world.ts';
import { goTo } from './lib/screen.ts';
import { lookAt } from './lib/axe.ts';

test('an administrator logs in apart from their account, and sees the figures, the lists and the log', async ({
  world,
}) => {
  test.setTimeout(180_000);
  const anna = await world.person('Anna', 'Reed');
  const boris = await world.person('Boris', '=Stone()');
  const chatId = await world.chat(anna, boris);
  for (const content of ['first words', '=SUM(1)', 'last words']) {
    await anna.api.post('/messages/send', { chatId, content });
  }
  const app = await world.open(anna, { viewport: { width: 1280, height: 800 } });
  const { page } = app;
  const findings: string[] = [];

  await goTo(page, '#/settings/account');
  await page.getByRole('link', { name: 'Administration' }).click();
  const password = page.getByLabel('Password', { exact: true });
  await expect(page.locator('main')).toContainText(world.relay.url);
  await expect(page.locator('table')).toHaveCount(0);
  findings.push(...(await lookAt(page, 'admin-log-in')));
  await password.fill('a guess');
  await password.press('Enter');
  await expect(page.getByRole('alert')).toBeVisible();
  await password.fill(world.relay.adminPassword);
  await password.press('Enter');

  const messages = page.getByRole('button', { name: /^Messages/ });
  await expect(messages).toContainText('3');
  await expect(page.locator('main')).toContainText(world.relay.url);
  await page.getByRole('application').focus();
  await page.keyboard.press('ArrowLeft');
  await expect(page.locator('.plot .tip')).toContainText('Messages: 0');
  await page.keyboard.press('End');
  await expect(page.locator('.plot .tip')).toContainText('Messages: 3');
  findings.push(...(await lookAt(page, 'admin-statistics')));

  await page.getByRole('tab', { name: 'People' }).click();
  await expect(page.getByRole('cell', { name: /Boris/ })).toBeVisible();
  await page.getByRole('button', { name: 'Person' }).click();
  await expect(page.getByRole('columnheader', { name: 'Person' })).toHaveAttribute('aria-sort', 'ascending');
  findings.push(...(await lookAt(page, 'admin-people')));

  await page.getByRole('tab', { name: 'Messages' }).click();
  await page.getByRole('searchbox').fill('WORDS');
  await expect(page.getByRole('row')).toHaveCount(3);
  await page.getByRole('searchbox').fill('');
  await expect(page.getByRole('row')).toHaveCount(4);
  await expect(page.locator('main')).toContainText(world.relay.url);

  await page.getByRole('tab', { name: 'Access log' }).click();
  await expect(page.getByRole('cell', { name: 'Access log' })).toBeVisible();
  findings.push(...(await lookAt(page, 'admin-log')));

  await page.getByRole('button', { name: 'Log out' }).click();
  await expect(password).toBeVisible();
  await expect(page.locator('table')).toHaveCount(0);
  expect(findings).toEqual([]);
});
