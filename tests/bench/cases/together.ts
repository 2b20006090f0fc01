/** Listening together over a slow link: how far apart two applications hear the same, from the first moment on. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Locator, Page } from '@playwright/test';
import { CALL_FLAGS } from '../../helpers/call-flags.ts';
import { wav } from '../../helpers/media-samples.ts';
import { skewBetween, watchTogether, type TogetherWatch } from '../../helpers/together-watch.ts';
import { currentAccount, until } from '../lib/account.ts';
import { probeCalls } from '../lib/call-probe.ts';
import { call, chatOf, hangUp, type Sides } from '../lib/calling.ts';
import type { BenchCase } from '../lib/case.ts';
import { openConversation } from '../lib/conversation.ts';
import type { Figure } from '../lib/report.ts';
import { summarize } from '../lib/stats.ts';

const RATE = 8_000;
const SECONDS = 60;
/** Milliseconds that a message of the data channel takes, in each direction. */
const [LEAST, MOST] = [30, 70];
/** Milliseconds from one look at both to the next. */
const LOOK_MS = 100;
/** Milliseconds after the first moment in which both play, in which they may still be brought together. */
const SETTLE_MS = 5_000;

const button = (place: Page | Locator, name: string) => place.getByRole('button', { name, exact: true });
const panel = (page: Page) => page.getByRole('group', { name: 'Listening together' });

/** Sends a track into the chat and puts it on the library's list. */
async function addTrack(page: Page, chatId: string): Promise<void> {
  const samples = Array.from({ length: SECONDS * RATE }, (_, n) => 0.3 * Math.sin((2 * Math.PI * 220 * n) / RATE));
  const accountId = await currentAccount(page);
  await page
    .locator('input[type=file]')
    .first()
    .setInputFiles({
      ...{ name: 'tone.wav', mimeType: 'audio/wav', buffer: wav(samples, RATE) },
    });
  await button(page, 'Send').click();
  await until('the track in the library', () =>
    page.evaluate(
      async ({ account, chat }) => {
        const shown = await window.relay.messages.page({
          ...{ accountId: account, chatId: chat, anchor: { at: 'latest' }, limit: 10 },
        });
        const file = shown.ok ? shown.value.items.flatMap(({ attachments }) => attachments)[0] : undefined;
        return file !== undefined && (await window.relay.music.add({ accountId: account, id: file.id })).ok;
      },
      { account: accountId, chat: chatId },
    ),
  );
}

/** Seconds apart, by milliseconds since both played first. */
async function looks(watches: readonly [TogetherWatch, TogetherWatch], ms: number): Promise<[number, number][]> {
  const found: [number, number][] = [];
  let began: number | null = null;
  const stop = Date.now() + ms;
  while (Date.now() < stop) {
    const skew = await skewBetween(...watches);
    if (skew !== null) {
      began ??= Date.now();
      found.push([Date.now() - began, Math.abs(skew) * 1000]);
    }
    await pause(LOOK_MS);
  }
  return found;
}

export const togetherCase: BenchCase = {
  name: 'together',
  title: 'together: two who hear a track in step, over a slow link',
  async run(context) {
    const rounds = context.quick ? 1 : 8;
    const browser = await context.startBrowser(CALL_FLAGS);
    const conversation = await openConversation(context, { browser, relayEnv: { RELAY_CALLS_PER_MINUTE: '1000' } });
    const sides: Sides = { caller: conversation.sender, callee: conversation.receiver };
    const [first, later]: [number[], number[]] = [[], []];
    try {
      const { caller, callee } = sides;
      const chatId = chatOf(caller.page);
      await addTrack(caller.page, chatId);
      const watches = [await watchTogether(caller.page), await watchTogether(callee.page)] as const;
      for (const { page } of [caller, callee]) await probeCalls(page);
      for (const watch of watches) await watch.slow(LEAST, MOST);
      for (let n = 0; n < rounds; n += 1) {
        await call(sides, chatId, 'audio');
        for (const { page } of [caller, callee]) await button(page, 'Listen together').click();
        await button(panel(caller.page), 'Play tone together').click();
        for (const [at, skew] of await looks(watches, 20_000)) (at < SETTLE_MS ? first : later).push(skew);
        await hangUp(sides);
      }
      return {
        method,
        figures: [...figures('first', 'in the first 5 s', first), ...figures('later', 'after them', later)],
        refused: [],
      };
    } finally {
      await conversation.close();
      await browser.close();
    }
  },
};

const method =
  'Two main processes and two pages in one browser on one node, all on this machine, in an audio call, who listen to a track of a minute from the ' +
  `library. Each message of the data channel takes ${String(LEAST)} to ${String(MOST)} ms in each direction, its order stays. Both media elements are ` +
  `looked at every ${String(LOOK_MS)} ms, for 20 s of each of eight calls, the loading of the track included; the promise is about what comes after the first 5 s.`;

function figures(name: string, when: string, skews: readonly number[]): Figure[] {
  const summary = summarize(skews);
  const promised = name === 'later';
  return [
    {
      ...{ name: `together.${name}.p50`, what: `apart ${when}, p50`, value: summary.p50, unit: 'ms', summary },
      budget: promised ? { atMost: 80 } : null,
    },
    {
      ...{ name: `together.${name}.p95`, what: `apart ${when}, p95`, value: summary.p95, unit: 'ms', summary },
      budget: promised ? { atMost: 150 } : null,
    },
  ];
}
