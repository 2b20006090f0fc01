/** Where the time of a start goes, hop by hop, beside the start of an empty page on the same host. */
import type { Page } from '@playwright/test';
import { prepareAccount } from '../lib/account.ts';
import { launchApp } from '../lib/app.ts';
import type { BenchContext, CaseOutcome } from '../lib/case.ts';
import { MESSAGE_PREFIX } from '../lib/conversation.ts';
import { APP, painted, present } from '../lib/markup.ts';
import type { Place } from '../lib/page-probe.ts';
import type { Figure } from '../lib/report.ts';
import { spread } from '../lib/world.ts';
import { clockOffset, readClock } from '../trace/clocks.ts';
import { summarizeWays } from '../trace/hops.ts';
import { pageStamps } from '../trace/page-trace.ts';
import { placed, type PlacedStamp, type Stamp } from '../trace/stamp.ts';
import { START_BESIDE, START_WAY } from '../trace/start-way.ts';
import { besideFigures, hopFigures, incompleteFigure } from '../trace/trace-figures.ts';
import { between, follow, type Followed } from '../trace/way.ts';

interface Started {
  followed: Followed;
  /** By the keys of `START_BESIDE`. */
  beside: Map<string, number | null>;
}

export interface TracedApp {
  appDir: string;
  userData: string;
  server?: string;
  /** What the first screen shows. */
  place: Place;
}

function step(op: string, at: number): Stamp {
  return { at, kind: 'step', op, words: [], port: null };
}

/** The browser's own record of how the page was loaded. */
async function loadingSteps(page: Page): Promise<Stamp[]> {
  const loading = await page.evaluate(() => {
    const asked = (window.relayTrace ?? []).find(({ kind, op }) => kind === 'page:sends' && op === 'app.ready');
    const zero = performance.timeOrigin;
    const ends = (entries: PerformanceEntryList): number[] =>
      entries
        .filter((entry) => entry instanceof PerformanceResourceTiming)
        .filter(({ name }) => /\.js$/.test(new URL(name).pathname))
        .map(({ responseEnd }) => zero + responseEnd)
        // What is loaded after the page has asked for its data holds nothing up.
        .filter((end) => asked !== undefined && end <= asked.at);
    const html = performance.getEntriesByType('navigation').find((one) => one instanceof PerformanceNavigationTiming);
    const contentful = performance.getEntriesByName('first-contentful-paint')[0];
    return {
      navigation: zero,
      html: html ? zero + html.responseEnd : null,
      scripts: ends(performance.getEntriesByType('resource')),
      contentful: contentful ? zero + contentful.startTime : null,
    };
  });
  const { navigation, html, scripts, contentful } = loading;
  return [
    step('navigation', navigation),
    ...(html === null ? [] : [step('html', html)]),
    ...(scripts.length === 0 ? [] : [step('scripts', Math.max(...scripts))]),
    ...(contentful === null ? [] : [step('contentful', contentful)]),
  ];
}

async function startOnce(context: BenchContext, { place, ...what }: TracedApp): Promise<Started> {
  const app = await launchApp({ browser: context.browser, trace: { role: 'start', prefix: MESSAGE_PREFIX }, ...what });
  try {
    const { page, main } = app;
    if (!main) throw new Error('the app was started without instruments');
    const at = await painted(page, place, null);
    const shown: Stamp = { at, kind: 'painted', op: '', words: [], port: null };
    const pageOffset = clockOffset(
      await readClock(async () => present(await page.evaluate(() => window.relayBench?.now()))),
    );
    const mainOffset = clockOffset(await readClock(() => main.now()));
    if (!pageOffset.ok) throw new Error(`the page: ${pageOffset.reason}`);
    if (!mainOffset.ok) throw new Error(`main: ${mainOffset.reason}`);
    const stamps: PlacedStamp[] = [
      ...placed('bench', [step('spawn', app.startedAt)]),
      ...placed('main', await main.takeTrace(), mainOffset.ahead),
      ...placed('page', [...(await pageStamps(page)), ...(await loadingSteps(page)), shown], pageOffset.ahead),
    ].sort((one, other) => one.at - other.at);
    const turn = { word: 0, from: app.startedAt, until: Number.POSITIVE_INFINITY };
    return {
      followed: follow(START_WAY, stamps, turn),
      beside: new Map(START_BESIDE.map(({ key, pair }) => [key, between(pair, stamps, turn)])),
    };
  } finally {
    await app.close();
  }
}

function figuresOf(name: string, label: string, starts: readonly Started[]): { figures: Figure[]; refused: string[] } {
  const outcome = summarizeWays(starts.map(({ followed }) => followed));
  if (!outcome.ok) return { figures: [], refused: [`${label}: ${outcome.reason}`] };
  const { hops } = outcome;
  const measured = START_BESIDE.map(({ key, what }) => ({
    key,
    what,
    values: starts.flatMap(({ beside }) => beside.get(key) ?? []),
  }));
  return {
    figures: [
      incompleteFigure(`start.trace.${name}`, 'starts', hops),
      ...hopFigures(hops, { prefix: `start.trace.${name}`, whole: 'spawn to first row painted', way: START_WAY }),
      ...besideFigures(`start.trace.${name}`, measured, hops.complete),
    ].map((figure) => ({ ...figure, what: `${label}: ${figure.what}` })),
    refused: [],
  };
}

/** As `BenchCase.trace`. `empty` is the application without anything that starts are compared with. */
export async function traceStart(context: BenchContext, empty: Omit<TracedApp, 'userData'>): Promise<CaseOutcome> {
  const runs = context.quick ? 3 : 9;
  const sizes = context.quick ? spread(100, 10_000) : spread(1000, 100_000);
  const account = await prepareAccount(context, sizes);
  const emptyApp: TracedApp = { ...empty, userData: await context.folder('empty') };
  const { userData, server } = account;
  const ours: TracedApp = {
    appDir: context.appDir,
    userData,
    server: server.url,
    place: { host: null, selector: APP.anyChatRow },
  };
  const starts = { ours: new Array<Started>(), empty: new Array<Started>() };
  try {
    // The first round only warms the disk's cache.
    for (let run = -1; run < runs; run += 1) {
      const bare = await startOnce(context, emptyApp);
      const full = await startOnce(context, ours);
      if (run < 0) continue;
      starts.empty.push(bare);
      starts.ours.push(full);
    }
  } finally {
    await server.close();
  }
  const parts = [
    figuresOf('app', `${sizes.length} chats`, starts.ours),
    figuresOf('empty', 'empty page', starts.empty),
  ];
  return {
    method:
      `${runs} starts after one for the disk's cache, in turn with those of an empty page, the browser running. Instruments are put ` +
      `into main and page before their own code and cost time of their own: the whole is to be read from the run without them. ` +
      `Each line is the time from the moment in the line above to this one; what main does meanwhile stands beside. The page's ` +
      `loading is told by the browser's own navigation and resource timing.`,
    figures: parts.flatMap(({ figures }) => figures),
    refused: parts.flatMap(({ refused }) => refused),
  };
}
