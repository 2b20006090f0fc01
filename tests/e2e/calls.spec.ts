/** Calls between two applications, with the browser's own devices: a microphone that beeps and a camera that moves. */
import { expect, type Page } from '@playwright/test';
import { findBrowser } from '../../scripts/lib/browser.ts';
import { playwrightBrowser } from '../../scripts/lib/install-browser.ts';
import { browserLaunch } from '../../scripts/lib/sandbox.ts';
import { CALL_FLAGS } from '../helpers/call-flags.ts';
import { startTestRelay } from '../helpers/relay.ts';
import { watchCalls, type CallWatch } from './lib/call-watch.ts';
import { openChat } from './lib/screen.ts';
import { signIn, test, type World } from './lib/world.ts';

test.use({
  launchOptions: {
    ...browserLaunch(findBrowser() ?? playwrightBrowser() ?? undefined),
    args: [...CALL_FLAGS],
  },
});

interface Two {
  anna: Page;
  boris: Page;
  hers: CallWatch;
  his: CallWatch;
  chatId: string;
}

/** Two people who look at their chat. */
async function two(world: World): Promise<Two> {
  const [one, other] = [await world.person('Anna', 'Reed'), await world.person('Boris', 'Stone')];
  const chatId = await world.chat(one, other);
  const apps = [await world.open(one), await world.open(other)] as const;
  // A camera is lent to a window that somebody looks at.
  for (const { control } of apps) await control?.call('focus', { windowId: 1, focused: true });
  const [anna, boris] = [apps[0].page, apps[1].page];
  const [hers, his] = [await watchCalls(anna), await watchCalls(boris)];
  await openChat(anna, chatId);
  await openChat(boris, chatId);
  return { anna, boris, hers, his, chatId };
}

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const region = (page: Page) => page.getByRole('region', { name: 'Call', exact: true });
const ring = (page: Page) => page.getByRole('dialog', { name: 'Incoming call' });
const timer = (page: Page) => region(page).getByRole('timer');

async function audioCall({ anna, boris }: Two): Promise<void> {
  await button(anna, 'Start audio call').click();
  await expect(region(anna).getByRole('status')).toHaveText('Ringing…');
  await button(boris, 'Accept').click();
  for (const page of [anna, boris]) await expect(timer(page)).toHaveText(/0:0\d/);
}

/** Nothing of the call is left on either side. */
async function over({ anna, boris, hers, his }: Two): Promise<void> {
  for (const page of [anna, boris]) await expect(region(page)).toHaveCount(0);
  for (const watch of [hers, his]) {
    expect(await watch.liveTracks()).toBe(0);
    expect(await watch.openConnections()).toBe(0);
  }
}

test('an audio call: it rings, both hear each other, mute is silence, hanging up ends it on both sides', async ({
  world,
}) => {
  const pair = await two(world);
  const { anna, boris, hers, his } = pair;
  await button(anna, 'Start audio call').click();
  await expect(ring(boris)).toContainText('Anna Reed');
  await expect(
    boris.locator('[aria-live="assertive"]').filter({ hasText: 'Incoming call from Anna Reed' }),
  ).toHaveCount(1);
  // A key meant for something else neither accepts nor declines.
  await boris.keyboard.press('Enter');
  await boris.keyboard.press('Space');
  await expect(ring(boris)).toBeVisible();
  expect(await his.liveTracks()).toBe(0);
  await button(boris, 'Accept').click();
  for (const page of [anna, boris]) await expect(timer(page)).toHaveText(/0:0\d/);
  await expect.poll(() => hers.loudness()).toBeGreaterThan(0.02);
  await expect.poll(() => his.loudness()).toBeGreaterThan(0.02);

  await button(anna, 'Mute microphone').click();
  await expect(region(boris)).toContainText('muted');
  await expect.poll(() => his.loudness()).toBeLessThan(0.005);
  await button(anna, 'Unmute microphone').click();
  await expect.poll(() => his.loudness()).toBeGreaterThan(0.02);

  // The same digits on both sides.
  const codes: string[] = [];
  for (const page of [anna, boris]) {
    await button(page, 'Call settings').click();
    codes.push((await region(page).locator('.code').textContent()) ?? '');
    await expect(region(page)).toContainText('Good connection');
  }
  expect(codes[0]).toMatch(/^\d{4}( \d{4}){4}$/);
  expect(codes[1]).toBe(codes[0]);

  await button(boris, 'Hang up').click();
  await over(pair);
  await expect(anna.getByText(/^Call ended, 0:\d\d$/)).toBeVisible();

  // A line in the chat of both.
  for (const page of [anna, boris]) await expect(page.getByText(/^Call, 0:\d\d$/)).toHaveCount(1);

  // The history of both, with a way back.
  await anna.getByRole('link', { name: 'Calls', exact: true }).click();
  await expect(anna.getByRole('list', { name: 'Call history' })).toContainText('Outgoing');
  await boris.getByRole('link', { name: 'Calls', exact: true }).click();
  await expect(boris.getByRole('list', { name: 'Call history' })).toContainText('Incoming');
  await button(boris, 'Call Anna Reed back').click();
  await expect(ring(anna)).toContainText('Boris Stone');
  await button(anna, 'Decline').click();
  await expect(boris.getByText('Anna Reed declined the call')).toBeVisible();
  await over(pair);
});

test('a video call: the lobby, frames on both sides, camera off and on, and without a camera on one side', async ({
  world,
}) => {
  const pair = await two(world);
  const { anna, boris, hers, his } = pair;
  await button(anna, 'Start video call').click();
  const lobby = anna.getByRole('dialog', { name: /^Video call with/ });
  await expect(lobby.getByLabel('Camera preview')).toBeVisible();
  await expect
    .poll(() => lobby.getByRole('meter').evaluate((meter) => (meter as HTMLMeterElement).value))
    .toBeGreaterThan(0);
  await lobby.getByRole('button', { name: 'Call', exact: true }).click();
  await expect(ring(boris)).toContainText('Video call');
  await button(boris, 'Accept with video').click();
  await expect(region(boris).getByLabel('Anna Reed', { exact: true })).toBeVisible();
  await expect(region(anna).getByLabel('Boris Stone', { exact: true })).toBeVisible();
  for (const [page, name] of [
    [anna, 'Boris Stone'],
    [boris, 'Anna Reed'],
  ] as const)
    await expect.poll(() => framesOf(page, name)).toBeGreaterThan(5);

  await button(anna, 'Turn camera off').click();
  await expect(region(boris).getByLabel('Anna Reed', { exact: true })).toHaveCount(0);
  expect(await hers.liveTracks('video')).toBe(0);
  await button(anna, 'Turn camera on').click();
  await expect.poll(() => framesOf(boris, 'Anna Reed')).toBeGreaterThan(5);
  expect(await his.liveTracks('video')).toBe(1);
  await button(anna, 'Hang up').click();
  await over(pair);

  // Accepted without video: no camera is opened there, and it can come later.
  await button(anna, 'Start video call').click();
  await button(anna, 'Call').click();
  await ring(boris).getByRole('button', { name: 'Accept', exact: true }).click();
  await expect(region(boris).getByLabel('Anna Reed', { exact: true })).toBeVisible();
  expect(await his.liveTracks('video')).toBe(0);
  await button(boris, 'Turn camera on').click();
  await expect(region(anna).getByLabel('Boris Stone', { exact: true })).toBeVisible();
  await button(boris, 'Hang up').click();
  await over(pair);
});

/** Frames of the picture with this name that were decoded within a second. */
function framesOf(page: Page, name: string): Promise<number> {
  return region(page)
    .getByLabel(name, { exact: true })
    .evaluate(async (element) => {
      if (!(element instanceof HTMLVideoElement)) return 0;
      const before = element.getVideoPlaybackQuality().totalVideoFrames;
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      return element.getVideoPlaybackQuality().totalVideoFrames - before;
    });
}

test('the camera is lent to a call and its lobby only, and the chosen microphone is kept over a reload', async ({
  world,
}) => {
  const pair = await two(world);
  const { anna, his } = pair;
  const ask = () =>
    anna.evaluate(() =>
      navigator.mediaDevices.getUserMedia({ video: true }).then(
        (stream) => {
          for (const track of stream.getTracks()) track.stop();
          return 'lent';
        },
        (error: unknown) => (error instanceof DOMException ? error.name : 'unknown'),
      ),
    );
  expect(await ask()).toBe('NotAllowedError');
  await button(anna, 'Start video call').click();
  const lobby = anna.getByRole('dialog', { name: /^Video call with/ });
  await expect(lobby.getByLabel('Camera preview')).toBeVisible();
  const microphone = lobby.getByRole('combobox', { name: 'Microphone' });
  const names = await microphone.locator('option').allTextContents();
  const chosen = names[1] ?? '';
  await microphone.selectOption({ label: chosen });
  await anna.keyboard.press('Escape');
  await expect(lobby).toHaveCount(0);
  await expect.poll(ask).toBe('NotAllowedError');

  await anna.reload();
  await audioCall(pair);
  await button(anna, 'Call settings').click();
  await expect(region(anna).getByRole('combobox', { name: 'Microphone' }).locator('option:checked')).toHaveText(chosen);
  await expect.poll(() => his.loudness()).toBeGreaterThan(0.02);
});

test('a call is left for other screens, and goes on in the bar', async ({ world }) => {
  const pair = await two(world);
  const { anna, his } = pair;
  await audioCall(pair);
  await anna.getByRole('link', { name: 'Settings', exact: true }).click();
  await expect(region(anna)).toHaveCount(0);
  const bar = anna.getByRole('group', { name: 'Return to call' });
  await expect(bar).toContainText('Boris Stone');
  await expect(bar).toContainText(/0:\d\d/);
  await expect.poll(() => his.loudness()).toBeGreaterThan(0.02);
  await bar.getByRole('button', { name: 'Mute microphone' }).click();
  await expect.poll(() => his.loudness()).toBeLessThan(0.005);
  await bar.getByRole('button', { name: 'Return to call' }).click();
  await expect(button(anna, 'Unmute microphone')).toBeVisible();
  await anna.getByRole('link', { name: 'Chats', exact: true }).click();
  await bar.getByRole('button', { name: 'Hang up' }).click();
  await expect(bar).toHaveCount(0);
  await over(pair);
});

test('cancelled by the caller, put aside and declined, answered with a message', async ({ world }) => {
  const pair = await two(world);
  const { anna, boris } = pair;
  await button(anna, 'Start audio call').click();
  await expect(ring(boris)).toBeVisible();
  await button(anna, 'Hang up').click();
  await expect(ring(boris)).toHaveCount(0);
  await expect(boris.getByText('Missed call from Anna Reed')).toBeVisible();
  await over(pair);
  for (const page of [anna, boris]) await expect(page.getByText('Missed call', { exact: true })).toHaveCount(1);
  await boris.getByRole('link', { name: 'Calls', exact: true }).click();
  await expect(boris.getByRole('listitem').filter({ hasText: 'Missed' })).toHaveCount(1);

  await button(anna, 'Start audio call').click();
  await expect(ring(boris)).toBeVisible();
  await boris.keyboard.press('Escape');
  await expect(ring(boris)).toHaveCount(0);
  const aside = boris.getByRole('group', { name: 'Incoming call' });
  await expect(aside).toContainText('Anna Reed is calling');
  await aside.getByRole('button', { name: 'Decline' }).click();
  await expect(anna.getByText('Boris Stone declined the call')).toBeVisible();
  await over(pair);

  await button(anna, 'Start audio call').click();
  await button(boris, 'Reply with a message').click();
  await expect(boris.locator('form.composer textarea')).toBeFocused();
  await over(pair);

  // All of them are lines of the chat, also for a page that has just been loaded, and one calls back.
  await boris.reload();
  await expect(boris.getByText('Missed call', { exact: true })).toHaveCount(1);
  await expect(boris.getByText('Declined call', { exact: true })).toHaveCount(2);
  await button(boris, 'Call Anna Reed back').first().click();
  await expect(ring(anna)).toContainText('Boris Stone');
  await button(anna, 'Decline').click();
});

test('a shared screen arrives as frames, and ends', async ({ world }) => {
  const pair = await two(world);
  const { anna, boris } = pair;
  await audioCall(pair);
  await button(anna, 'Share screen').click();
  const picker = anna.getByRole('dialog', { name: 'Share screen' });
  await expect(picker.getByRole('radiogroup', { name: 'Screens and windows' })).toBeVisible();
  await picker.getByRole('button', { name: 'Share', exact: true }).click();
  await expect(anna.getByText('You’re sharing your screen')).toBeVisible();
  await expect(region(boris).getByLabel('Screen of Anna Reed')).toBeVisible();
  await expect.poll(() => framesOf(boris, 'Screen of Anna Reed')).toBeGreaterThan(0);
  await button(anna, 'Stop sharing').click();
  await expect(region(boris).getByLabel('Screen of Anna Reed')).toHaveCount(0);
  await button(anna, 'Hang up').click();
  await over(pair);
});

test('the other side reloads: it comes back into the call, and both hear each other again', async ({ world }) => {
  const pair = await two(world);
  const { anna, boris, hers } = pair;
  await audioCall(pair);
  await expect.poll(() => hers.loudness()).toBeGreaterThan(0.02);
  await boris.reload();
  await expect(timer(boris)).toHaveText(/0:\d\d/);
  // The connection there is a new one.
  await expect.poll(() => hers.allConnections()).toBe(2);
  await expect.poll(() => hers.loudness()).toBeGreaterThan(0.02);
  expect(await hers.openConnections()).toBe(1);
  await button(boris, 'Hang up').click();
  for (const page of [anna, boris]) await expect(region(page)).toHaveCount(0);
  expect(await hers.liveTracks()).toBe(0);
});

test('without a microphone the call runs, and both are told', async ({ world }) => {
  const pair = await two(world);
  await pair.hers.breakDevice('audio', 'NotFoundError');
  await audioCall(pair);
  await expect(region(pair.anna)).toContainText('No microphone was found.');
  await expect(region(pair.boris)).toContainText('muted');
  await expect.poll(() => pair.hers.loudness()).toBeGreaterThan(0.02);
});

test('nobody answers: it is over after a while, said on both sides, and can be called back', async ({
  world,
  launch,
}) => {
  const relay = await startTestRelay({ limits: { callRingMs: 2_500, callSweepMs: 50 } });
  const one = await world.person('Anna', 'Reed', {}, relay);
  const other = await world.person('Boris', 'Stone', {}, relay);
  const chatId = await world.chat(one, other);
  const [{ page: anna }, { page: boris }] = [await launch({ server: relay.url }), await launch({ server: relay.url })];
  await signIn(anna, relay.url, one);
  await signIn(boris, relay.url, other);
  const hers = await watchCalls(anna);
  await openChat(anna, chatId);
  await button(anna, 'Start audio call').click();
  await expect(ring(boris)).toBeVisible();
  await expect(anna.getByText('Boris Stone didn’t answer')).toBeVisible();
  await expect(region(anna)).toHaveCount(0);
  expect(await hers.liveTracks()).toBe(0);
  await expect(ring(boris)).toHaveCount(0);
  await expect(boris.getByText('Missed call from Anna Reed')).toBeVisible();
  await button(boris, 'Call back').click();
  await expect(ring(anna)).toContainText('Boris Stone');
  await relay.close();
});
