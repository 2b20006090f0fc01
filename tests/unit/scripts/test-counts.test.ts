import { describe, expect, it } from 'vitest';
import { playwrightCounts, unhandledFailures, vitestCounts } from '../../../scripts/lib/test-counts.ts';

const file = (status: string, ...assertions: string[]) => ({
  name: 'a.test.ts',
  status,
  message: assertions.length === 0 ? 'no such module\n  at line 3' : '',
  assertionResults: assertions.map((assertion) => ({
    status: assertion,
    fullName: `a list ${assertion}`,
    failureMessages: assertion === 'failed' ? ['\u001b[31mexpected 1 to be 2\u001b[39m\n  at line 7'] : [],
  })),
});

describe('counts of vitest', () => {
  const report = (numPassedTests: number, numFailedTests: number, testResults: unknown[]): string =>
    JSON.stringify({ numPassedTests, numFailedTests, numPendingTests: 2, numTodoTests: 1, testResults });

  it('adds what passed, failed and was skipped', () => {
    const text = report(3, 1, [file('passed', 'passed', 'passed'), file('failed', 'passed', 'failed')]);
    const failures = ['a.test.ts › a list failed › expected 1 to be 2'];
    expect(vitestCounts(text)).toEqual({ passed: 3, failed: 1, skipped: 3, failures });
  });

  it('counts a file that did not even start as a failure', () => {
    const counts = vitestCounts(report(1, 0, [file('passed', 'passed'), file('failed')]));
    expect(counts).toMatchObject({ failed: 1, failures: ['a.test.ts › no such module'] });
    expect(vitestCounts(report(1, 0, [file('failed', 'passed')])).failed).toBe(1);
  });

  it('names the test at which the process of a file ended', () => {
    const counts = vitestCounts(report(1, 0, [file('failed', 'passed', 'pending', 'pending')]));
    expect(counts).toMatchObject({
      failed: 1,
      failures: ['a.test.ts › its process ended before its tests did, at “a list pending”'],
    });
  });
});

it('names what failed outside of a test', () => {
  const text = JSON.stringify(['[vitest-pool]: Worker forks emitted error.\nWorker exited unexpectedly']);
  expect(unhandledFailures(text)).toEqual([
    'outside of a test › [vitest-pool]: Worker forks emitted error. | Worker exited unexpectedly',
  ]);
});

describe('counts of Playwright', () => {
  it('takes what passed only at a second try, and errors outside tests, for failures', () => {
    const stats = { expected: 5, unexpected: 1, flaky: 1, skipped: 2 };
    const spec = (title: string, ok: boolean, message: string) => {
      return { title, file: 'b.spec.ts', line: 4, ok, tests: [{ results: [{ errors: [{ message }] }] }] };
    };
    const suites = [
      {
        specs: [spec('opens', true, '')],
        suites: [
          { specs: [spec('closes', false, 'timed out:\n\n  - the list\n    at line 3\n' + 'much\n'.repeat(20))] },
        ],
      },
    ];
    expect(playwrightCounts(JSON.stringify({ stats, suites, errors: [{ message: 'no browser' }] }))).toEqual({
      passed: 5,
      failed: 3,
      skipped: 2,
      failures: [`b.spec.ts:4 › closes › timed out: | - the list | ${'much | '.repeat(5)}much`, 'no browser'],
    });
  });
});
