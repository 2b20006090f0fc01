/**
 * `npm test`: everything that must hold, in one run. Each step runs even if an earlier one failed; the last line gives
 * the number of passed and failed tests, where a failed step that is not a test counts as one.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildBundles } from './lib/bundles.ts';
import { testBrowser } from './lib/install-browser.ts';
import { ROOT } from './lib/paths.ts';
import { binOf, runNode, runNpm } from './lib/process.ts';
import { runMain, say, seconds, warn } from './lib/say.ts';
import { playwrightCounts, unhandledFailures, vitestCounts, type Counts } from './lib/test-counts.ts';
import { REPORT_FILE, unhandledFile } from './lib/test-reporters.ts';

interface Step {
  name: string;
  run(report: string, env: NodeJS.ProcessEnv): Promise<number>;
  /** Parses the report; without it the step counts only when it fails. */
  counts?: (text: string) => Counts;
}

interface Outcome {
  name: string;
  ms: number;
  code: number;
  counts: Counts;
}

const node = async (args: string[], env: NodeJS.ProcessEnv): Promise<number> => (await runNode(args, { env })).code;

function vitest(name: string, projects: string[]): Step {
  return {
    name,
    counts: vitestCounts,
    run: (report, env) => {
      const wanted = projects.flatMap((project) => ['--project', project]);
      const args = [binOf('vitest', 'vitest.mjs'), 'run', '--passWithNoTests', ...wanted];
      return node(args, { ...env, [REPORT_FILE]: report });
    },
  };
}

/** Run in sequence: each of them keeps two cores busy by itself. */
const STEPS: readonly Step[] = [
  { name: 'types', run: (_report, env) => node([join(ROOT, 'scripts/typecheck.ts')], env) },
  { name: 'lint', run: async (_report, env) => (await runNpm(['run', '--silent', 'lint'], { env })).code },
  vitest('unit', ['unit']),
  vitest('integration and security', ['integration', 'security']),
  vitest('chaos (short set)', ['chaos']),
  {
    name: 'browser',
    counts: playwrightCounts,
    run: async (report, env) => {
      await buildBundles();
      const browser = await testBrowser();
      const args = [binOf('@playwright/test', 'cli.js'), 'test', '--reporter=list,json'];
      return node(args, { ...env, RELAY_BROWSER: browser, PLAYWRIGHT_JSON_OUTPUT_FILE: report });
    },
  },
];

async function runStep(step: Step, folder: string): Promise<Outcome> {
  say(`\n=== ${step.name}`);
  const started = Date.now();
  const report = join(folder, `${step.name.replace(/\W+/g, '-')}.json`);
  let code = 1;
  let counts: Counts = { passed: 0, failed: 0, skipped: 0, failures: [] };
  try {
    code = await step.run(report, process.env);
    if (step.counts) counts = step.counts(readFileSync(report, 'utf8'));
    if (existsSync(unhandledFile(report))) {
      const texts = unhandledFailures(readFileSync(unhandledFile(report), 'utf8'));
      counts = { ...counts, failures: [...counts.failures, ...texts] };
    }
  } catch (error) {
    warn(error instanceof Error ? error.message : String(error));
    code = 1;
  }
  if (code !== 0 && counts.failed === 0) counts = { ...counts, failed: 1 };
  return { name: step.name, ms: Date.now() - started, code, counts };
}

/** What failed, a table of what ran, and the last line: a log that is cut at its beginning still names the fault. */
function summary(outcomes: Outcome[], total: number): string[] {
  const width = Math.max(...outcomes.map(({ name }) => name.length));
  const lines = outcomes.map(({ name, ms, code, counts }) => {
    const tests = counts.passed + counts.failed > 0 ? `${counts.passed} passed, ${counts.failed} failed` : '';
    const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : '';
    return `${code === 0 ? 'ok  ' : 'FAIL'} ${name.padEnd(width)} ${seconds(ms).padStart(8)}  ${tests}${skipped}`;
  });
  const sum = (pick: (counts: Counts) => number): number => outcomes.reduce((all, { counts }) => all + pick(counts), 0);
  const failed = sum((counts) => counts.failed);
  const failures = outcomes.flatMap(({ name, counts }) => counts.failures.map((text) => `failed in ${name}: ${text}`));
  return [
    '',
    ...failures,
    ...lines,
    `total ${seconds(total)}`,
    `${sum((counts) => counts.passed)} passed, ${failed} failed`,
  ];
}

await runMain(async () => {
  // Ctrl+C reaches the current step too; when that has ended, stop.
  let interrupted = false;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => (interrupted = true));
  const wanted = process.argv.slice(2);
  const folder = mkdtempSync(join(tmpdir(), 'relay-reports-'));
  const outcomes: Outcome[] = [];
  const started = Date.now();
  try {
    for (const step of STEPS) {
      if (interrupted) return 130;
      if (wanted.length > 0 && !wanted.some((word) => step.name.startsWith(word))) continue;
      outcomes.push(await runStep(step, folder));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  for (const line of summary(outcomes, Date.now() - started)) say(line);
  return outcomes.every(({ code, counts }) => code === 0 && counts.failed === 0) ? 0 : 1;
});
