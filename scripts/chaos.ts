/**
 * Long-running tests of the reliability promises: `node scripts/chaos.ts --long` runs the promised numbers and prints a
 * table; without it, a tenth of them. `--seed N` replays a run.
 */
import { parseArgs } from 'node:util';
import { runFaults } from '../tests/chaos/faults.ts';
import { KILL_STEPS, runDrops, runKills } from '../tests/chaos/kills.ts';

const { values } = parseArgs({
  options: { long: { type: 'boolean', default: false }, seed: { type: 'string' }, only: { type: 'string' } },
});
const seed = values.seed === undefined ? Math.floor(Math.random() * 1_000_000) : Number(values.seed);
if (!Number.isInteger(seed)) {
  process.stderr.write('--seed takes a whole number\n');
  process.exit(2);
}
const scale = values.long ? 1 : 0.1;
const messages = Math.round(10_000 * scale);
const rounds = Math.max(1, Math.round(50 * scale));
const drops = Math.round(200 * scale);
const say = (line: string): void => void process.stdout.write(`${line}\n`);

interface Row {
  what: string;
  lost: number;
  doubles: number;
  disordered: number;
  note: string;
  isGood: boolean;
}

const rows: Row[] = [];
const wants = (name: string): boolean => values.only === undefined || values.only === name;
say(`seed ${seed}`);

for (const withKeys of [true, false]) {
  if (!wants(withKeys ? 'keys' : 'no-keys')) continue;
  const result = await runFaults({
    seed,
    messages,
    withKeys,
    chance: 0.01,
    killEveryMs: 1_500,
    limitMs: 6 * 3_600_000,
    say,
  });
  const allowed = withKeys ? 0 : messages / 1000;
  rows.push({
    what: `${messages} messages, faults, kills; ${withKeys ? 'with keys' : 'without keys'}`,
    lost: result.lost,
    doubles: result.doubles,
    disordered: result.disordered,
    note: `${result.kills} kills, ${Object.entries(result.faults)
      .map(([name, n]) => `${name} ${n}`)
      .join(
        ', ',
      )}; ${result.unmarked} doubles unmarked, ${result.undecided} asked, stores ${result.storesEqual ? 'equal' : 'DIFFER'}, ${result.seconds} s`,
    isGood:
      result.lost === 0 &&
      result.doubles <= allowed &&
      result.disordered === 0 &&
      result.unmarked === 0 &&
      result.storesEqual,
  });
}
if (wants('kills')) {
  for (const step of KILL_STEPS) {
    const result = await runKills(step, rounds, seed);
    rows.push({
      what: `main killed at ${step} x ${rounds}`,
      lost: result.lost,
      doubles: result.doubles,
      disordered: result.disordered,
      note: `${result.killed} killed, ${result.stuck} stuck`,
      isGood: result.lost + result.doubles + result.disordered + result.stuck === 0 && result.killed === rounds,
    });
    say(`${step}: ${result.killed} of ${rounds} killed, ${result.lost} lost, ${result.doubles} double`);
  }
}
if (wants('drops')) {
  for (const withKeys of [true, false]) {
    const result = await runDrops({ drops, perSecond: 20, seed, withKeys });
    rows.push({
      what: `socket dropped ${drops} times at 20/s; ${withKeys ? 'with keys' : 'without keys'}`,
      lost: drops - result.equal,
      doubles: 0,
      disordered: 0,
      note: `equal ${result.equal} of ${drops}, gap filled p50 ${result.filledP50} ms, p95 ${result.filledP95} ms`,
      isGood: result.equal === drops && result.filledP95 < 2_000,
    });
  }
}

say(`\n| what | lost | double | out of order | |\n|---|---|---|---|---|`);
for (const row of rows)
  say(
    `| ${row.what} | ${row.lost} | ${row.doubles} | ${row.disordered} | ${row.isGood ? '' : 'FAILED; '}${row.note} |`,
  );
if (rows.some((row) => !row.isGood)) {
  say(`\nreplay with: node scripts/chaos.ts${values.long ? ' --long' : ''} --seed ${seed}`);
  process.exitCode = 1;
}
