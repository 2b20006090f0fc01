/** Files whose way is interrupted: by the person, by the relay, by the application itself. */
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { gateProxy } from '../helpers/gate-proxy.ts';
import { attach, attachments, chip, noise, sha, storedFiles, test, untilReady } from './lib/files.ts';
import { composer, openChat, wake } from './lib/screen.ts';
import { signIn } from './lib/world.ts';

const SIZE = 6_000_000;
/** More than the system's buffers on the way take, so that half of it is never all of it. */
const LARGE = 40_000_000;

test('paused, resumed, removed: the bar says so, and what was removed is never sent', async ({
  world,
  launch,
  sample,
}) => {
  const anna = await world.person('Anna', 'Reed');
  const boris = await world.person('Boris', 'Stone');
  const chatId = await world.chat(anna, boris);
  const proxy = await gateProxy(world.relay.port);
  const { page } = await launch({ server: proxy.url });
  await signIn(page, proxy.url, anna);
  await openChat(page, chatId);
  const film = await sample('film.bin', noise(LARGE));
  const other = await sample('other.bin', noise(2_000, 7));

  proxy.allow(proxy.passed() + LARGE / 2);
  await attach(page, [film]);
  const bar = chip(page, 'film.bin').getByRole('progressbar');
  await expect.poll(async () => Number(await bar.getAttribute('aria-valuenow'))).toBeGreaterThan(20);
  expect(Number(await bar.getAttribute('aria-valuenow'))).toBeLessThan(100);
  await chip(page, 'film.bin').getByRole('button', { name: 'Pause' }).click();
  await expect(chip(page, 'film.bin')).toContainText('Paused');
  proxy.allow(Number.POSITIVE_INFINITY);
  await attach(page, [other]);
  await untilReady(page, 'other.bin');
  await expect(chip(page, 'film.bin')).toContainText('Paused');
  await chip(page, 'film.bin').getByRole('button', { name: 'Resume' }).click();
  await untilReady(page, 'film.bin');
  await chip(page, 'other.bin').getByRole('button', { name: 'Remove' }).click();
  await composer(page).press('Enter');
  await expect
    .poll(async () => (await storedFiles(world.relay.url, boris, chatId)).flatMap(({ files }) => files))
    .toEqual([{ name: 'film.bin', mimeType: expect.any(String), sha: sha(film.bytes) }]);
  await proxy.close();
});

test('the relay is away: the message waits with its file, and arrives whole when it is back', async ({
  world,
  sample,
}) => {
  const anna = await world.person('Anna', 'Reed');
  const boris = await world.person('Boris', 'Stone');
  const chatId = await world.chat(anna, boris);
  const app = await world.open(anna);
  const { page } = app;
  await openChat(page, chatId);
  const film = await sample('film.bin', noise(SIZE));
  await world.relay.kill();
  await attach(page, [film]);
  await composer(page).fill('Watch this');
  await composer(page).press('Enter');
  const message = page.getByRole('article').last();
  await expect(message).toContainText('film.bin');
  await expect(message.getByRole('progressbar')).toBeVisible();
  await world.relay.restart();
  await wake(app);
  await expect(message.getByLabel(/^(Sent|Delivered)$/)).toBeVisible({ timeout: 40_000 });
  await expect(message.getByRole('button', { name: 'Save as' })).toBeVisible();
  expect(await storedFiles(world.relay.url, boris, chatId)).toEqual([
    {
      content: 'Watch this',
      files: [{ name: 'film.bin', mimeType: expect.any(String), sha: sha(film.bytes) }],
    },
  ]);
});

test('the application is killed in the middle: what was in the composer and what was sent are there again', async ({
  world,
  launch,
  sample,
}, info) => {
  const anna = await world.person('Anna', 'Reed');
  const boris = await world.person('Boris', 'Stone');
  const chatId = await world.chat(anna, boris);
  const proxy = await gateProxy(world.relay.port);
  const userDataDir = info.outputPath(join('data'));
  const first = await launch({ server: proxy.url, userDataDir });
  await signIn(first.page, proxy.url, anna);
  await openChat(first.page, chatId);
  const film = await sample('film.bin', noise(SIZE));
  const later = await sample('later.txt', Buffer.from('later'));
  proxy.allow(proxy.passed() + SIZE / 2);
  await attach(first.page, [film]);
  await composer(first.page).press('Enter');
  const bar = first.page.getByRole('article').last().getByRole('progressbar');
  await expect.poll(async () => Number(await bar.getAttribute('aria-valuenow'))).toBeGreaterThan(20);
  await attach(first.page, [later]);
  await expect(chip(first.page, 'later.txt')).toContainText(/Waiting to send|of 5 bytes/);
  await first.kill();
  proxy.allow(Number.POSITIVE_INFINITY);

  const { page } = await launch({ server: proxy.url, userDataDir });
  await openChat(page, chatId);
  await untilReady(page, 'later.txt');
  await expect
    .poll(async () => (await storedFiles(world.relay.url, boris, chatId)).flatMap(({ files }) => files), {
      timeout: 40_000,
    })
    .toEqual([{ name: 'film.bin', mimeType: expect.any(String), sha: sha(film.bytes) }]);
  await expect(attachments(page).getByRole('listitem')).toHaveCount(1);
  await proxy.close();
});
