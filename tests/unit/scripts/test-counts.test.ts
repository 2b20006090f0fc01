import { describe, expect, it } from 'vitest';
import { playwrightCounts, vitestCounts } from '../../../scripts/lib/test-counts.ts';

const file = (status: string, ...assertions: string[]) => ({
  status,
  assertionResults: assertions.map((assertion) => ({ status: assertion })),
});

describe('counts of vitest', () => {
  const report = (numPassedTests: number, numFailedTests: number, testResults: unknown[]): string =>
    JSON.stringify({ numPassedTests, numFailedTests, numPendingTests: 2, numTodoTests: 1, testResults });

  it('adds what passed, failed and was skipped', () => {
    const text = report(3, 1, [file('passed', 'passed', 'passed'), file('failed', 'passed', 'failed')]);
    expect(vitestCounts(text)).toEqual({ passed: 3, failed: 1, skipped: 3 });
  });

  it('counts a file that did not even start as a failure', () => {
    expect(vitestCounts(report(1, 0, [file('passed', 'passed'), file('failed')])).failed).toBe(1);
    expect(vitestCounts(report(1, 0, [file('failed', 'passed')])).failed).toBe(1);
  });
});

describe('counts of Playwright', () => {
  it('takes what passed only at a second try, and errors outside tests, for failures', () => {
    const stats = { expected: 5, unexpected: 1, flaky: 1, skipped: 2 };
    expect(playwrightCounts(JSON.stringify({ stats, errors: [{}] }))).toEqual({ passed: 5, failed: 3, skipped: 2 });
  });
});
