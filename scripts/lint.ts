/**
 * `npm run lint`: ESLint room by room, who may import whom, words, what no file may do, what a package may be, unused
 * code; two at a time. Exits with 1 when something is found. One ESLint process for everything would need more memory
 * than Node takes by itself.
 */
import { join } from 'node:path';
import { atOnce } from './lib/at-once.ts';
import { ROOT } from './lib/paths.ts';
import { binOf, runNode } from './lib/process.ts';
import { ROOMS } from './lib/rooms.ts';
import { runMain, say } from './lib/say.ts';

const eslint = (args: readonly string[]): string[] => [
  binOf('eslint', 'bin/eslint.js'),
  '--max-warnings',
  '0',
  ...args,
];
const elsewhere = ROOMS.flat().flatMap((room) => ['--ignore-pattern', `${room}/**`]);

const AT_ONCE = 2;

const STEPS: readonly string[][] = [
  // Largest first, so that both workers finish at about the same time.
  ...ROOMS.toReversed().map(eslint),
  eslint(['.', ...elsewhere]),
  [binOf('dependency-cruiser', 'bin/dependency-cruiser.mjs'), ...ROOMS.flat(), '--config', '.dependency-cruiser.mjs'],
  [join(ROOT, 'scripts/lint-i18n.ts')],
  [join(ROOT, 'scripts/lint-static.ts')],
  [join(ROOT, 'scripts/lint-dependencies.ts')],
  [binOf('knip', 'bin/knip.js')],
];

await runMain(async () => {
  const codes = await atOnce(
    AT_ONCE,
    STEPS.map((step) => async () => (await runNode(step, {})).code),
  );
  const worst = Math.max(...codes);
  if (worst === 0) say('lint: nothing found');
  return worst === 0 ? 0 : 1;
});
