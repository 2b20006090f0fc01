/** Calls between two applications on one machine: how fast the first picture comes, and what a hundred of them leave. */
import { CALL_FLAGS } from '../../helpers/call-flags.ts';
import type { RunningApp } from '../lib/app.ts';
import { probeCalls } from '../lib/call-probe.ts';
import { call, chatOf, hangUp, type Sides } from '../lib/calling.ts';
import type { BenchCase } from '../lib/case.ts';
import { openConversation } from '../lib/conversation.ts';
import type { Figure } from '../lib/report.ts';
import { summarize } from '../lib/stats.ts';

/** Calls that are not counted: the page loads its parts for calls with the first one. */
const WARM_UP = 3;

/** Bytes of the page's heap after two full collections. */
async function heapOf({ devtools }: RunningApp): Promise<number> {
  await devtools.send('HeapProfiler.collectGarbage');
  await devtools.send('HeapProfiler.collectGarbage');
  return (await devtools.send('Runtime.getHeapUsage')).usedSize;
}

export const callsCase: BenchCase = {
  name: 'calls',
  title: 'calls: setup, and a hundred in a row',
  async run(context) {
    const timed = context.quick ? 5 : 50;
    const all = context.quick ? 10 : 100;
    const browser = await context.startBrowser(CALL_FLAGS);
    const conversation = await openConversation(context, {
      browser,
      relayEnv: { RELAY_CALLS_PER_MINUTE: '1000' },
    });
    const sides: Sides = { caller: conversation.sender, callee: conversation.receiver };
    const setup: number[] = [];
    let ghosts = 0;
    try {
      const chatId = chatOf(sides.caller.page);
      for (const { page } of [sides.caller, sides.callee]) await probeCalls(page);
      for (let n = 0; n < WARM_UP; n += 1) {
        await call(sides, chatId, n === 0 ? 'audio' : 'video');
        await hangUp(sides);
      }
      const before = [await heapOf(sides.caller), await heapOf(sides.callee)];
      for (let n = 0; n < all; n += 1) {
        const type = n < timed ? 'video' : 'audio';
        const { pressed, pictures } = await call(sides, chatId, type);
        if (type === 'video') setup.push(pictures.caller - pressed, pictures.callee - pressed);
        if (!(await hangUp(sides))) ghosts += 1;
      }
      const after = [await heapOf(sides.caller), await heapOf(sides.callee)];
      const grown = Math.max(...after.map((bytes, n) => bytes - (before[n] ?? 0))) / 1e6;
      return { method: method(timed, all), figures: figures(setup, all, ghosts, grown), refused: [] };
    } finally {
      await conversation.close();
      await browser.close();
    }
  },
};

const method = (timed: number, all: number): string =>
  `Two main processes and two pages in one browser with its own devices (a microphone that beeps, a camera that moves) on one ` +
  `node, all on this machine, without STUN or TURN. ${timed} video calls: from the click on "Accept with video" to the first frame of ` +
  `the other side's camera that was presented, on both sides; the click comes a second after the ring is seen, and the caller has made its offer by then. Then ${all - timed} audio calls. ` +
  `A ghost is a call after whose end a connection or a device of either page is open a second later. The page's heap after two full ` +
  `collections, before and after all of them, ${WARM_UP} calls after the start: the larger growth of both pages.`;

function figures(setup: readonly number[], all: number, ghosts: number, grown: number): Figure[] {
  const summary = summarize(setup);
  return [
    {
      name: 'calls.p50',
      what: 'accepted to first picture, p50',
      value: summary.p50,
      unit: 'ms',
      budget: { atMost: 400 },
      summary,
    },
    {
      name: 'calls.p95',
      what: 'accepted to first picture, p95',
      value: summary.p95,
      unit: 'ms',
      budget: { atMost: 1_200 },
      summary,
    },
    {
      name: 'calls.ghosts',
      what: `calls of ${String(all)} in a row that left something`,
      value: ghosts,
      unit: '',
      budget: { atMost: 0 },
    },
    {
      name: 'calls.heap',
      what: 'growth of a page’s heap over all of them',
      value: grown,
      unit: 'MB',
      budget: { atMost: 10 },
    },
  ];
}
