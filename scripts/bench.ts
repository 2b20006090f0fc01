/**
 * `npm run bench`: the figures of docs/BENCHMARKS.md. `-- --only NAME` runs one, `-- --quick` a tenth; see `-- --help`.
 */
import { needsApp, runBench } from '../tests/bench/run.ts';
import { findBrowser } from './lib/browser.ts';
import { buildBundles } from './lib/bundles.ts';
import { runMain, Stop } from './lib/say.ts';

await runMain(async () => {
  const args = process.argv.slice(2);
  const withApp = needsApp(args);
  const browser = withApp ? findBrowser() : null;
  if (withApp && browser === null)
    throw new Stop('The benchmarks need Chrome, Chromium or Edge: install one, or name it in RELAY_BROWSER.');
  if (withApp) await buildBundles();
  const { broken } = await runBench(args, browser);
  return broken > 0 ? 1 : 0;
});
