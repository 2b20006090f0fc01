/** Without a network, and without a valid sign-in: everything is readable, what is written is kept, and it arrives once. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, type Page } from '@playwright/test';
import { spawnRelay } from '../helpers/relay.ts';
import {
  bubble,
  bubbleTexts,
  chatRowById,
  chooseFrom,
  composer,
  expectState,
  openChat,
  send,
  wake,
  found,
} from './lib/screen.ts';
import { signedInAgain, stored, test } from './lib/world.ts';
import { say } from './lib/words.ts';

const menu = (key: string): string => say('en', `conversation.menu.${key}`);

let userDataDir = '';
test.beforeEach(async () => {
  userDataDir = await mkdtemp(join(tmpdir(), 'relay-trial-'));
});
test.afterEach(async () => {
  await rm(userDataDir, { recursive: true, force: true, maxRetries: 5 });
});

async function listed(page: Page): Promise<void> {
  await page.locator('nav a[href*="/chats"]').first().waitFor();
}

test('everything is read and searched without a relay; what is written survives the end and arrives once, in order', async ({
  world,
  launch,
}) => {
  // Three starts of the application, one after the other.
  test.setTimeout(240_000);
  const [anna, boris, clara] = await Promise.all([
    world.person('Anna', 'Berg'),
    world.person('Boris', 'Ode'),
    world.person('Clara', 'Lund'),
  ]);
  const withBoris = await world.chat(anna, boris);
  const withClara = await world.chat(anna, clara);
  for (let n = 1; n <= 8; n++) await world.write(n % 2 ? boris : anna, withBoris, `line ${String(n)} of the plan`);
  await world.write(clara, withClara, 'the recipe with cardamom');

  // Both chats have been seen once, with a network.
  const first = await world.open(anna, { userDataDir });
  await expect(chatRowById(first.page, withClara)).toContainText('cardamom');
  await openChat(first.page, withBoris);
  await expect(bubble(first.page, 'line 8 of the plan')).toBeVisible();
  await openChat(first.page, withClara);
  await expect(bubble(first.page, 'the recipe with cardamom')).toBeVisible();
  await first.close();
  await world.relay.kill();

  const second = await launch({ server: world.relay.url, userDataDir });
  const { page } = second;
  await listed(page);
  await expect(page.getByText(say('en', 'connection.waiting'))).toBeVisible();
  await expect(page.locator('[data-chat]')).toHaveCount(2);
  await openChat(page, withClara);
  await expect(bubble(page, 'the recipe with cardamom')).toBeVisible();
  await openChat(page, withBoris);
  for (let n = 1; n <= 8; n++) await expect(bubble(page, `line ${String(n)} of the plan`)).toHaveCount(1);

  await page.getByRole('searchbox', { name: say('en', 'search.label') }).fill('cardam');
  const hits = found(page, say('en', 'search.messages'));
  await hits.getByRole('link').filter({ hasText: 'cardamom' }).click();
  await expect(bubble(page, 'the recipe with cardamom')).toBeVisible();

  await openChat(page, withBoris);
  await send(page, 'typed offline: one');
  await send(page, 'typed offline: two');
  await send(page, 'typed offline: three, with a mistke');
  await send(page, 'typed offline: better not');
  await expectState(page, 'typed offline: better not', 'queued');

  // Changed and taken back before they left.
  await chooseFrom(page, bubble(page, 'with a mistke'), menu('edit'));
  await expect(composer(page)).toHaveValue('typed offline: three, with a mistke');
  await composer(page).fill('typed offline: three, mended');
  await composer(page).press('Enter');
  await expect(bubble(page, 'three, mended')).toBeVisible();
  await expect(bubble(page, 'mistke')).toHaveCount(0);
  await chooseFrom(page, bubble(page, 'better not'), menu('cancel'));
  await expect(bubble(page, 'better not')).toHaveCount(0);

  const written = ['typed offline: one', 'typed offline: two', 'typed offline: three, mended'];
  expect((await bubbleTexts(page)).slice(-3)).toEqual(written);
  for (const text of written) await expectState(page, text, 'queued');

  // A draft here, half a thought there; then the plug is pulled.
  await composer(page).fill('half a thou');
  await openChat(page, withClara);
  await send(page, 'to clara, offline');
  await expectState(page, 'to clara, offline', 'queued');
  await second.kill();

  const third = await launch({ server: world.relay.url, userDataDir });
  await listed(third.page);
  await expect(chatRowById(third.page, withBoris)).toContainText('half a thou');
  await openChat(third.page, withBoris);
  await expect(composer(third.page)).toHaveValue('half a thou');
  await expect.poll(async () => (await bubbleTexts(third.page)).slice(-3)).toEqual(written);
  for (const text of written) await expectState(third.page, text, 'queued');

  await world.relay.restart();
  await wake(third);
  for (const text of written) await expectState(third.page, text, 'sent');
  await expect.poll(() => stored(clara, withClara)).toEqual(['the recipe with cardamom', 'to clara, offline']);
  expect((await stored(boris, withBoris)).slice(8)).toEqual(written);
  await expect(composer(third.page)).toHaveValue('half a thou');
  await expect(third.page.getByText(say('en', 'connection.waiting'))).toBeHidden();
  expect((await bubbleTexts(third.page)).slice(-3)).toEqual(written);
});

test('a message that the server refuses says why, holds nobody up, and can be changed, sent again or discarded', async ({
  world,
}) => {
  const [anna, boris, clara] = await Promise.all([
    world.person('Anna', 'Berg'),
    world.person('Boris', 'Ode'),
    world.person('Clara', 'Lund'),
  ]);
  const chatId = await world.chat(anna, boris);
  const other = await world.chat(anna, clara);
  const { page } = await world.open(anna);
  await openChat(page, chatId);
  await send(page, 'known');
  await expectState(page, 'known', 'sent');

  // Somebody has taken this person out of the chat.
  const database = new DatabaseSync(join(world.relay.dataDir, 'relay.db'));
  database.exec('PRAGMA busy_timeout = 5000');
  const { delivered_at: seen } = database
    .prepare('SELECT delivered_at FROM members WHERE chat_id = ? AND user_id = ?')
    .get(chatId, anna.id) as { delivered_at: number };
  database.prepare('DELETE FROM members WHERE chat_id = ? AND user_id = ?').run(chatId, anna.id);
  for (const text of ['refused: one', 'refused: two', 'refused: three']) {
    await send(page, text);
    await expectState(page, text, 'failed');
    await expect(bubble(page, text)).toContainText(say('en', 'errors.forbidden'));
  }
  await openChat(page, other);
  await send(page, 'clara hears me');
  await expectState(page, 'clara hears me', 'sent');
  await openChat(page, chatId);

  const action = (text: string, key: string) =>
    bubble(page, text).getByRole('button', { name: menu(key), exact: true });
  await action('refused: two', 'discard').click();
  await expect(bubble(page, 'refused: two')).toHaveCount(0);

  database.prepare('INSERT INTO members (chat_id, user_id, delivered_at) VALUES (?, ?, ?)').run(chatId, anna.id, seen);
  database.close();
  await action('refused: one', 'resend').click();
  await expectState(page, 'refused: one', 'sent');
  await action('refused: three', 'edit').click();
  await expect(composer(page)).toHaveValue('refused: three');
  await composer(page).fill('refused: three, and said otherwise');
  await composer(page).press('Enter');
  await expectState(page, 'three, and said otherwise', 'sent');
  await expect(composer(page)).toHaveValue('');
  expect(await stored(boris, chatId)).toEqual(['known', 'refused: one', 'refused: three, and said otherwise']);
});

test('a sign-in that has ended: all stays readable, the queue waits, and goes on after signing in on the spot', async ({
  world,
}) => {
  const [anna, boris] = await Promise.all([world.person('Anna', 'Berg'), world.person('Boris', 'Ode')]);
  const chatId = await world.chat(anna, boris);
  await world.write(boris, chatId, 'said before');
  const app = await world.open(anna);
  const { page } = app;
  await openChat(page, chatId);
  await expect(bubble(page, 'said before')).toBeVisible();

  // The same data under another secret: every token that was given out is refused.
  await world.relay.kill();
  const relay = await spawnRelay({
    dataDir: world.relay.dataDir,
    port: world.relay.port,
    env: { RELAY_JWT_SECRET: 'another secret that is long enough for every node' },
  });
  try {
    await send(page, 'written while signed out');
    await wake(app);
    await expect(page.getByText(say('en', 'connection.waitingAuth'))).toBeVisible();
    await expectState(page, 'written while signed out', 'waiting_auth');
    await send(page, 'and one more');
    await expectState(page, 'and one more', 'waiting_auth');
    await expect(bubble(page, 'said before')).toBeVisible();

    await page.getByRole('button', { name: say('en', 'connection.signIn'), exact: true }).click();
    const dialog = page.getByRole('dialog', { name: say('en', 'auth.again.title') });
    const password = dialog.getByLabel(say('en', 'auth.fields.password'), { exact: true });
    const submit = dialog.getByRole('button', { name: say('en', 'auth.signIn.submit'), exact: true });
    await expect(password).toBeFocused();
    await submit.click();
    await expect(dialog.getByText(say('en', 'fields.required'))).toBeVisible();
    await password.fill('not it');
    await submit.click();
    await expect(dialog.getByRole('alert')).toHaveText(say('en', 'errors.wrong_credentials'));
    await expect(password).toHaveValue('not it');
    await password.fill(anna.password);
    await password.press('Enter');
    await expect(dialog).toBeHidden();

    await expectState(page, 'written while signed out', 'sent');
    await expectState(page, 'and one more', 'sent');
    const again = await signedInAgain(relay, boris);
    expect(await stored(again, chatId)).toEqual(['said before', 'written while signed out', 'and one more']);
    await expect(page.getByText(say('en', 'connection.waitingAuth'))).toBeHidden();
    await expect(bubble(page, 'said before')).toBeVisible();
  } finally {
    await relay.close();
  }
});
