/**
 * A mutation run over one room: every test file once without a fault, to learn which mutants it meets and how long it
 * takes, then each mutant against the files that meet it, the quickest first, until one fails.
 */
import { globSync, readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { instrument } from './instrument.ts';
import { type Mutant, mutantsOf } from './mutators.ts';
import type { Room } from './rooms.ts';
import { type FileRun, TestProcess } from './test-process.ts';

export type Outcome = 'killed' | 'late' | 'survived' | 'not met';

export interface Tried extends Mutant {
  id: number;
  /** From the project's folder, with slashes. */
  file: string;
  /** The line it stands on. */
  source: string;
  outcome: Outcome;
  /** The test file that found it. */
  by: string | null;
}

export interface RoomResult {
  room: string;
  /** How many mutants the room has; fewer are tried where a sample was asked for. */
  mutants: number;
  tried: Tried[];
  ms: number;
}

export interface RunOptions {
  root: string;
  room: Room;
  /** Which mutants are tried, of all that the room has. */
  choose: (mutants: readonly Tried[]) => readonly Tried[];
  /** Hears of each mutant as it is done. */
  onTried?: (tried: Tried, done: number, of: number) => void;
  say?: (line: string) => void;
}

interface TestFile {
  file: string;
  ms: number;
  asked: ReadonlyMap<number, number>;
}

/** A test that waits for something longer than this, with a fault on, will not see it any more. */
const LEAST_TEST_MS = 1_500;
/** Processes side by side: most of what a mutant costs is a test that waits for what does not come. */
const LANES = 3;
/** Mutants of a process; what faults leave behind in it is not to pile up. */
const MOST_RUNS = 400;

function filesOf(root: string, globs: readonly string[]): string[] {
  return [...new Set(globs.flatMap((glob) => globSync(glob, { cwd: root })))].sort().map((file) => resolve(root, file));
}

/** The room's mutants, numbered, and its sources with all of them built in. */
function readRoom(root: string, room: Room): { mutants: Tried[]; texts: Map<string, string> } {
  const mutants: Tried[] = [];
  const texts = new Map<string, string>();
  for (const path of filesOf(root, room.sources)) {
    const source = readFileSync(path, 'utf8');
    const lines = source.split('\n');
    const own = mutantsOf(source);
    texts.set(path, instrument(source, own, mutants.length));
    const file = relative(root, path).replaceAll('\\', '/');
    for (const mutant of own)
      mutants.push({
        ...mutant,
        id: mutants.length,
        file,
        source: lines[mutant.line - 1]?.trim() ?? '',
        outcome: 'not met',
        by: null,
      });
  }
  return { mutants, texts };
}

export async function runRoom({ root, room, choose, onTried, say }: RunOptions): Promise<RoomResult> {
  const started = performance.now();
  const { mutants, texts } = readRoom(root, room);
  const tests = filesOf(root, room.tests);
  const lanes: TestProcess[] = [];
  const open = async (): Promise<TestProcess> => {
    const lane = await TestProcess.open({ root, tests, sourceOf: (file) => texts.get(file) ?? null });
    lanes.push(lane);
    return lane;
  };
  try {
    const files = await dryRun(await open(), tests, say);
    const chosen = choose(mutants);
    const waiting = [...chosen];
    let done = 0;
    const work = async (lane: TestProcess): Promise<void> => {
      for (let runs = 1, next = waiting.shift(); next; runs += 1, next = waiting.shift()) {
        if (runs % MOST_RUNS === 0) lane.renew();
        await tryMutant(lane, next, files, root);
        done += 1;
        onTried?.(next, done, chosen.length);
      }
    };
    while (lanes.length < Math.min(LANES, chosen.length)) await open();
    await Promise.all(lanes.map(work));
    return { room: room.name, mutants: mutants.length, tried: [...chosen], ms: performance.now() - started };
  } finally {
    await Promise.all(lanes.map((lane) => lane.close()));
  }
}

async function tryMutant(lane: TestProcess, mutant: Tried, files: readonly TestFile[], root: string): Promise<void> {
  const meeting = files.filter(({ asked }) => asked.has(mutant.id)).sort((a, b) => a.ms - b.ms);
  mutant.outcome = meeting.length === 0 ? 'not met' : 'survived';
  for (const test of meeting) {
    const outcome = await tryOne(lane, mutant.id, test);
    if (outcome === 'survived') continue;
    mutant.outcome = outcome;
    mutant.by = relative(root, test.file).replaceAll('\\', '/');
    return;
  }
}

/** Every test file without a fault, twice: only the second time is as quick as it will be. */
async function dryRun(
  process: TestProcess,
  tests: readonly string[],
  say: (line: string) => void = () => undefined,
): Promise<TestFile[]> {
  const files: TestFile[] = [];
  for (const file of tests) {
    let run: FileRun | null = null;
    for (let n = 0; n < 2; n += 1) {
      run = await process.run(file, { active: null, mostAsked: 0, testTimeoutMs: null }, 300_000);
      if (run.end !== 'passed') throw new Error(`${file} fails without a fault: ${run.end}, ${run.problem ?? ''}`);
      if (run.asked.size === 0) break;
    }
    if (run && run.asked.size > 0) files.push({ file, ms: run.ms, asked: run.asked });
    say(`${file}: ${String(Math.round(run?.ms ?? 0))} ms, meets ${String(run?.asked.size ?? 0)}`);
  }
  return files;
}

async function tryOne(process: TestProcess, id: number, { file, ms, asked }: TestFile): Promise<Outcome> {
  const testTimeoutMs = Math.round(LEAST_TEST_MS + 2 * ms);
  const order = { active: id, mostAsked: 10_000 + 100 * (asked.get(id) ?? 0), testTimeoutMs };
  const limitMs = 3 * testTimeoutMs;
  let run = await process.run(file, order, limitMs);
  if (run.end === 'broken') {
    // What an earlier fault has left behind may have thrown: only a fresh process tells.
    process.renew();
    run = await process.run(file, order, limitMs + 5_000);
  }
  if (run.end === 'passed') return 'survived';
  if (run.end !== 'late') return 'killed';
  return 'late';
}
