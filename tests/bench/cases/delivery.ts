/** From the key that sends to the text on the other side: two real apps, one real node, over loopback. */
import type { BenchCase } from '../lib/case.ts';
import { CALM_GAP_MS, openConversation, sendOneByOne } from '../lib/conversation.ts';
import { summarize } from '../lib/stats.ts';
import { traceDelivery } from './delivery-trace.ts';

/** Numbers of the messages at a person's pace begin here, away from the others'. */
const CALM_FIRST = 100_000;

export const deliveryCase: BenchCase = {
  name: 'delivery',
  title: 'send to shown at the other side, loopback',
  async run(context) {
    const count = context.quick ? 100 : 1000;
    const warmUp = 20;
    const conversation = await openConversation(context);
    try {
      const calmly = await sendOneByOne(conversation, {
        count: count / 2 + warmUp,
        ...{ seed: context.seed + 1, gap: CALM_GAP_MS, first: CALM_FIRST },
      });
      const calm = summarize(calmly.slice(warmUp).map((one) => one.shown - one.pressed));
      const all = await sendOneByOne(conversation, { count: count + warmUp, seed: context.seed });
      const counted = all.slice(warmUp);
      const shown = counted.map((one) => one.shown - one.pressed);
      const paintedAfter = counted.flatMap((one) => (one.painted === null ? [] : [one.painted - one.pressed]));
      const summary = summarize(shown);
      const painting = summarize(paintedAfter);
      return {
        method:
          `Two main processes and two pages on one node, all on this machine. A real key press (Enter) in page A is stamped ` +
          `when the browser received it; in page B a MutationObserver stamps the text when it stands in the document. ` +
          `${count} messages one after the other, 2-40 ms apart at random, after ${warmUp} to warm up: most of them go by ` +
          `request, since over the socket the app sends ten a second. ${count / 2} before them, 100-140 ms apart, all go over ` +
          `the socket, as a person's do. In between lie: the ` +
          `commit of A's outbox (synchronous=FULL), the node's commit (FULL), its fan-out, B's commit, and the push to page B. ` +
          `The stand-in's bridge is a WebSocket; Electron's own channel is shorter.`,
        figures: [
          {
            name: 'delivery.calm.p50',
            what: "at a person's pace: shown at the other side, p50",
            value: calm.p50,
            unit: 'ms',
            budget: { atMost: 10 },
            summary: calm,
          },
          {
            name: 'delivery.calm.p99',
            what: "at a person's pace: shown at the other side, p99",
            value: calm.p99,
            unit: 'ms',
            budget: { atMost: 50 },
            summary: calm,
          },
          {
            name: 'delivery.p50',
            what: 'shown at the other side, p50',
            value: summary.p50,
            unit: 'ms',
            budget: { atMost: 10 },
            summary,
          },
          {
            name: 'delivery.p99',
            what: 'shown at the other side, p99',
            value: summary.p99,
            unit: 'ms',
            budget: { atMost: 50 },
            summary,
          },
          {
            name: 'delivery.painted.p50',
            what: 'painted at the other side, p50 (with the wait for the next frame)',
            value: painting.p50,
            unit: 'ms',
            budget: null,
            summary: painting,
          },
        ],
        refused: [],
      };
    } finally {
      await conversation.close();
    }
  },
  trace: traceDelivery,
};
