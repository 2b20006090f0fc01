/** A voice message with the browser's own recorder and a microphone that beeps. */
import { expect } from '@playwright/test';
import { findBrowser } from '../../scripts/lib/browser.ts';
import { playwrightBrowser } from '../../scripts/lib/install-browser.ts';
import { browserLaunch } from '../../scripts/lib/sandbox.ts';
import { storedFiles, test } from './lib/files.ts';
import { composer, openChat } from './lib/screen.ts';

test.use({
  launchOptions: {
    ...browserLaunch(findBrowser() ?? playwrightBrowser() ?? undefined),
    args: ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'],
  },
});

test('recorded, paused, listened to, sent; the other person hears it', async ({ world }) => {
  const anna = await world.person('Anna', 'Reed');
  const boris = await world.person('Boris', 'Stone');
  const chatId = await world.chat(anna, boris);
  const [mine, theirs] = [await world.open(anna), await world.open(boris)];
  const { page } = mine;
  await openChat(page, chatId);
  await openChat(theirs.page, chatId);
  await page.getByRole('button', { name: 'Record voice message' }).click();
  const recorder = page.getByRole('group', { name: 'Voice message' });
  await expect(recorder.getByRole('status')).toHaveText('Recording');
  await expect(recorder.locator('.time')).toHaveText(/0:0[2-9]/);
  await recorder.getByRole('button', { name: 'Pause recording' }).click();
  await expect(recorder.getByRole('status')).toHaveText('Paused');
  await recorder.getByRole('button', { name: 'Resume recording' }).click();
  await expect(recorder.locator('.time')).toHaveText(/0:(0[3-9]|1\d)/);
  await recorder.getByRole('button', { name: 'Stop and listen' }).click();

  // The recording can be sought in before it is sent.
  await recorder.getByRole('button', { name: 'Play' }).click();
  await expect(recorder.getByRole('button', { name: 'Pause' })).toBeVisible();
  await recorder.getByRole('button', { name: 'Send voice message' }).click();
  await expect(recorder.getByRole('button', { name: 'Send voice message' })).toHaveCount(0);
  await expect(composer(page)).toBeFocused();
  const sent = page.getByRole('article').getByRole('group', { name: 'Voice message' });
  await expect(sent).toBeVisible();
  await expect(page.getByRole('article').getByLabel(/^(Sent|Delivered|Read)$/)).toBeVisible();
  // At least the three seconds that were shown; how many more depends on the machine.
  await expect(sent).toContainText(/0:(0[3-9]|1\d)/);
  const length = /0:\d\d/.exec((await sent.textContent()) ?? '')?.[0] ?? '';

  const heard = theirs.page.getByRole('article').getByRole('group', { name: 'Voice message' });
  await expect(heard).toContainText(length);
  await heard.getByRole('button', { name: 'Play' }).click();
  await expect(heard.getByRole('button', { name: 'Pause' })).toBeVisible();
  await heard.getByRole('button', { name: 'Speed: 1×' }).click();
  await expect(heard.getByRole('button', { name: 'Speed: 1.5×' })).toBeVisible();
  // The wave is that of the beeps, whoever measured it.
  await expect
    .poll(() =>
      heard.locator('.rest').evaluate((path) => new Set((path.getAttribute('d') ?? '').match(/V[\d.]+/g)).size),
    )
    .toBeGreaterThan(3);
  const [message] = await storedFiles(world.relay.url, boris, chatId);
  expect(message?.files).toEqual([
    {
      name: expect.stringMatching(/^voice-\d{8}-\d{6}\.m4a$/),
      mimeType: expect.stringMatching(/mp4/),
      sha: expect.any(String),
    },
  ]);

  // Its time stands in its own row, also where there is little room and the speed is offered.
  const box = async (selector: string) => {
    const found = await page.getByRole('article').locator(selector).boundingBox();
    if (!found) throw new Error(`no ${selector}`);
    return found;
  };
  const size = page.viewportSize() ?? { width: 1200, height: 800 };
  for (const width of [size.width, 360]) {
    await page.setViewportSize({ ...size, width });
    await sent.getByRole('button', { name: 'Play' }).click();
    await expect(sent.locator('.speed')).toBeVisible();
    const [facts, meta, speed] = [await box('.facts'), await box('.meta'), await box('.speed')];
    expect(Math.abs(meta.y + meta.height / 2 - facts.y - facts.height / 2)).toBeLessThan(3);
    expect(speed.x + speed.width).toBeLessThanOrEqual(meta.x);
    expect(facts.height).toBeLessThan(24);
    await sent.getByRole('button', { name: 'Pause' }).click();
  }
  await page.setViewportSize(size);
});

test('discarded: the microphone is let go, and nothing is sent', async ({ world }) => {
  const anna = await world.person('Anna', 'Reed');
  const boris = await world.person('Boris', 'Stone');
  const chatId = await world.chat(anna, boris);
  const { page } = await world.open(anna);
  await openChat(page, chatId);
  await page.getByRole('button', { name: 'Record voice message' }).click();
  const recorder = page.getByRole('group', { name: 'Voice message' });
  await expect(recorder.getByRole('status')).toHaveText('Recording');
  await page.keyboard.press('Escape');
  await expect(recorder).toHaveCount(0);
  await expect(composer(page)).toBeFocused();
  expect(await storedFiles(world.relay.url, boris, chatId)).toEqual([]);
});
