/** Pictures, sound and documents that others sent: shown, looked at closely, found again; and the own picture. */
import { expect, type Page } from '@playwright/test';
import { jpeg, png, wav } from '../helpers/media-samples.ts';
import { noise, sendFiles, test } from './lib/files.ts';
import { chatRowById, composer, goTo, openChat } from './lib/screen.ts';

/** The picture has been decoded, and is as wide as its file. */
const widthOf = (page: Page, name: string): Promise<number> =>
  page
    .getByRole('article')
    .getByRole('img', { name, exact: true })
    .evaluate((image) => (image instanceof HTMLImageElement && image.complete ? image.naturalWidth : 0));

test('a picture keeps its place before it has loaded, and is looked at by keyboard alone', async ({ world }) => {
  const anna = await world.person('Anna', 'Reed');
  const boris = await world.person('Boris', 'Stone');
  const chatId = await world.chat(anna, boris);
  await sendFiles(boris, chatId, '', [['first.jpg', await jpeg(1200, 800)]]);
  await sendFiles(boris, chatId, 'And this', [['second.png', await png(600, 900)]]);
  const { page } = await world.open(anna);
  await openChat(page, chatId);
  await expect.poll(() => widthOf(page, 'first.jpg')).toBe(1200);
  await expect.poll(() => widthOf(page, 'second.png')).toBe(600);
  const box = await page.getByRole('img', { name: 'first.jpg' }).boundingBox();
  expect(box && Math.round((box.width / box.height) * 10)).toBe(15);

  await page.getByRole('button', { name: 'Open first.jpg' }).focus();
  await page.keyboard.press('Enter');
  const viewer = page.getByRole('dialog', { name: 'Picture' });
  await expect(viewer.getByRole('img', { name: 'first.jpg' })).toBeVisible();
  await expect(viewer).toContainText('1 of 2');
  const scale = (): Promise<string> => viewer.locator('.percent').innerText();
  const whole = await scale();
  await page.keyboard.press('+');
  await expect.poll(scale).not.toBe(whole);
  await page.keyboard.press('0');
  await expect.poll(scale).toBe(whole);
  await page.keyboard.press('ArrowRight');
  await expect(viewer.getByRole('img', { name: 'second.png' })).toBeVisible();
  await expect(viewer.getByRole('button', { name: 'Next picture' })).toHaveCount(0);
  await page.keyboard.press('ArrowLeft');
  await expect(viewer.getByRole('img', { name: 'first.jpg' })).toBeVisible();

  // The wheel zooms to where the pointer is; a drag moves the picture.
  await page.mouse.move(800, 450);
  await page.mouse.wheel(0, -600);
  await expect.poll(scale).not.toBe(whole);
  const left = async (): Promise<number> => (await viewer.getByRole('img').boundingBox())?.x ?? 0;
  const before = await left();
  await page.mouse.down();
  await page.mouse.move(700, 400, { steps: 4 });
  await page.mouse.up();
  await expect.poll(left).toBeLessThan(before);
  await page.keyboard.press('Escape');
  await expect(viewer).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Open first.jpg' })).toBeFocused();
});

test('what was shared stands in the side panel, by kind, and leads to its message', async ({ world }) => {
  const anna = await world.person('Anna', 'Reed');
  const boris = await world.person('Boris', 'Stone');
  const chatId = await world.chat(anna, boris);
  const tone = wav(
    Array.from({ length: 8_000 }, (_, at) => Math.sin(at / 4) / 2),
    8_000,
  );
  await sendFiles(boris, chatId, 'The plan', [['plan.pdf', Buffer.from('%PDF-1.7\nx')]]);
  await sendFiles(boris, chatId, '', [['harbour.jpg', await jpeg(400, 300)]]);
  await sendFiles(boris, chatId, '', [['tone.wav', tone]]);
  await world.write(boris, chatId, 'see https://example.org/ferries');
  const { page } = await world.open(anna);
  await openChat(page, chatId);
  await page.getByRole('button', { name: 'Details' }).click();
  const details = page.getByRole('region', { name: 'Details' });
  await expect(details.getByRole('img', { name: 'harbour.jpg' })).toBeVisible();
  await details.getByRole('tab', { name: 'Music' }).click();
  await expect(details.getByRole('group', { name: 'tone.wav' })).toBeVisible();
  await page.keyboard.press('ArrowLeft');
  await expect(details.getByText('example.org/ferries')).toBeVisible();
  await page.keyboard.press('ArrowLeft');
  await expect(details.getByRole('tab', { name: 'Files' })).toHaveAttribute('aria-selected', 'true');
  await expect(details.getByText('plan.pdf')).toBeVisible();
  await expect(details.getByRole('button', { name: 'Save as' })).toHaveCount(1);
  await details.getByRole('button', { name: 'Go to message' }).click();
  await expect(page.getByRole('article').filter({ hasText: 'The plan' })).toHaveClass(/is-flash/);

  // What is shared while it is open comes by itself.
  await details.getByRole('tab', { name: 'Media' }).click();
  await sendFiles(boris, chatId, '', [['later.png', await png(200, 200)]]);
  await expect(details.getByRole('img', { name: 'later.png' })).toBeVisible();
});

test('sound plays, one at a time', async ({ world }) => {
  const anna = await world.person('Anna', 'Reed');
  const boris = await world.person('Boris', 'Stone');
  const chatId = await world.chat(anna, boris);
  const tone = (hertz: number): Buffer =>
    wav(
      Array.from({ length: 80_000 }, (_, at) => Math.sin((at * hertz * 6.283) / 8_000) / 2),
      8_000,
    );
  await sendFiles(boris, chatId, '', [['one.wav', tone(440)]]);
  await sendFiles(boris, chatId, '', [['two.wav', tone(330)]]);
  const { page } = await world.open(anna);
  await openChat(page, chatId);
  const [one, two] = [page.getByRole('group', { name: 'one.wav' }), page.getByRole('group', { name: 'two.wav' })];
  await one.getByRole('button', { name: 'Play' }).click();
  await expect(one.getByRole('button', { name: 'Pause' })).toBeVisible();
  await expect.poll(async () => Number(await one.getByRole('slider').getAttribute('aria-valuenow'))).toBeGreaterThan(2);
  await two.getByRole('button', { name: 'Play' }).click();
  await expect(two.getByRole('button', { name: 'Pause' })).toBeVisible();
  await expect(one.getByRole('button', { name: 'Play' })).toBeVisible();
  await two.getByRole('slider').press('End');
  await expect(two.getByRole('button', { name: 'Play' })).toBeVisible();
});

test('the own picture is chosen, cut, and seen by the other person', async ({ world, sample }) => {
  const anna = await world.person('Anna', 'Reed');
  const boris = await world.person('Boris', 'Stone');
  const chatId = await world.chat(anna, boris);
  await world.write(anna, chatId, 'Hello');
  const mine = await world.open(anna);
  await goTo(mine.page, '#/settings/account');
  const face = await sample('me.jpg', await jpeg(900, 600));
  const chooser = mine.page.waitForEvent('filechooser');
  await mine.page.getByRole('button', { name: 'Choose picture' }).click();
  await (await chooser).setFiles(face.path);
  const dialog = mine.page.getByRole('dialog', { name: 'Crop picture' });
  await expect(dialog.getByRole('group', { name: 'Visible part' })).toBeFocused();
  await mine.page.keyboard.press('+');
  await mine.page.keyboard.press('ArrowLeft');
  await dialog.getByRole('button', { name: 'Use picture' }).click();
  await expect(dialog).toHaveCount(0, { timeout: 30_000 });
  await expect(mine.page.getByRole('button', { name: 'Change picture' })).toBeVisible();
  const shown = (page: Page, place: string): Promise<number> =>
    page
      .locator(`${place} .avatar img`)
      .first()
      .evaluate((image) => (image instanceof HTMLImageElement && image.complete ? image.naturalWidth : 0));
  await expect.poll(() => shown(mine.page, '.editor')).toBeGreaterThan(0);
  const theirs = await world.open(boris);
  await expect(chatRowById(theirs.page, chatId)).toBeVisible();
  await expect.poll(() => shown(theirs.page, '[data-chat]'), { timeout: 30_000 }).toBeGreaterThan(0);

  await mine.page.getByRole('button', { name: 'Remove picture' }).click();
  await expect(mine.page.getByRole('button', { name: 'Choose picture' })).toBeVisible();
});

test('a file that is no picture cannot become one', async ({ world, sample }) => {
  const anna = await world.person('Anna', 'Reed');
  const { page } = await world.open(anna, { expectedProblems: [/cannot be decoded/] });
  await goTo(page, '#/settings/account');
  const wrong = await sample('me.jpg', noise(5_000));
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose picture' }).click();
  await (await chooser).setFiles(wrong.path);
  await expect(page.getByRole('alert')).toContainText('isn’t a picture');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(composer(page)).toHaveCount(0);
});
