/** A track that two people hear together in a call: each application plays it from its own library, in step. */
import { expect, type Locator, type Page } from '@playwright/test';
import { findBrowser } from '../../scripts/lib/browser.ts';
import { playwrightBrowser } from '../../scripts/lib/install-browser.ts';
import { browserLaunch } from '../../scripts/lib/sandbox.ts';
import { CALL_FLAGS } from '../helpers/call-flags.ts';
import { wav } from '../helpers/media-samples.ts';
import { skewBetween, watchTogether, type TogetherWatch } from '../helpers/together-watch.ts';
import { watchCalls } from './lib/call-watch.ts';
import { sendFiles, test } from './lib/files.ts';
import { openChat } from './lib/screen.ts';
import type { World } from './lib/world.ts';

test.use({
  launchOptions: {
    ...browserLaunch(findBrowser() ?? playwrightBrowser() ?? undefined),
    args: [...CALL_FLAGS],
  },
});

const RATE = 8_000;
const tone = (seconds: number, hertz: number): Buffer =>
  wav(
    Array.from({ length: seconds * RATE }, (_, n) => 0.3 * Math.sin(2 * Math.PI * hertz * (n / RATE))),
    RATE,
  );

const button = (place: Page | Locator, name: string) => place.getByRole('button', { name, exact: true });
const region = (page: Page) => page.getByRole('region', { name: 'Call', exact: true });
const panel = (page: Page) => region(page).getByRole('group', { name: 'Listening together' });
const seekBar = (page: Page) => panel(page).getByRole('slider', { name: 'Seek' });

interface Two {
  anna: Page;
  boris: Page;
  hers: TogetherWatch;
  his: TogetherWatch;
}

/** Two people in a call, with the tracks `slow` and `next` in the library, who look at what they hear. */
async function inCall(world: World): Promise<Two> {
  const [one, other] = [await world.person('Anna', 'Reed'), await world.person('Boris', 'Stone')];
  const chatId = await world.chat(one, other);
  await sendFiles(one, chatId, 'Listen to this', [
    ['slow.wav', tone(60, 220)],
    ['next.wav', tone(60, 330)],
  ]);
  const apps = [await world.open(one), await world.open(other)] as const;
  for (const { control } of apps) await control?.call('focus', { windowId: 1, focused: true });
  const [anna, boris] = [apps[0].page, apps[1].page];
  await anna.evaluate(async (chat) => {
    const ready = await window.relay.app.ready({});
    const accountId = ready.ok ? ready.value.accounts.open[0]?.id : undefined;
    if (accountId === undefined) throw new Error('nobody is signed in');
    const shown = await window.relay.messages.page({ accountId, chatId: chat, anchor: { at: 'latest' }, limit: 10 });
    if (!shown.ok) throw new Error(JSON.stringify(shown.error));
    for (const { id } of shown.value.items.flatMap((message) => message.attachments)) {
      const added = await window.relay.music.add({ accountId, id });
      if (!added.ok) throw new Error(JSON.stringify(added.error));
    }
  }, chatId);
  for (const page of [anna, boris]) await watchCalls(page);
  const [hers, his] = [await watchTogether(anna), await watchTogether(boris)];
  await openChat(anna, chatId);
  await openChat(boris, chatId);
  await button(anna, 'Start audio call').click();
  await button(boris, 'Accept').click();
  for (const page of [anna, boris]) {
    await expect(region(page).getByRole('timer')).toHaveText(/0:\d\d/);
    await button(region(page), 'Listen together').click();
    await expect(panel(page)).toBeVisible();
  }
  return { anna, boris, hers, his };
}

/** Milliseconds between both, at many moments a tenth of a second apart: the middle of them and the 95th of a hundred. */
async function skews({ hers, his }: Two, count: number): Promise<{ measured: number; median: number; late: number }> {
  const found: number[] = [];
  for (let n = 0; n < count; n += 1) {
    const skew = await skewBetween(hers, his);
    if (skew !== null) found.push(Math.abs(skew) * 1000);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const sorted = found.toSorted((one, other) => one - other);
  const part = (share: number): number => sorted[Math.floor(sorted.length * share)] ?? Number.POSITIVE_INFINITY;
  return { measured: found.length, median: part(0.5), late: part(0.95) };
}

/** A number of milliseconds up to a bound. */
const within = (most: number): unknown => ({
  asymmetricMatch: (value: unknown) => typeof value === 'number' && value <= most,
  toString: () => `at most ${String(most)}`,
});

/** Both play, at nearly the same place. */
async function inStep({ hers, his }: Two): Promise<void> {
  await expect
    .poll(async () => Math.abs((await skewBetween(hers, his)) ?? Number.POSITIVE_INFINITY), { timeout: 15_000 })
    .toBeLessThan(0.08);
}

test('one side plays a track and the other hears it in step; both pause, seek, skip and stop', async ({ world }) => {
  const pair = await inCall(world);
  const { anna, boris, hers, his } = pair;
  await button(panel(anna), 'Play slow together').click();
  await expect(panel(boris)).toContainText('slow');
  await inStep(pair);
  await expect(panel(anna)).toContainText('In step with Boris Stone');
  await expect(panel(boris)).toContainText('In step with Anna Reed');

  // The side that did not choose it pauses, and goes on.
  await button(panel(boris), 'Pause for both').click();
  await expect(button(panel(anna), 'Play for both')).toBeVisible();
  for (const watch of [hers, his]) await expect.poll(async () => (await watch.place()).at).toBeNull();
  await button(panel(anna), 'Play for both').click();
  await expect(button(panel(boris), 'Pause for both')).toBeVisible();
  await inStep(pair);

  await seekBar(boris).fill('40');
  await expect.poll(async () => (await hers.place()).at ?? 0).toBeGreaterThan(39);
  await inStep(pair);

  // The other app is elsewhere: it goes on, and can be paused from the bar.
  await anna.getByRole('link', { name: 'Settings', exact: true }).click();
  const bar = anna.getByRole('group', { name: 'Return to call' });
  await expect(bar).toContainText('Together: slow');
  await button(bar, 'Pause for both').click();
  await expect.poll(async () => (await his.place()).at).toBeNull();
  await button(bar, 'Return to call').click();
  await button(region(anna), 'Listen together').click();

  await button(panel(anna), 'Play next together').click();
  await expect(panel(boris)).toContainText('next');
  await inStep(pair);
  await button(panel(boris), 'Next track for both').click();
  await expect(panel(anna).locator('.title')).toHaveText('slow');
  await inStep(pair);

  await button(panel(anna), 'Stop for both').click();
  await expect(button(panel(boris), 'Stop for both')).toHaveCount(0);
  for (const watch of [hers, his]) await expect.poll(async () => (await watch.place()).at).toBeNull();
});

test('one side leaves and the other goes on; it joins late; a reload comes back to the place; the end is silent', async ({
  world,
}) => {
  const pair = await inCall(world);
  const { anna, boris, hers, his } = pair;
  await button(panel(anna), 'Play slow together').click();
  await inStep(pair);
  await seekBar(anna).fill('20');
  await expect.poll(async () => (await his.place()).at ?? 0).toBeGreaterThan(19);
  await button(panel(boris), 'Stop listening').click();
  await expect.poll(async () => (await his.place()).at).toBeNull();
  await expect(panel(anna)).toContainText('Boris Stone isn’t listening right now');
  await expect(panel(boris)).toContainText('Anna Reed is listening without you');
  expect((await hers.place()).at).not.toBeNull();
  await button(panel(boris), 'Listen along').click();
  await inStep(pair);
  expect((await his.place()).at ?? 0).toBeGreaterThan(20);

  // Another page, with a clock of its own.
  await boris.reload();
  const again = await watchTogether(boris);
  await expect(region(boris).getByRole('timer')).toHaveText(/0:\d\d/);
  await button(region(boris), 'Listen together').click();
  await expect(panel(boris)).toContainText('slow');
  await inStep({ ...pair, his: again });

  await button(region(boris), 'Hang up').click();
  for (const page of [anna, boris]) await expect(region(page)).toHaveCount(0);
  for (const watch of [hers, again]) await expect.poll(async () => (await watch.place()).at).toBeNull();
});

test('on a slow link with jitter both hear the same within the promised skew', async ({ world }) => {
  const pair = await inCall(world);
  // 100 ms there and back, give or take 40.
  for (const watch of [pair.hers, pair.his]) await watch.slow(30, 70);
  await button(panel(pair.anna), 'Play slow together').click();
  await inStep(pair);
  // A busy computer may lose a moment of sound, so what is promised is asked of some seconds, not of the first ones.
  await expect
    .poll(() => skews(pair, 40), { timeout: 45_000, intervals: [0] })
    .toMatchObject({ measured: 40, median: within(80), late: within(150) });
});
