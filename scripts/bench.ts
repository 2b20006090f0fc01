/**
 * `npm run bench`: the figures of docs/BENCHMARKS.md. `-- --only NAME` runs one, `-- --quick` a tenth; see `-- --help`.
 */
import { runBench } from '../tests/bench/run.ts';
import { findBrowser } from './lib/browser.ts';
import { buildBundles } from './lib/bundles.ts';
import { runMain, Stop } from './lib/say.ts';

await runMain(async () => {
  const browser = findBrowser();
  if (browser === null)
    throw new Stop('The benchmarks need Chrome, Chromium or Edge: install one, or name it in RELAY_BROWSER.');
  await buildBundles();
  const { broken } = await runBench(process.argv.slice(2), browser);
  return broken > 0 ? 1 : 0;
});
