/** Reads the numbers of passed and failed tests, and the names of the failed ones, from the reports of the two test runners. */

export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
  /** What failed, one line each: file, name, and the beginning of the error. */
  failures: string[];
}

/** How much of an error a summary has room for: the first line seldom says what was wrong, the whole would push the others out. */
const ERROR_LINES = 8;
const ERROR_CHARS = 500;

/** The beginning of an error in one line, without the colours of a terminal. */
function inOneLine(message = ''): string {
  const lines = message
    .replace(/\u001b\[[0-9;]*m/g, '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('at '));
  return lines.slice(0, ERROR_LINES).join(' | ').slice(0, ERROR_CHARS);
}

const failure = (place: string, name: string, message: string | undefined): string =>
  [place, name, inOneLine(message)].filter((part) => part !== '').join(' › ');

interface VitestFile {
  name: string;
  status: string;
  message?: string;
  assertionResults: { status: string; fullName: string; failureMessages?: string[] | null }[];
}

interface VitestReport {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults: VitestFile[];
}

/** A file that failed although none of its tests did: it did not start, or its process ended in the middle of it. */
function brokenFile({ name, message, assertionResults }: VitestFile): string {
  const stopped = assertionResults.find(({ status }) => status === 'pending');
  const at = stopped ? `its process ended before its tests did, at “${stopped.fullName}”` : '';
  return failure(name, at, message);
}

/** Counts of vitest's JSON report. A broken file counts as one failure. */
export function vitestCounts(text: string): Counts {
  const report = JSON.parse(text) as VitestReport;
  const broken = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && assertionResults.every((assertion) => assertion.status !== 'failed'),
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    skipped: report.numPendingTests + report.numTodoTests,
    failures: [
      ...report.testResults.flatMap(({ name, assertionResults }) =>
        assertionResults
          .filter(({ status }) => status === 'failed')
          .map(({ fullName, failureMessages }) => failure(name, fullName, failureMessages?.[0])),
      ),
      ...broken.map(brokenFile),
    ],
  };
}

/** What failed outside of every test (see test-reporters.ts), one line each. */
export const unhandledFailures = (text: string): string[] =>
  (JSON.parse(text) as string[]).map((message) => failure('outside of a test', '', message));

interface PlaywrightSuite {
  specs?: {
    title: string;
    file: string;
    line: number;
    ok: boolean;
    tests: { results: { errors: { message?: string }[] }[] }[];
  }[];
  suites?: PlaywrightSuite[];
}

interface PlaywrightReport {
  stats: { expected: number; unexpected: number; flaky: number; skipped: number };
  suites: PlaywrightSuite[];
  errors: { message?: string }[];
}

function playwrightFailures({ specs = [], suites = [] }: PlaywrightSuite): string[] {
  const own = specs
    .filter(({ ok }) => !ok)
    .map(({ title, file, line, tests }) => {
      const errors = tests.flatMap(({ results }) => results.flatMap((result) => result.errors));
      return failure(`${file}:${String(line)}`, title, errors[0]?.message);
    });
  return [...own, ...suites.flatMap(playwrightFailures)];
}

/** Counts of Playwright's JSON report; tests that pass only on a retry count as failed. */
export function playwrightCounts(text: string): Counts {
  const { stats, suites, errors } = JSON.parse(text) as PlaywrightReport;
  return {
    passed: stats.expected,
    failed: stats.unexpected + stats.flaky + errors.length,
    skipped: stats.skipped,
    failures: [...suites.flatMap(playwrightFailures), ...errors.map(({ message }) => failure('', '', message))],
  };
}
