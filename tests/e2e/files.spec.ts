/** Files from this computer into a conversation: chosen, dragged, pasted; what arrives is compared by its hash. */
import { expect } from '@playwright/test';
import { png } from '../helpers/media-samples.ts';
import { attach, attachments, chip, dragFiles, noise, sha, storedFiles, test, untilReady } from './lib/files.ts';
import { chatRowById, composer, openChat } from './lib/screen.ts';

const SHIFT = 8;

test('several files with a caption, in the order that the keyboard gave them', async ({ world, sample }) => {
  const anna = await world.person('Anna', 'Reed');
  const boris = await world.person('Boris', 'Stone');
  const chatId = await world.chat(anna, boris);
  const { page } = await world.open(anna);
  await openChat(page, chatId);
  const files = [
    await sample('report.pdf', Buffer.concat([Buffer.from('%PDF-1.7\n'), noise(300_000)])),
    await sample('notes.txt', Buffer.from('Bring the map.\n')),
    await sample('harbour.png', await png(640, 480)),
  ];
  await attach(page, files);
  for (const { name } of files) await untilReady(page, name);
  await expect(chip(page, 'report.pdf').getByRole('progressbar')).toHaveAttribute('aria-valuenow', '100');
  await expect(composer(page)).toBeFocused();

  const names = () => attachments(page).getByRole('listitem').locator('bdi').allTextContents();
  await attachments(page)
    .getByRole('button', { name: /Move harbour.png: 3 of 3/ })
    .focus();
  await page.keyboard.press('Home');
  await expect.poll(names).toEqual(['harbour.png', 'report.pdf', 'notes.txt']);
  await expect(attachments(page).getByRole('button', { name: /Move harbour.png: 1 of 3/ })).toBeFocused();

  await composer(page).fill('The north side');
  await composer(page).press('Enter');
  await expect(attachments(page)).toHaveCount(0);
  const message = page.getByRole('article').last();
  await expect(message.getByRole('img', { name: 'harbour.png' })).toBeVisible();
  await expect(message.getByRole('button', { name: 'Save as' })).toHaveCount(2);
  await expect(message.getByLabel(/^(Sent|Delivered)$/)).toBeVisible();

  await expect
    .poll(() => storedFiles(world.relay.url, boris, chatId))
    .toEqual([
      {
        content: 'The north side',
        files: [
          // Its location and the like are stripped, so these are not the same bytes.
          { name: 'harbour.png', mimeType: 'image/png', sha: expect.any(String) },
          { name: 'report.pdf', mimeType: 'application/pdf', sha: sha(files[0]?.bytes ?? Buffer.alloc(0)) },
          { name: 'notes.txt', mimeType: 'text/plain', sha: sha(files[1]?.bytes ?? Buffer.alloc(0)) },
        ],
      },
    ]);
});

test('files are dropped onto the conversation, and onto a chat in the list', async ({ world, sample }) => {
  const anna = await world.person('Anna', 'Reed');
  const [boris, clara] = [await world.person('Boris', 'Stone'), await world.person('Clara', 'Voss')];
  const [withBoris, withClara] = [await world.chat(anna, boris), await world.chat(anna, clara)];
  await world.write(clara, withClara, 'Hello');
  const { page } = await world.open(anna);
  await openChat(page, withBoris);
  const plan = await sample('plan.pdf', Buffer.concat([Buffer.from('%PDF-1.7\n'), noise(20_000)]));
  const budget = await sample('budget.csv', Buffer.from('a,b\n1,2\n'));
  const list = page.locator('.conversation .list');

  const given = await dragFiles(page, list, [plan]);
  const zone = page.getByText('Drop to send to Boris');
  await expect(zone).toBeVisible();
  await given.moveTo(page.getByRole('searchbox').first());
  await expect(zone).toHaveCount(0);
  await expect(attachments(page)).toHaveCount(0);

  const drag = await dragFiles(page, list, [plan, budget], SHIFT);
  await expect(page.getByText('2 files', { exact: false })).toBeVisible();
  await expect(page.locator('.zone .is-held')).toHaveText('Shift original quality');
  await drag.drop();
  await expect(zone).toHaveCount(0);
  await untilReady(page, 'plan.pdf');
  await untilReady(page, 'budget.csv');
  await composer(page).press('Enter');
  await expect
    .poll(async () => (await storedFiles(world.relay.url, boris, withBoris)).flatMap(({ files }) => files))
    .toEqual([
      { name: 'plan.pdf', mimeType: 'application/pdf', sha: sha(plan.bytes) },
      { name: 'budget.csv', mimeType: expect.any(String), sha: sha(budget.bytes) },
    ]);

  const row = chatRowById(page, withClara);
  const other = await dragFiles(page, row, [plan]);
  await expect(row).toContainText('Drop to send here');
  await other.drop();
  await expect(page.getByRole('heading', { name: 'Clara Voss' })).toBeVisible();
  await untilReady(page, 'plan.pdf');

  // Beside every place for them nothing happens, and the page stays.
  const beside = await dragFiles(page, page.getByRole('searchbox').first(), [plan]);
  await beside.drop();
  await expect(chip(page, 'plan.pdf')).toBeVisible();
});

test('a pasted picture is attached; words win over the picture beside them', async ({ world }) => {
  const anna = await world.person('Anna', 'Reed');
  const chatId = await world.chat(anna, await world.person('Boris', 'Stone'));
  const { page } = await world.open(anna);
  await openChat(page, chatId);
  const picture = (await png(320, 200)).toString('base64');
  const paste = (words: string): Promise<boolean> =>
    composer(page).evaluate(
      (field, input) => {
        const transfer = new DataTransfer();
        const bytes = Uint8Array.from(atob(input.picture), (one) => one.charCodeAt(0));
        transfer.items.add(new File([bytes], 'image.png', { type: 'image/png' }));
        if (input.words !== '') transfer.setData('text/plain', input.words);
        const event = new ClipboardEvent('paste', { bubbles: true, cancelable: true, clipboardData: transfer });
        return field.dispatchEvent(event);
      },
      { picture, words },
    );
  expect(await paste('')).toBe(false);
  const first = attachments(page)
    .getByRole('listitem')
    .filter({ hasText: /picture-[\d-]+\.png/ });
  await expect(first).toHaveCount(1);
  await expect(first.getByText('Ready to send')).toBeVisible();
  await first.getByRole('button', { name: 'Remove' }).click();
  await expect(attachments(page)).toHaveCount(0);
  await expect(composer(page)).toBeFocused();

  expect(await paste('a table')).toBe(true);
  await expect(attachments(page)).toHaveCount(0);
  await page.getByRole('button', { name: 'Attach it' }).click();
  await expect(first).toHaveCount(1);
});

test('what cannot be sent says why on its chip, and stands in nobody’s way', async ({ world, sample }) => {
  const anna = await world.person('Anna', 'Reed');
  const boris = await world.person('Boris', 'Stone');
  const chatId = await world.chat(anna, boris);
  const { page } = await world.open(anna);
  await openChat(page, chatId);
  const empty = await sample('empty.txt', Buffer.alloc(0));
  const large = await sample('large.bin', Buffer.alloc(100 * 1024 * 1024 + 1));
  const good = await sample('good.txt', Buffer.from('good'));
  await attach(page, [empty, large, good]);
  await expect(chip(page, 'empty.txt').getByRole('alert')).toHaveText('The file is empty.');
  await expect(chip(page, 'large.bin').getByRole('alert')).toHaveText('Files can be up to 100 MB.');
  await untilReady(page, 'good.txt');
  await composer(page).press('Enter');
  await expect(page.getByText('A file can’t be sent. Retry or remove it first.')).toBeVisible();
  for (const name of ['empty.txt', 'large.bin']) await chip(page, name).getByRole('button', { name: 'Remove' }).click();
  await composer(page).press('Enter');
  await expect
    .poll(async () => (await storedFiles(world.relay.url, boris, chatId)).flatMap(({ files }) => files))
    .toEqual([{ name: 'good.txt', mimeType: 'text/plain', sha: sha(good.bytes) }]);
});
