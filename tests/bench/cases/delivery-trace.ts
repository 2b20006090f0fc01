/** Where the time of a delivery goes: every process stamps each message, and the stamps make a way of hops. */
import type { RunningApp } from '../lib/app.ts';
import { PROBE } from '../lib/app.ts';
import type { BenchContext, CaseOutcome } from '../lib/case.ts';
import { CALM_GAP_MS, type Delivery, MESSAGE_PREFIX, openConversation, sendOneByOne } from '../lib/conversation.ts';
import { openHostLink, type HostLink } from '../lib/host-link.ts';
import { clockOffset, readClock, type Reading } from '../trace/clocks.ts';
import { BESIDE, DELIVERY_WAY } from '../trace/delivery-way.ts';
import { summarizeWays } from '../trace/hops.ts';
import { pageStamps } from '../trace/page-trace.ts';
import { namePeers, placed, type Place, type PlacedStamp, type Stamp } from '../trace/stamp.ts';
import { besideFigures, hopFigures, incompleteFigure } from '../trace/trace-figures.ts';
import { between, follow, turnsOf, type Turn } from '../trace/way.ts';
import { present } from '../lib/markup.ts';

const WARM_UP = 20;

/** One process or page whose stamps are wanted. */
interface Source {
  place: Place;
  now(): Promise<number>;
  take(): Promise<Stamp[]>;
}

function processSource(place: Place, link: HostLink): Source {
  return { place, now: () => link.now(), take: () => link.takeTrace() };
}

function pageSource(place: Place, { page }: RunningApp): Source {
  return {
    place,
    now: async () => present(await page.evaluate(() => window.relayBench?.now())),
    take: () => pageStamps(page),
  };
}

function linkOf({ main }: RunningApp): HostLink {
  if (!main) throw new Error('the app was started without instruments');
  return main;
}

/** What the pages' probes have noted of each message: its key here, its text and its painting there. */
function deliveryStamps(deliveries: readonly Delivery[]): { pressed: Stamp[]; seen: Stamp[] } {
  const stamp = (kind: Stamp['kind'], word: number, at: number): Stamp => ({
    at,
    kind,
    op: '',
    words: [word],
    port: null,
  });
  return {
    pressed: deliveries.map(({ word, pressed }) => stamp('key', word, pressed)),
    seen: deliveries.flatMap(({ word, shown, painted }) => [
      stamp('shown', word, shown),
      ...(painted === null ? [] : [stamp('painted', word, painted)]),
    ]),
  };
}

interface Gathered {
  stamps: PlacedStamp[];
  /** The widest doubt about a clock, milliseconds. */
  uncertain: number;
  /** Clocks that were put right, in words. */
  shifted: string[];
}

async function gather(context: BenchContext, count: number): Promise<Gathered> {
  const nodeLink = await openHostLink();
  const conversation = await openConversation(context, {
    isTraced: true,
    relayEnv: {
      NODE_OPTIONS: `--import=${PROBE}`,
      RELAY_BENCH_PROBE: String(nodeLink.port),
      RELAY_BENCH_TRACE: 'node',
    },
  });
  try {
    const { sender, receiver } = conversation;
    const links = [linkOf(sender), linkOf(receiver), nodeLink] as const;
    const sources = [
      pageSource('page A', sender),
      processSource('main A', links[0]),
      processSource('node', nodeLink),
      processSource('main B', links[1]),
      pageSource('page B', receiver),
    ];
    const readings = new Map<Source, Reading[]>();
    const readClocks = async (): Promise<void> => {
      for (const source of sources) {
        readings.set(source, [...(readings.get(source) ?? []), ...(await readClock(() => source.now()))]);
      }
    };
    for (const link of links) await link.startTrace(MESSAGE_PREFIX);
    await readClocks();
    const deliveries = await sendOneByOne(conversation, { count, seed: context.seed, gap: CALM_GAP_MS });
    await readClocks();
    const { pressed, seen } = deliveryStamps(deliveries);
    const stamps: PlacedStamp[] = [];
    const shifted: string[] = [];
    let uncertain = 0;
    for (const source of sources) {
      const offset = clockOffset(readings.get(source) ?? []);
      if (!offset.ok) throw new Error(`${source.place}: ${offset.reason}`);
      uncertain = Math.max(uncertain, offset.uncertain);
      if (offset.ahead !== 0) shifted.push(`${source.place} by ${(-offset.ahead).toFixed(2)} ms`);
      const told = source.place === 'page A' ? pressed : source.place === 'page B' ? seen : [];
      stamps.push(...placed(source.place, [...(await source.take()), ...told], offset.ahead));
    }
    stamps.sort((one, other) => one.at - other.at);
    return { stamps: namePeers(stamps, ['main A', 'main B']), uncertain, shifted };
  } finally {
    await conversation.close();
    nodeLink.close();
  }
}

/** As `BenchCase.trace`. */
export async function traceDelivery(context: BenchContext): Promise<CaseOutcome> {
  const count = context.quick ? 100 : 1000;
  const { stamps, uncertain, shifted } = await gather(context, count + WARM_UP);
  const turns = turnsOf(stamps).slice(WARM_UP);
  const within = turns.map((turn) => ({ turn, own: stampsOf(stamps, turn) }));
  const outcome = summarizeWays(within.map(({ turn, own }) => follow(DELIVERY_WAY, own, turn)));
  const clocks =
    `The clocks of the five processes agree within ${uncertain.toFixed(2)} ms as far as questions and answers can tell` +
    `${shifted.length > 0 ? `; put right: ${shifted.join(', ')}` : ''}.`;
  const method =
    `The same way as "delivery" without a trace, ${count} messages after ${WARM_UP} to warm up, with stamps in both pages, both ` +
    `mains, the threads of their stores and the node. Instruments are put in before each program's own code and cost time of ` +
    `their own: the whole is to be read from the run without them. Each line is the time from the moment in the line above to ` +
    `this one; shares are of the time of all messages together. ${clocks}`;
  if (!outcome.ok) return { method, figures: [], refused: [`the hops: ${outcome.reason}`] };
  const { hops } = outcome;
  const met = [hops.start, ...hops.hops.map(({ key }) => key)];
  const unmet = DELIVERY_WAY.filter(({ key }) => !met.includes(key)).map(({ what }) => what);
  const measured = BESIDE.map(({ key, what, pair }) => ({
    key,
    what,
    values: within.flatMap(({ turn, own }) => between(pair, own, turn) ?? []),
  }));
  return {
    method: unmet.length === 0 ? method : `${method} Not met on this way: ${unmet.join('; ')}.`,
    figures: [
      incompleteFigure('delivery.trace', 'messages', hops),
      ...hopFigures(hops, { prefix: 'delivery.trace', whole: 'key to shown', way: DELIVERY_WAY }),
      ...besideFigures('delivery.trace', measured, hops.complete),
    ],
    refused: [],
  };
}

/** A little more than the turn itself: the exact bounds are the way's own. `stamps` are sorted. */
function stampsOf(stamps: readonly PlacedStamp[], { from, until }: Turn): PlacedStamp[] {
  return stamps.filter(({ at }) => at >= from - 10 && at < until + 10);
}
