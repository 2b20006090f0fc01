/** Reads the numbers of passed and failed tests, and the names of the failed ones, from the reports of the two test runners. */

export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
  /** What failed, one line each: file, name, and the first line of the error. */
  failures: string[];
}

/** The first line of an error, without the colours of a terminal. */
function firstLine(message = ''): string {
  const [line = ''] = message.replace(/\u001b\[[0-9;]*m/g, '').split('\n', 1);
  return line.slice(0, 200);
}

const failure = (place: string, name: string, message: string | undefined): string =>
  [place, name, firstLine(message)].filter((part) => part !== '').join(' › ');

interface VitestReport {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  /** Files that failed before any of their tests ran count as one failure each. */
  testResults: {
    name: string;
    status: string;
    message?: string;
    assertionResults: { status: string; fullName: string; failureMessages?: string[] | null }[];
  }[];
}

/** Counts of vitest's JSON report. */
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
      ...broken.map(({ name, message }) => failure(name, '', message)),
    ],
  };
}

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
