/** The small window of a call, beside the main one, and what is shown after a call. */
import { expect, type Page } from '@playwright/test';
import type { HostProcess } from '../../host/client.ts';
import { findBrowser } from '../../scripts/lib/browser.ts';
import { playwrightBrowser } from '../../scripts/lib/install-browser.ts';
import { browserLaunch } from '../../scripts/lib/sandbox.ts';
import { watchProblems } from '../helpers/app-problems.ts';
import { CALL_FLAGS } from '../helpers/call-flags.ts';
import { watchCalls } from './lib/call-watch.ts';
import { openChat } from './lib/screen.ts';
import { test, type World } from './lib/world.ts';

test.use({
  launchOptions: {
    ...browserLaunch(findBrowser() ?? playwrightBrowser() ?? undefined),
    args: [...CALL_FLAGS],
  },
});

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const region = (page: Page) => page.getByRole('region', { name: 'Call', exact: true });

interface Called {
  anna: Page;
  boris: Page;
  chatId: string;
  control: HostProcess;
  /** The next small window of Anna's, as soon as it is opened. */
  mini: () => Promise<Page>;
  problems: string[];
}

/** Two people in an audio call. */
async function inCall(world: World): Promise<Called> {
  const [one, other] = [await world.person('Anna', 'Reed'), await world.person('Boris', 'Stone')];
  const chatId = await world.chat(one, other);
  const apps = [await world.open(one), await world.open(other)] as const;
  for (const { control } of apps) await control?.call('focus', { windowId: 1, focused: true });
  const [anna, boris] = [apps[0].page, apps[1].page];
  const { control } = apps[0];
  if (!control) throw new Error('these tests look at windows of the stand-in');
  await watchCalls(anna);
  await watchCalls(boris);
  await openChat(anna, chatId);
  await openChat(boris, chatId);
  await button(anna, 'Start audio call').click();
  await button(boris, 'Accept').click();
  for (const page of [anna, boris]) await expect(region(page).getByRole('timer')).toHaveText(/0:0\d/);
  const problems: string[] = [];
  let known = 1;
  const mini = async (): Promise<Page> => {
    const { address, windowId } = await new Promise<{ address: string; windowId: number }>((resolve) => {
      const stop = control.onWindow((message) => {
        if (message.windowId <= known) return;
        queueMicrotask(() => stop());
        resolve(message);
      });
    });
    known = windowId;
    const page = await anna.context().newPage();
    await page.setViewportSize({ width: 344, height: 216 });
    await watchProblems(page, problems, []);
    await page.goto(address);
    return page;
  };
  return { anna, boris, chatId, control, mini, problems };
}

const windowsOf = async (control: HostProcess): Promise<number> => (await control.call('state', null)).windows.length;

test('the small window has every control, and closes with the call', async ({ world }) => {
  const { anna, boris, control, mini, problems } = await inCall(world);
  const opened = mini();
  await button(anna, 'Mini window').click();
  const small = await opened;
  await expect(small.getByRole('heading', { name: 'Boris Stone' })).toBeVisible();
  await expect(small.getByRole('timer')).toHaveText(/0:\d\d/);

  await button(small, 'Mute microphone').click();
  await expect(region(boris)).toContainText('muted');
  await expect(button(anna, 'Unmute microphone')).toBeVisible();
  await button(small, 'Unmute microphone').click();
  await expect(button(small, 'Mute microphone')).toBeVisible();
  await button(small, 'Turn camera on').click();
  await expect(region(boris).getByLabel('Anna Reed', { exact: true })).toBeVisible();
  await button(small, 'Turn camera off').click();
  await expect(region(boris).getByLabel('Anna Reed', { exact: true })).toHaveCount(0);
  await button(boris, 'Mute microphone').click();
  await expect(small.getByText('muted')).toBeVisible();

  // What he shows is seen there as well, and is gone with his camera.
  await button(boris, 'Turn camera on').click();
  const picture = small.getByRole('img', { name: 'Boris Stone' });
  await expect(picture).toBeVisible();
  const look = () =>
    picture.evaluate((canvas) => (canvas instanceof HTMLCanvasElement ? canvas.toDataURL('image/png') : ''));
  const first = await look();
  await expect.poll(look).not.toBe(first);
  await button(boris, 'Turn camera off').click();
  await expect(picture).toHaveCount(0);

  // It may not do anything else: no command of the main window, no connection, no device.
  const denied = await small.evaluate(async () => {
    const answer = await window.relay.accounts.probe({ server: 'http://127.0.0.1:1' });
    const camera = await navigator.mediaDevices.getUserMedia({ audio: true }).then(
      () => 'lent',
      (error: unknown) => (error instanceof DOMException ? error.name : 'unknown'),
    );
    let connection = 'made';
    try {
      new RTCPeerConnection();
    } catch (error) {
      connection = error instanceof DOMException ? error.name : 'unknown';
    }
    return [answer.ok ? 'answered' : answer.error.code, camera, connection];
  });
  expect(denied).toEqual(['denied', 'NotAllowedError', 'NotSupportedError']);

  // What is shared is chosen in the main window, which is back in front for it.
  const left = small.waitForURL('about:blank');
  await button(small, 'Share screen').click();
  await expect(anna.getByRole('dialog', { name: 'Share screen' })).toBeVisible();
  await left;
  await anna.keyboard.press('Escape');

  const again = mini();
  await button(anna, 'Mini window').click();
  const second = await again;
  await button(second, 'Hang up').click();
  for (const page of [anna, boris]) await expect(region(page)).toHaveCount(0);
  await expect.poll(() => windowsOf(control)).toBe(1);
  // Refused on purpose, above.
  expect(problems.filter((problem) => !/denied|NotAllowed/i.test(problem))).toEqual([]);
});

test('it opens when the main window is minimised, goes when it comes back with it, and can be switched off', async ({
  world,
}) => {
  const { anna, control, mini } = await inCall(world);
  const minimize = (minimized: boolean) => control.call('minimize', { windowId: 1, minimized });
  const opened = mini();
  await minimize(true);
  const small = await opened;
  await expect(small.getByRole('heading', { name: 'Boris Stone' })).toBeVisible();
  await button(small, 'Return to call').click();
  await expect.poll(() => windowsOf(control)).toBe(1);
  await expect(region(anna)).toBeVisible();

  // Closed by its user: not again before the main window goes away the next time.
  const next = mini();
  await minimize(true);
  await button(await next, 'Close mini window').click();
  await expect.poll(() => windowsOf(control)).toBe(1);
  await button(anna, 'Mute microphone').click();
  await expect(button(anna, 'Unmute microphone')).toBeVisible();
  expect(await windowsOf(control)).toBe(1);
  await minimize(false);

  await anna.evaluate(() => window.relay.settings.update({ callMini: false }));
  await minimize(true);
  await button(anna, 'Unmute microphone').click();
  await expect(button(anna, 'Mute microphone')).toBeVisible();
  expect(await windowsOf(control)).toBe(1);
});

test('after a call: how long and how well, a way to call back and one to write', async ({ world }) => {
  const { anna, boris, chatId } = await inCall(world);
  await button(anna, 'Call settings').click();
  await expect(region(anna)).toContainText('Good connection');
  // Loudness is kept for the next call.
  await region(anna).getByRole('slider', { name: 'Voice volume' }).fill('40');
  await button(anna, 'Hang up').click();
  for (const page of [anna, boris]) {
    const recap = page.getByRole('region', { name: 'After the call' });
    await expect(recap.getByText(/^Call ended, 0:\d\d$/)).toBeVisible();
  }
  const recap = anna.getByRole('region', { name: 'After the call' });
  await expect(recap).toContainText('Good connection');
  await recap.getByRole('button', { name: 'Write a message' }).click();
  await expect(recap).toHaveCount(0);
  await expect(anna.locator('form.composer textarea')).toBeFocused();
  expect(anna.url()).toContain(chatId);

  await boris.getByRole('region', { name: 'After the call' }).getByRole('button', { name: 'Call back' }).click();
  await button(anna, 'Accept').click();
  await expect(boris.getByRole('region', { name: 'After the call' })).toHaveCount(0);
  await button(anna, 'Call settings').click();
  await expect(region(anna).getByRole('slider', { name: 'Voice volume' })).toHaveValue('40');
});
