/** Collects what a page complains of: errors on its console, scripts that failed, breaches of its security policy. */
import type { Page } from '@playwright/test';

/** Watches the page for its life. What matches one of `expected` does not count. */
export async function watchProblems(page: Page, problems: string[], expected: RegExp[]): Promise<void> {
  const keep = (problem: string): void => {
    if (!expected.some((pattern) => pattern.test(problem))) problems.push(problem);
  };
  page.on('pageerror', (error) => keep(`script: ${error.stack ?? error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') keep(`console: ${message.text()} (${message.location().url})`);
  });
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      console.error(`content security policy: ${event.violatedDirective} stopped ${event.blockedURI} ${event.sample}`);
    });
  });
}
