/** Everything that has to do with files, for those who hear it or need contrast: no finding of axe, light and dark. */
import { expect } from '@playwright/test';
import { jpeg, png, wav } from '../helpers/media-samples.ts';
import { lookAt } from './lib/axe.ts';
import { attachments, dragFiles, noise, sendFiles, test, untilReady } from './lib/files.ts';
import { composer, goTo, openChat } from './lib/screen.ts';

test('axe finds nothing on files in messages, composer, viewer, panel and profile', async ({ world, sample }) => {
  test.setTimeout(240_000);
  const anna = await world.person('Anna', 'Reed');
  const boris = await world.person('Boris', 'Stone');
  const chatId = await world.chat(anna, boris);
  const tone = wav(
    Array.from({ length: 8_000 }, (_, at) => Math.sin(at / 4) / 2),
    8_000,
  );
  await sendFiles(boris, chatId, 'The plan', [
    ['plan.pdf', Buffer.from('%PDF-1.7\nx')],
    ['tone.wav', tone],
  ]);
  await sendFiles(boris, chatId, '', [['harbour.jpg', await jpeg(800, 600)]]);
  await world.write(boris, chatId, 'https://example.org/ferries');
  const findings: string[] = [];
  const { page } = await world.open(anna);
  const look = async (name: string): Promise<void> => void findings.push(...(await lookAt(page, name)));
  await openChat(page, chatId);
  await expect(page.getByRole('img', { name: 'harbour.jpg' })).toBeVisible();
  await look('messages with files');

  const files = [
    await sample('notes.txt', Buffer.from('notes')),
    await sample('shot.png', await png(320, 200)),
    await sample('empty.txt', Buffer.alloc(0)),
  ];
  const drag = await dragFiles(page, page.locator('.conversation .list'), files);
  await expect(page.getByText('Drop to send to Boris')).toBeVisible();
  await drag.drop();
  await untilReady(page, 'notes.txt');
  await untilReady(page, 'shot.png');
  await look('the composer with files');
  await attachments(page).getByRole('listitem').filter({ hasText: 'empty.txt' }).getByRole('button').click();
  await composer(page).press('Enter');
  await expect(page.getByRole('article').last().getByRole('img', { name: 'shot.png' })).toBeVisible();
  await look('own messages with files');

  await page.getByRole('button', { name: 'Open harbour.jpg' }).click();
  await expect(page.getByRole('dialog', { name: 'Picture' }).getByRole('img')).toBeVisible();
  await look('the viewer');
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'Details' }).click();
  const details = page.getByRole('region', { name: 'Details' });
  for (const name of ['Media', 'Files', 'Links', 'Music']) {
    await details.getByRole('tab', { name }).click();
    await expect(details.getByRole('heading', { level: 3 }).last()).toBeVisible();
    await look(`the side panel, ${name}`);
  }
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'Record voice message' }).click();
  const recorder = page.getByRole('group', { name: 'Voice message' });
  await expect(recorder.getByRole('alert')).toContainText('No microphone found');
  await look('a recording that failed');
  await recorder.getByRole('button', { name: 'Discard recording' }).click();
  await expect(composer(page)).toBeFocused();

  await goTo(page, '#/settings/account');
  const face = await sample('me.jpg', await jpeg(600, 400));
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose picture' }).click();
  await (await chooser).setFiles(face.path);
  await expect(page.getByRole('dialog', { name: 'Crop picture' })).toBeVisible();
  await look('the cut of the own picture');
  expect(findings).toEqual([]);
});

test('files are attached and sent in Russian, in a small window', async ({ world, sample }) => {
  const anna = await world.person('Анна', 'Волкова');
  const boris = await world.person('Борис', 'Громов');
  const chatId = await world.chat(anna, boris);
  const { page } = await world.open(anna, { locale: 'ru-RU', viewport: { width: 720, height: 600 } });
  await openChat(page, chatId);
  const files = [
    await sample('договор-аренды-исправленный.pdf', Buffer.concat([Buffer.from('%PDF-1.7\n'), noise(4_000)])),
    await sample('пустой.txt', Buffer.alloc(0)),
  ];
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Прикрепить файлы' }).click();
  await (await chooser).setFiles(files.map(({ path }) => path));
  const list = page.getByRole('list', { name: 'Вложения' });
  await expect(list).toContainText('Можно отправлять');
  await expect(list).toContainText('Файл пуст.');
  // Nothing is cut off sideways.
  expect(await page.locator('form.composer').evaluate((form) => form.scrollWidth <= form.clientWidth)).toBe(true);
  await list.getByRole('listitem').filter({ hasText: 'пустой.txt' }).getByRole('button', { name: 'Убрать' }).click();
  await composer(page).press('Enter');
  await expect(page.getByRole('article').last().getByRole('button', { name: 'Сохранить как' })).toBeVisible();
});
