/** From the start of the main process to a chat list that can be used, beside the same host with an empty page. */
import { join } from 'node:path';
import type { Browser } from '@playwright/test';
import { prepareAccount } from '../lib/account.ts';
import { epochNow, launchApp } from '../lib/app.ts';
import type { BenchCase, BenchContext } from '../lib/case.ts';
import { APP, painted } from '../lib/markup.ts';
import type { Place } from '../lib/page-probe.ts';
import type { Figure } from '../lib/report.ts';
import { median, summarize } from '../lib/stats.ts';
import { spread } from '../lib/world.ts';
import { traceStart } from './start-trace.ts';

const EMPTY_APP = join(import.meta.dirname, '../fixtures/empty-app');
const LIST: Place = { host: null, selector: APP.anyChatRow };
const WORD: Place = { host: null, selector: '#empty' };

interface Starter {
  readonly name: string;
  start(browser: Browser): Promise<number>;
}

/** Milliseconds until the first row (or word) was painted and would have taken a click. */
async function startOnce(
  browser: Browser,
  what: { appDir: string; userData: string; server?: string },
): Promise<number> {
  const app = await launchApp({ browser, ...what });
  try {
    const place = what.server === undefined ? WORD : LIST;
    const time = await painted(app.page, place, null);
    // A trial click: the row is there, stands still and nothing covers it.
    if (what.server !== undefined) await app.page.locator(APP.anyChatRow).first().click({ trial: true });
    return time - app.startedAt;
  } finally {
    await app.close();
  }
}

/** As a person starts it: the browser that shows the page starts as well. */
async function startAll(context: BenchContext, starter: Starter): Promise<number> {
  const before = epochNow();
  const browser = await context.startBrowser();
  const browserMs = epochNow() - before;
  try {
    return browserMs + (await starter.start(browser));
  } finally {
    await browser.close();
  }
}

export const startCase: BenchCase = {
  name: 'start',
  title: 'start to a usable chat list',
  async run(context) {
    const runs = context.quick ? 3 : 9;
    const [large, small] = context.quick
      ? [spread(100, 10_000), spread(100, 1000)]
      : [spread(1000, 100_000), spread(1000, 1000)];
    const emptyData = await context.folder('empty');
    const full = await prepareAccount(context, large);
    const light = await prepareAccount(context, small);
    const starters: Starter[] = [
      { name: 'empty', start: (browser) => startOnce(browser, { appDir: EMPTY_APP, userData: emptyData }) },
      {
        name: 'full',
        start: (browser) =>
          startOnce(browser, { appDir: context.appDir, userData: full.userData, server: full.server.url }),
      },
      {
        name: 'light',
        start: (browser) =>
          startOnce(browser, { appDir: context.appDir, userData: light.userData, server: light.server.url }),
      },
    ];
    const warm = new Map<string, number[]>(starters.map(({ name }) => [name, []]));
    const whole = new Map<string, number[]>(starters.map(({ name }) => [name, []]));
    try {
      // The first round only warms the disk's cache. Then in turn, so that a slow minute of the machine meets all alike.
      for (let run = -1; run < runs; run += 1) {
        for (const starter of starters) {
          const time = await starter.start(context.browser);
          if (run >= 0) warm.get(starter.name)?.push(time);
          const all = await startAll(context, starter);
          if (run >= 0) whole.get(starter.name)?.push(all);
        }
      }
    } finally {
      await full.server.close();
      await light.server.close();
    }
    return {
      method:
        `Each start is the spawn of the main process to the frame that painted the first row (or the word of the empty page), ` +
        `${runs} rounds in turn after one for the disk's cache; medians. The empty page is one window and one word on the ` +
        `same host. "With the browser" adds the start of Chromium, which an Electron application brings in its own start; ` +
        `"without" leaves a running Chromium out, so that all differences between the two programs show undiluted.`,
      figures: figures(warm, whole, { large, small }),
      refused: [],
    };
  },
  trace: (context) => traceStart(context, { appDir: EMPTY_APP, place: WORD }),
};

function figures(
  warm: ReadonlyMap<string, number[]>,
  whole: ReadonlyMap<string, number[]>,
  sizes: { large: readonly number[]; small: readonly number[] },
): Figure[] {
  const text = (list: readonly number[]): string =>
    `${list.length} chats, ${list.reduce((sum, size) => sum + size, 0)} messages`;
  const words = new Map([
    ['empty', 'empty page'],
    ['full', text(sizes.large)],
    ['light', text(sizes.small)],
  ]);
  const of = (times: ReadonlyMap<string, number[]>, name: string): number[] => times.get(name) ?? [];
  const ratio = (times: ReadonlyMap<string, number[]>, name: string): number =>
    median(of(times, name)) / median(of(times, 'empty'));
  const plain = (times: ReadonlyMap<string, number[]>, suffix: string, how: string): Figure[] =>
    [...words].map(([name, what]) => ({
      name: `start.${name}${suffix}`,
      what: `${what}, ${how}`,
      value: median(of(times, name)),
      unit: 'ms',
      budget: null,
      summary: summarize(of(times, name)),
    }));
  return [
    ...plain(whole, '', 'with the browser'),
    {
      name: 'start.full.ratio',
      what: `${text(sizes.large)} / empty page`,
      value: ratio(whole, 'full'),
      unit: 'x',
      budget: { atMost: 1.3 },
    },
    {
      name: 'start.light.ratio',
      what: `${text(sizes.small)} / empty page`,
      value: ratio(whole, 'light'),
      unit: 'x',
      budget: { atMost: 1.3 },
    },
    ...plain(warm, '.warm', 'browser running'),
    {
      name: 'start.full.warm.ratio',
      what: `the same ratio with the browser running, ${text(sizes.large)}`,
      value: ratio(warm, 'full'),
      unit: 'x',
      budget: null,
    },
    {
      name: 'start.light.warm.ratio',
      what: `the same ratio with the browser running, ${text(sizes.small)}`,
      value: ratio(warm, 'light'),
      unit: 'x',
      budget: null,
    },
  ];
}
