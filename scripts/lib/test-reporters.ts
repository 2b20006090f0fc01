/** What vitest reports to: the terminal, and in a run of `npm test` two files that are counted afterwards. */
import { writeFileSync } from 'node:fs';
import type { Reporter, TestUserConfig } from 'vitest/node';

/** The environment's name for the file of the JSON report. */
export const REPORT_FILE = 'RELAY_TEST_REPORT';

/** What failed outside of every test, beside the report. */
export const unhandledFile = (report: string): string => `${report}.unhandled`;

/**
 * Writes errors that nobody caught, and processes that ended before their tests did, as an array of texts: the JSON
 * report has none of them.
 */
function unhandledReporter(file: string): Reporter {
  return {
    onTestRunEnd(_modules, errors) {
      const texts = errors.map(({ message, cause }) => (cause ? `${message}\n${cause.message}` : message));
      writeFileSync(file, JSON.stringify(texts));
    },
  };
}

/** The reporters of this run. */
export function testReporters(env: NodeJS.ProcessEnv): NonNullable<TestUserConfig['reporters']> {
  const report = env[REPORT_FILE];
  if (report === undefined) return ['default'];
  return ['default', ['json', { outputFile: report }], unhandledReporter(unhandledFile(report))];
}
