/** `npm run build`: the three bundles in out/. `-- --force` also builds what has not changed. */
import { buildBundles } from './lib/bundles.ts';
import { runMain, say } from './lib/say.ts';

await runMain(async () => {
  const built = await buildBundles(process.argv.includes('--force'));
  say(built.length > 0 ? `Built: ${built.join(', ')}.` : 'Nothing has changed since the last build.');
});
