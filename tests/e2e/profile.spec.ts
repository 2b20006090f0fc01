/** Who the other one is, beside the conversation; one's own profile; the width of the list. */
import { expect } from '@playwright/test';
import { test } from './lib/world.ts';
import { composer, field, goTo, openChat } from './lib/screen.ts';

test('a profile stands beside the conversation, and what a person changes of theirs is seen by the other', async ({
  world,
}) => {
  const anna = await world.person('Anna', 'Reed');
  const boris = await world.person('Boris', 'Stone', { bio: 'Plays the cello.' });
  const chatId = await world.chat(anna, boris);
  const { page } = await world.open(anna, { viewport: { width: 1280, height: 800 } });
  await openChat(page, chatId);

  await page.getByRole('button', { name: 'Details' }).click();
  const details = page.getByRole('region', { name: 'Details' });
  await expect(details).toContainText('Boris Stone');
  await expect(details).toContainText(`@${boris.username}`);
  await expect(details).toContainText('Plays the cello.');
  await expect(details).toContainText('Member since');
  const [pane, panel] = await Promise.all([page.locator('.conversation').boundingBox(), details.boundingBox()]);
  expect(pane && panel && pane.x + pane.width <= panel.x).toBe(true);
  await page.keyboard.press('Escape');
  await expect(details).toHaveCount(0);
  await expect(composer(page)).toBeFocused();

  // Where there is no room it lies over the conversation and leaves when its work is done.
  await page.setViewportSize({ width: 900, height: 700 });
  await page.getByRole('button', { name: 'Details' }).click();
  await details.getByRole('button', { name: 'Search' }).click();
  await expect(details).toHaveCount(0);
  await expect(page.getByRole('searchbox', { name: 'Search in this chat' })).toBeVisible();

  await goTo(page, '#/settings/account');
  await page.getByRole('button', { name: 'Edit profile' }).click();
  await field(page, 'First name').fill(' ');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(field(page, 'First name')).toBeFocused();
  await expect(field(page, 'First name')).toHaveAttribute('aria-invalid', 'true');
  await field(page, 'First name').fill('Annika');
  await field(page, 'About').fill('Tea, mostly.\nAlways tea.');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('heading', { name: 'Annika Reed' })).toBeVisible();
  const seen = await boris.api.get<{ user: { firstName: string; bio: string } }>(`/users/${anna.id}`);
  expect(seen.body.user).toMatchObject({ firstName: 'Annika', bio: 'Tea, mostly.\nAlways tea.' });
});

test('a profile that cannot be read says why and can be asked for again', async ({ world }) => {
  const anna = await world.person('Anna', 'Reed');
  const boris = await world.person('Boris', 'Stone', { bio: 'Plays the cello.' });
  const chatId = await world.chat(anna, boris);
  const { page } = await world.open(anna);
  await openChat(page, chatId);
  await world.relay.kill();
  await page.getByRole('button', { name: 'Details' }).click();
  const details = page.getByRole('region', { name: 'Details' });
  await expect(details.getByRole('alert')).toBeVisible();
  await world.relay.restart();
  await details.getByRole('button', { name: 'Try again' }).click();
  await expect(details).toContainText('Plays the cello.');
});

test('the list can be made wider by hand and by key, keeps its width, and gives it back', async ({ world }) => {
  const anna = await world.person('Anna', 'Reed');
  const app = await world.open(anna, { viewport: { width: 1280, height: 800 } });
  const { page } = app;
  const edge = page.getByRole('separator', { name: 'Width of the chat list' });
  const width = (): Promise<number> =>
    page.locator('section[aria-label="Chats"]').evaluate((list) => list.getBoundingClientRect().width);
  expect(await width()).toBe(320);
  const box = await edge.boundingBox();
  if (!box) throw new Error('no edge');
  await page.mouse.move(box.x + box.width / 2, box.y + 200);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2 + 300, box.y + 220);
  await page.mouse.up();
  await expect.poll(width).toBe(400);
  await edge.focus();
  await page.keyboard.press('ArrowLeft');
  await expect.poll(width).toBe(384);
  await expect(edge).toHaveAttribute('aria-valuenow', '384');
  await page.reload();
  await edge.waitFor();
  await expect.poll(width).toBe(384);
  await edge.dblclick();
  await expect.poll(width).toBe(320);
});
