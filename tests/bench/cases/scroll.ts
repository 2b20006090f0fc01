/** Scrolling through a conversation of 100,000 messages: the frames, and the rows that stand in the document. */
import type { CDPSession, Page } from '@playwright/test';
import { prepareAccount, type PreparedAccount } from '../lib/account.ts';
import type { BenchCase, BenchContext } from '../lib/case.ts';
import { APP, clickToPainted, PEER, present } from '../lib/markup.ts';
import type { FrameRecord } from '../lib/page-probe.ts';
import { openPeer } from '../lib/peer.ts';
import type { Figure } from '../lib/report.ts';
import { recordFrames, wheel } from '../lib/scroll.ts';
import { summarize } from '../lib/stats.ts';
import { LARGE } from './sizes.ts';

/** A quick hand on the wheel, and the way through everything. Pixels per second. */
const HAND_SPEED = 3000;
const THROUGH_SPEED = 60_000;
const CALM_MS = 3000;

interface Through {
  record: FrameRecord;
  passed: number;
  seconds: number;
}

/** Frames of a page that does nothing: what this machine itself makes of 60 per second. */
function calmFrames(page: Page): Promise<FrameRecord> {
  return recordFrames(page, APP.rows, () => page.waitForTimeout(CALM_MS));
}

async function scrollApp(
  context: BenchContext,
  account: PreparedAccount,
): Promise<{ calm: FrameRecord; hand: FrameRecord; through: Through }> {
  const { world } = account;
  const app = await account.open();
  try {
    await clickToPainted(app.page, APP.chatRow(world.chatId(0)), APP.messages, world.lastWords(0));
    await app.page.waitForLoadState('networkidle');
    const calm = await calmFrames(app.page);
    const pixels = HAND_SPEED * (context.quick ? 4 : 20);
    const hand = await recordFrames(app.page, APP.rows, () => wheel(app.devtools, pixels, HAND_SPEED));
    return { calm, hand, through: await scrollThrough(context, app.page, app.devtools) };
  } finally {
    await app.close();
  }
}

/** On towards the oldest message, at twenty screens' height and more per second, until it stands in the document. */
async function scrollThrough(context: BenchContext, page: Page, devtools: CDPSession): Promise<Through> {
  const limitMs = context.quick ? 20_000 : 180_000;
  const begun = performance.now();
  const index = (): Promise<number> =>
    page.evaluate(
      (selector) => Number(document.querySelector(selector)?.getAttribute('data-message-key')?.split('-').at(-1)),
      APP.messages.selector,
    );
  const from = await index();
  const record = await recordFrames(page, APP.rows, async () => {
    while ((await index()) > 0 && performance.now() - begun < limitMs)
      await wheel(devtools, THROUGH_SPEED, THROUGH_SPEED);
  });
  const to = await index();
  if (!Number.isInteger(from) || !Number.isInteger(to)) throw new Error('the rows carry no keys of this world');
  return { record, passed: from - to, seconds: (performance.now() - begun) / 1000 };
}

async function scrollPeer(
  context: BenchContext,
  sizes: readonly number[],
  lastWords: string,
): Promise<{ hand: FrameRecord; through: Through }> {
  const peer = await openPeer(context, context.browser, sizes);
  try {
    const devtools = await peer.page.context().newCDPSession(peer.page);
    await clickToPainted(peer.page, `${PEER.roomRow} >> nth=0`, PEER.messages, lastWords);
    await peer.page.waitForTimeout(1000);
    const held = async (): Promise<number> => present(await peer.page.evaluate(() => window.peerPage?.held()));
    const pixels = HAND_SPEED * (context.quick ? 4 : 20);
    const hand = await recordFrames(peer.page, PEER.messages, () => wheel(devtools, pixels, HAND_SPEED));
    const limitMs = context.quick ? 10_000 : 90_000;
    const begun = performance.now();
    const before = await held();
    const record = await recordFrames(peer.page, PEER.messages, async () => {
      while ((await held()) < (sizes[0] ?? 0) && performance.now() - begun < limitMs) {
        await wheel(devtools, THROUGH_SPEED, THROUGH_SPEED);
      }
    });
    return { hand, through: { record, passed: (await held()) - before, seconds: (performance.now() - begun) / 1000 } };
  } finally {
    await peer.close();
  }
}

function frameFigures(name: string, what: string, record: FrameRecord, budget: boolean): Figure[] {
  const summary = summarize(record.gaps);
  const work = summarize(record.work);
  return [
    {
      name: `${name}.p99`,
      what: `${what}: frame p99 (p50 ${summary.p50}, p95 ${summary.p95})`,
      value: summary.p99,
      unit: 'ms',
      budget: budget ? { atMost: 20 } : null,
      summary,
      note: `of which the page's own work: p50 ${work.p50}, p95 ${work.p95}, p99 ${work.p99} ms`,
    },
    {
      name: `${name}.work.p99`,
      what: `${what}: the page's own work per frame, p99`,
      value: work.p99,
      unit: 'ms',
      budget: null,
      summary: work,
    },
  ];
}

export const scrollCase: BenchCase = {
  name: 'scroll',
  title: 'scroll through 100,000 messages',
  async run(context) {
    const sizes = LARGE(context.quick);
    const account = await prepareAccount(context, sizes);
    try {
      const ours = await scrollApp(context, account);
      context.say('the component beside it');
      const peer = await scrollPeer(context, sizes, account.world.lastWords(0));
      const { through } = ours;
      const most = Math.max(ours.hand.mostRows, through.record.mostRows);
      const total = sizes[0] ?? 0;
      return {
        method:
          `Wheel input made by the browser at ${HAND_SPEED} px/s (a quick hand) and then at ${THROUGH_SPEED} px/s until the ` +
          `oldest message stands in the document. A frame is the time between two animation frames at 60 Hz (16.7 ms each when ` +
          `none is late), drawn in software, without a graphics card. "At rest" is the same page without scrolling: what the ` +
          `machine itself adds. The component is given pages of 80 from its own memory and keeps every row in the document.`,
        figures: [
          ...frameFigures('scroll.rest', 'at rest', ours.calm, false).slice(0, 1),
          ...frameFigures('scroll.hand', 'quick hand', ours.hand, true),
          ...frameFigures('scroll.through', `through all at ${THROUGH_SPEED} px/s`, through.record, true),
          {
            name: 'scroll.rows',
            what: 'most rows in the document',
            value: most,
            unit: 'rows',
            budget: { atMost: 400, exclusive: true },
          },
          {
            name: 'scroll.passed',
            what: `messages passed in ${through.seconds.toFixed(0)} s`,
            value: through.passed,
            unit: '',
            budget: null,
          },
          ...frameFigures('scroll.peer.hand', 'the component, quick hand', peer.hand, false),
          ...frameFigures('scroll.peer.through', 'the component, on and on', peer.through.record, false).slice(0, 1),
          {
            name: 'scroll.peer.rows',
            what: `the component: rows in the document after ${peer.through.seconds.toFixed(0)} s`,
            value: Math.max(peer.hand.mostRows, peer.through.record.mostRows),
            unit: 'rows',
            budget: null,
          },
        ],
        refused: [
          ...(through.passed < total * 0.9
            ? [`only ${through.passed} of ${total} messages were passed in the time given`]
            : []),
          ...(peer.through.passed < total * 0.9
            ? [
                `the component came to ${peer.through.passed} of ${total} messages in ${peer.through.seconds.toFixed(0)} s`,
              ]
            : []),
        ],
      };
    } finally {
      await account.server.close();
    }
  },
};
