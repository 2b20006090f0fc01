/** Runs the benchmarks, prints the table and writes `out/bench/result.json` and, for the documentation, `result.md`. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { burstCase } from './cases/burst.ts';
import { callsCase } from './cases/calls.ts';
import { deliveryCase } from './cases/delivery.ts';
import { linksCase } from './cases/links.ts';
import { growthCase } from './cases/growth.ts';
import { heapCase } from './cases/heap.ts';
import { musicCase } from './cases/music.ts';
import { openCase } from './cases/open.ts';
import { relayCase } from './cases/relay.ts';
import { scriptSizeCase } from './cases/script-size.ts';
import { scrollCase } from './cases/scroll.ts';
import { searchCase } from './cases/search.ts';
import { startCase } from './cases/start.ts';
import { togetherCase } from './cases/together.ts';
import { transfersCase } from './cases/transfers.ts';
import { typingCase } from './cases/typing.ts';
import { besideCase } from './cases/beside.ts';
import { xmppCase } from './cases/xmpp.ts';
import type { BenchCase } from './lib/case.ts';
import { openContext } from './lib/context.ts';
import { describeMachine } from './lib/machine.ts';
import { measureNoise, tooNoisy } from './lib/noise.ts';
import { parseOptions } from './lib/options.ts';
import { markdown, table, tally, type CaseResult } from './lib/report.ts';

const ROOT = resolve(import.meta.dirname, '../..');

const CASES: readonly BenchCase[] = [
  startCase,
  deliveryCase,
  scriptSizeCase,
  openCase,
  scrollCase,
  typingCase,
  burstCase,
  searchCase,
  heapCase,
  relayCase,
  transfersCase,
  besideCase,
  callsCase,
  linksCase,
  togetherCase,
  musicCase,
  xmppCase,
  growthCase,
];

const TRACEABLE = CASES.filter((one) => 'trace' in one).map(({ name }) => name);

const HELP = `npm run bench -- [--only NAME[,NAME]] [--quick] [--trace] [--seed N]

${CASES.map(({ name, title }) => `  ${name.padEnd(10)} ${title}`).join('\n')}

--quick takes a tenth of the data and of the rounds: it shows that everything runs, its figures are not to be quoted.
--trace tells where the time goes, hop by hop, in the place of the figures: ${TRACEABLE.join(', ')}.`;

/** A figure that misses its budget is no failure of the run: the table says it. A case that breaks is. */
export interface RunOutcome {
  missed: number;
  broken: number;
}

function parse(args: readonly string[]): ReturnType<typeof parseOptions> {
  return parseOptions(
    args,
    CASES.map(({ name }) => name),
    TRACEABLE,
  );
}

function chosen({ only }: { only: readonly string[] }): BenchCase[] {
  return CASES.filter(({ name }) => only.length === 0 || only.includes(name));
}

/** Whether what the words ask for needs the application and a browser; when in doubt, yes. */
export function needsApp(args: readonly string[]): boolean {
  const parsed = parse(args);
  return !parsed.ok || (!parsed.options.help && chosen(parsed.options).some(({ withoutApp }) => withoutApp !== true));
}

/**
 * @param args the words after the script's name.
 * @param browserPath a Chromium browser's file; null where `needsApp` says no.
 * @param built the folder with the bundles in `out/`.
 */
export async function runBench(args: readonly string[], browserPath: string | null, built = ROOT): Promise<RunOutcome> {
  const parsed = parse(args);
  if (!parsed.ok) throw new Error(`${parsed.reason}\n\n${HELP}`);
  const { options } = parsed;
  if (options.help) {
    print(HELP);
    return { missed: 0, broken: 0 };
  }
  const machine = describeMachine(browserPath);
  const noise = await measureNoise();
  print(
    `${machine.cores} cores (${machine.processor}), ${machine.memoryGiB} GiB, Node ${machine.node}, ${machine.browser}`,
  );
  print(
    `seed ${options.seed}${options.quick ? ', quick' : ''}; load ${noise.load.toFixed(1)}, idle timer p99 ${noise.timerP99.toFixed(1)} ms\n`,
  );

  const noisy = tooNoisy(noise);
  if (noisy !== null) print(`NOT TO BE QUOTED: ${noisy}; the times below tell more of that than of the program.\n`);

  const { context, close } = await openContext({
    browserPath,
    quick: options.quick,
    seed: options.seed,
    built,
    say: (line) => print(`    ${line}`),
  });
  const results: CaseResult[] = [];
  let broken = 0;
  try {
    for (const one of chosen(options)) {
      print(`  ${one.name}: ${one.title} ...`);
      const begun = performance.now();
      const title = { name: one.name, title: one.title };
      const seconds = (): number => Math.round((performance.now() - begun) / 100) / 10;
      try {
        const outcome = options.trace && one.trace ? one.trace(context) : one.run(context);
        results.push({ ...title, ...(await outcome), seconds: seconds() });
      } catch (error) {
        broken += 1;
        const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
        print(reason);
        results.push({
          ...title,
          method: '',
          figures: [],
          refused: [`it broke: ${reason.split('\n')[0]}`],
          seconds: seconds(),
        });
      }
    }
  } finally {
    await close();
  }
  const { met, missed } = tally(results);
  print(`\n${table(results)}\n`);
  const file = await store({ machine, noise, noisy, options, results });
  print(`${met} met, ${missed} missed${broken > 0 ? `, ${broken} broken` : ''}. ${file}`);
  return { missed, broken };
}

async function store(report: { results: readonly CaseResult[]; [part: string]: unknown }): Promise<string> {
  const folder = join(ROOT, 'out/bench');
  await mkdir(folder, { recursive: true });
  const file = join(folder, 'result.json');
  const at = new Date().toISOString();
  await writeFile(file, `${JSON.stringify({ at, ...report }, null, 2)}\n`);
  await writeFile(join(folder, 'result.md'), `${markdown(report.results)}\n`);
  return file;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
