/** What becomes slower as a relay grows: the same steps on nodes of several sizes, in one run. */
import type { BenchCase, BenchContext } from '../lib/case.ts';
import type { LoopRecord } from '../lib/host-link.ts';
import { openBenchNode, plainNode } from '../growth/bench-node.ts';
import { DEEP, fillRelay, type RelaySize } from '../growth/fill-relay.ts';
import { blockFigure, growthFigure, type Sample } from '../growth/growth-figures.ts';
import { GROWTH_ROWS, WATCHED_ROWS, type GrowthWorld } from '../growth/rows.ts';

const SIZES: readonly Pick<RelaySize, 'people' | 'messages'>[] = [
  { people: 1000, messages: 10_000 },
  { people: 10_000, messages: 300_000 },
  { people: 100_000, messages: 3_000_000 },
];
const CROWD = 2000;
const SOCKETS = 5000;
const STARTS = 3;

/** The same, and everything a tenth with `--quick`: enough people for the rows that name some. */
function sizesOf({ quick }: BenchContext): RelaySize[] {
  const share = quick ? 10 : 1;
  return SIZES.map(({ people, messages }) => ({
    people: Math.max(200, people / share),
    messages: messages / share,
    crowd: CROWD / share,
  }));
}

/** Start times, milliseconds. */
async function timeStarts(dataDir: string): Promise<number[]> {
  const times: number[] = [];
  for (let n = 0; n < STARTS; n += 1) {
    const begun = performance.now();
    const node = await plainNode(dataDir);
    times.push(performance.now() - begun);
    await node.stop();
    await node.close();
  }
  return times;
}

const sampleOf = (times: number[], { longestWall, longestCpu }: LoopRecord): Sample => ({
  times,
  block: longestWall,
  computed: longestCpu,
});

/** What one size brought. */
interface Measured {
  starts: number[];
  /** By row. */
  samples: Map<string, Sample>;
}

async function measureSize(context: BenchContext, size: RelaySize): Promise<Measured> {
  const dataDir = await context.folder(`growth-${size.people}`);
  const builder = await plainNode(dataDir);
  await builder.stop();
  await builder.close();
  context.say(`${size.people} people, ${size.messages} messages: writing`);
  await fillRelay(dataDir, size, context.seed, (line) => context.say(line));
  const starts = await timeStarts(dataDir);
  const samples = new Map<string, Sample>();
  const node = await openBenchNode(dataDir);
  try {
    const answer = await node.call('POST', '/admin/login', null, { username: 'admin', password: node.adminPassword });
    const { token: adminToken } = answer as { token: string };
    const share = context.quick ? 10 : 1;
    const world: GrowthWorld = {
      node,
      size,
      rounds: context.quick ? 10 : 50,
      sockets: SOCKETS / share,
      adminToken,
    };
    for (const row of GROWTH_ROWS) {
      const staged = await row.stage(world);
      const { value, loop } = await node.watch(() => staged.run());
      await staged.end();
      samples.set(row.name, sampleOf(value, loop));
      context.say(`${size.people}: ${row.name} done`);
    }
    for (const row of WATCHED_ROWS) samples.set(row.name, sampleOf([], await row.watch(world)));
  } finally {
    await node.close();
  }
  return { starts, samples };
}

export const growthCase: BenchCase = {
  name: 'growth',
  title: 'the relay as it grows',
  withoutApp: true,
  async run(context) {
    const sizes = sizesOf(context);
    const bySize: Measured[] = [];
    for (const size of sizes) bySize.push(await measureSize(context, size));
    const samplesOf = (name: string): Sample[] => bySize.flatMap(({ samples }) => samples.get(name) ?? []);
    const figures = [
      growthFigure(
        { name: 'start', what: 'start of the node, until it is ready' },
        bySize.map(({ starts }) => ({ times: starts })),
      ),
      ...GROWTH_ROWS.flatMap((row) => {
        const samples = samplesOf(row.name);
        return [growthFigure(row, samples), blockFigure(row.name, row.name, samples)];
      }),
      ...WATCHED_ROWS.map(({ name, what }) => blockFigure(name, what, samplesOf(name))),
    ];
    return {
      method:
        `A node as its own process on each of ${sizes.length} databases: ${sizes.map(({ people, messages }) => `${people} people with ${messages} messages`).join(', ')}, ` +
        `written by SQL into a folder that the node had made (half of the messages in ${DEEP} deep chats, the rest evenly), and a crowd of ${sizes[0]?.crowd ?? 0} beside them. ` +
        `Each row is the same steps on each node, one after the other over loopback; the value is the median on the largest through that on the smallest, with at least half a ` +
        `millisecond for each, and the times stand beside it. The block is the longest time for which a timer of 2 ms in the node's process was kept waiting during the row, whatever ` +
        `kept it: computing, a disk that is slow to answer, or other processes on the same cores.`,
      figures,
      refused: [],
    };
  },
};
