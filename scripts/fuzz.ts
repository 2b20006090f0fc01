/** `npm run fuzz [-- MINUTES]`: the relay's schema-driven fuzz, for 30 minutes unless another time is given. */
import { binOf, runNode } from './lib/process.ts';
import { runMain, warn } from './lib/say.ts';

const USUAL_MINUTES = 30;

await runMain(async () => {
  const minutes = Number(process.argv[2] ?? USUAL_MINUTES);
  if (!(minutes > 0)) {
    warn('npm run fuzz takes a number of minutes');
    return 2;
  }
  const args = [binOf('vitest', 'vitest.mjs'), 'run', '--project', 'security', 'tests/security/relay/fuzz.test.ts'];
  return (await runNode(args, { env: { ...process.env, RELAY_FUZZ_MINUTES: String(minutes) } })).code;
});
