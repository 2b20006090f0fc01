/** Every screen in light and dark: no finding of axe, and nothing that breaks the page's security policy. */
import { expect } from '@playwright/test';
import { test } from '../helpers/app.ts';
import { tour } from '../helpers/app-tour.ts';
import { spawnRelay } from '../helpers/relay-process.ts';
import { lookAt } from './lib/axe.ts';

test('axe finds nothing on any screen, light and dark', async ({ launch }) => {
  // Some twenty screens, each looked at whole, and its colours twice.
  test.setTimeout(480_000);
  const relay = await spawnRelay();
  try {
    const app = await launch({ server: relay.url });
    const findings: string[] = [];
    const seen: string[] = [];
    await tour({
      app,
      relay,
      async visit(name, page) {
        seen.push(name);
        findings.push(...(await lookAt(page, name)));
      },
    });
    expect(findings).toEqual([]);
    expect(seen.length).toBeGreaterThan(20);
  } finally {
    await relay.close();
  }
});
