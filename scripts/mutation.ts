/**
 * Puts small faults into the core, one at a time and in memory only, and sees whether the tests notice: `npm run
 * mutation -- [--room NAME] [--only PATH] [--sample N] [--seed N] [--since REF]`. A room's score is the part of the faults
 * that they do. docs/TESTING.md has the last figures and says how it works.
 */
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT } from './lib/paths.ts';
import { scoreOf, survivorsOf, table } from './lib/mutation/report.ts';
import { ROOMS } from './lib/mutation/rooms.ts';
import { type RoomResult, runRoom, type Tried } from './lib/mutation/run.ts';
import { sampleOf } from './lib/mutation/sample.ts';
import { runMain, say, seconds, Stop } from './lib/say.ts';

/** Where the report goes; never committed. */
const FOLDER = join(ROOT, 'out', 'mutation');

function numberOf(value: string | undefined, name: string): number | null {
  if (value === undefined) return null;
  const number = Number(value);
  if (!Number.isInteger(number) || number < 0) throw new Stop(`--${name} takes a whole number`);
  return number;
}

/** Files that are not as they were at a commit, those that nobody has added included. */
function changedSince(ref: string): Set<string> {
  const git = (...args: string[]): string[] => execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).split('\n');
  return new Set([...git('diff', '--name-only', ref, '--'), ...git('ls-files', '--others', '--exclude-standard')]);
}

await runMain(async () => {
  const { values } = parseArgs({
    options: {
      room: { type: 'string', multiple: true },
      only: { type: 'string' },
      sample: { type: 'string' },
      seed: { type: 'string' },
      since: { type: 'string' },
      tests: { type: 'boolean', default: false },
    },
  });
  const sample = numberOf(values.sample, 'sample');
  const seed = numberOf(values.seed, 'seed') ?? 1;
  const changed = values.since === undefined ? null : changedSince(values.since);
  const wanted = ROOMS.filter(({ name }) => values.room === undefined || values.room.includes(name));
  if (wanted.length === 0) throw new Stop(`no such room; there are ${ROOMS.map(({ name }) => name).join(', ')}`);
  const choose = (mutants: readonly Tried[]): readonly Tried[] => {
    const asked = mutants.filter(
      ({ file }) => (values.only === undefined || file.includes(values.only)) && (!changed || changed.has(file)),
    );
    return sampleOf(asked, sample ?? asked.length, seed);
  };

  mkdirSync(FOLDER, { recursive: true });
  const results: RoomResult[] = [];
  for (const room of wanted) {
    say(`\n=== ${room.name}`);
    const file = join(FOLDER, room.name.replaceAll('/', '-'));
    // A room may take an hour: what was tried is there line by line, should the run be stopped.
    rmSync(`${file}.part.jsonl`, { force: true });
    const result = await runRoom({
      root: ROOT,
      room,
      choose,
      say: values.tests ? say : () => undefined,
      onTried: (tried, done, of) => {
        appendFileSync(`${file}.part.jsonl`, `${JSON.stringify(tried)}\n`);
        if (done % 100 === 0 || done === of) say(`${String(done)} of ${String(of)}`);
      },
    });
    results.push(result);
    for (const line of survivorsOf(result)) say(line);
    say(
      `${room.name}: ${scoreOf(result.tried).toFixed(1)} % of ${String(result.tried.length)} in ${seconds(result.ms)}`,
    );
    writeFileSync(`${file}.json`, JSON.stringify(result, null, 1));
    rmSync(`${file}.part.jsonl`, { force: true });
  }
  const report = [...table(results), '', ...results.flatMap(survivorsOf)];
  writeFileSync(join(FOLDER, 'report.md'), `${report.join('\n')}\n`);
  say(`\n${table(results).join('\n')}\n\nsurvivors: out/mutation/report.md`);
});
