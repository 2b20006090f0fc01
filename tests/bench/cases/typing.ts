/** From a key to its glyph while messages keep arriving in the open conversation. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from '@playwright/test';
import { prepareAccount, type PreparedAccount } from '../lib/account.ts';
import type { BenchCase, BenchContext } from '../lib/case.ts';
import { APP, clickToPainted, PEER, present } from '../lib/markup.ts';
import { openPeer } from '../lib/peer.ts';
import { Dice } from '../lib/random.ts';
import type { Figure } from '../lib/report.ts';
import { summarize } from '../lib/stats.ts';
import { LARGE } from './sizes.ts';

const PER_SECOND = 20;
/** Milliseconds between two keys: a fast typist, and never in step with frames or arrivals. */
const GAP_MS: readonly [number, number] = [60, 140];
const LETTERS = 'the quick brown fox jumps over the lazy dog ';

interface Typed {
  painted: number[];
  handled: number[];
  /** Messages that arrived per second. */
  rate: number;
}

/** What makes messages arrive. */
interface Arrivals {
  start(): Promise<void>;
  /** Ends it; answers how many came. */
  stop(): Promise<number>;
}

/** Types `count` keys while messages arrive. */
async function type(context: BenchContext, page: Page, count: number, arrivals: Arrivals): Promise<Typed> {
  const dice = new Dice(context.seed);
  await page.evaluate(() => window.relayBench?.startKeys());
  await arrivals.start();
  const begun = performance.now();
  for (let n = 0; n < count; n += 1) {
    const letter = LETTERS[n % LETTERS.length] ?? 'a';
    await page.keyboard.press(letter === ' ' ? 'Space' : letter);
    await pause(dice.whole(...GAP_MS));
  }
  const seconds = (performance.now() - begun) / 1000;
  const rate = (await arrivals.stop()) / seconds;
  const keys = present(await page.evaluate(() => window.relayBench?.stopKeys()));
  if (keys.painted.length < count * 0.98) throw new Error(`only ${keys.painted.length} of ${count} keys were painted`);
  return { ...keys, rate };
}

/** Arrivals from the sample server, at an exact pace however busy the app is. */
function fromServer(push: () => void): Arrivals {
  let stopped = false;
  let arrived = 0;
  let ended: Promise<void> = Promise.resolve();
  return {
    start: async () => {
      const begun = performance.now();
      ended = (async () => {
        for (; !stopped; arrived += 1) {
          push();
          await pause(Math.max(0, begun + ((arrived + 1) * 1000) / PER_SECOND - performance.now()));
        }
      })();
    },
    stop: async () => {
      const count = arrived;
      stopped = true;
      await ended;
      return count;
    },
  };
}

async function typeInApp(
  context: BenchContext,
  account: PreparedAccount,
  unpaced: boolean,
  count: number,
): Promise<Typed> {
  const app = await account.open({ unpaced });
  try {
    const { world, server } = account;
    await app.page.locator(APP.chatRow(world.chatId(0))).click();
    await app.page.locator(APP.composer).click();
    await app.page.waitForLoadState('networkidle');
    return await type(
      context,
      app.page,
      count,
      fromServer(() => server.push(0)),
    );
  } finally {
    await app.close();
  }
}

async function typeInPeer(
  context: BenchContext,
  sizes: readonly number[],
  lastWords: string,
  unpaced: boolean,
  count: number,
): Promise<Typed> {
  const peer = await openPeer(context, unpaced ? context.unpaced : context.browser, sizes);
  try {
    await clickToPainted(peer.page, `${PEER.roomRow} >> nth=0`, PEER.messages, lastWords);
    await peer.page.locator(PEER.composer).first().click();
    return await type(context, peer.page, count, {
      start: () => peer.page.evaluate((rate) => window.peerPage?.startArrivals(rate), PER_SECOND),
      stop: async () => present(await peer.page.evaluate(() => window.peerPage?.stopArrivals())),
    });
  } finally {
    await peer.close();
  }
}

function tooSlow(who: string, rate: number): string[] {
  return rate < PER_SECOND * 0.9 ? [`${who} brought ${rate.toFixed(1)} messages per second only`] : [];
}

function figures(name: string, what: string, typed: Typed, atMost?: number): Figure[] {
  const summary = summarize(typed.painted);
  const handled = summarize(typed.handled);
  return [
    {
      name,
      what: `${what}, p95 (p50 ${summary.p50}, p99 ${summary.p99})`,
      value: summary.p95,
      unit: 'ms',
      budget: atMost === undefined ? null : { atMost },
      summary,
      note: `the key's own handling: p50 ${handled.p50}, p95 ${handled.p95} ms`,
    },
  ];
}

export const typingCase: BenchCase = {
  name: 'typing',
  title: 'key press to glyph while 20 messages/s arrive',
  async run(context) {
    const sizes = LARGE(context.quick);
    const count = context.quick ? 60 : 300;
    const account = await prepareAccount(context, sizes);
    const lastWords = account.world.lastWords(0);
    try {
      const free = await typeInApp(context, account, true, count);
      const paced = await typeInApp(context, account, false, count);
      context.say('the component beside it');
      const peerFree = await typeInPeer(context, sizes, lastWords, true, count);
      const peerPaced = await typeInPeer(context, sizes, lastWords, false, count);
      return {
        method:
          `${count} real key presses, 60-140 ms apart at random, into the composer of the open conversation of ${sizes[0]} messages, ` +
          `while the server sends ${PER_SECOND} messages per second into it. From the browser's receipt of the key to the end of the ` +
          `painting of the frame that shows its glyph. A screen of 60 Hz gives a frame every 16.7 ms, so a key waits 0 to 16.7 ms for ` +
          `its frame whatever the program does; the budget is therefore held against a browser that makes frames as fast as it can, ` +
          `and the figure at 60 Hz stands beside it with that wait in it.`,
        figures: [
          ...figures('typing.p95', 'frames unpaced', free, 16),
          ...figures('typing.60hz.p95', 'at 60 Hz, with the wait for the frame', paced),
          ...figures('typing.peer.p95', 'the component, frames unpaced', peerFree),
          ...figures('typing.peer.60hz.p95', 'the component, at 60 Hz', peerPaced),
        ],
        refused: [
          ...tooSlow('our server', free.rate),
          ...tooSlow('our server, at 60 Hz', paced.rate),
          ...tooSlow('the component', peerFree.rate),
          ...tooSlow('the component, at 60 Hz', peerPaced.rate),
        ],
      };
    } finally {
      await account.server.close();
    }
  },
};
