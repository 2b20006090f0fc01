/**
 * `npm run lint`: ESLint room by room, who may import whom, words, what no file may do, what a package may be, unused code. Exits with 1 when something is found. One
 * ESLint process for everything would need more memory than Node takes by itself.
 */
import { join } from 'node:path';
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

const STEPS: readonly string[][] = [
  ...ROOMS.map(eslint),
  eslint(['.', ...elsewhere]),
  [binOf('dependency-cruiser', 'bin/dependency-cruiser.mjs'), ...ROOMS.flat(), '--config', '.dependency-cruiser.mjs'],
  [join(ROOT, 'scripts/lint-i18n.ts')],
  [join(ROOT, 'scripts/lint-static.ts')],
  [join(ROOT, 'scripts/lint-dependencies.ts')],
  [binOf('knip', 'bin/knip.js')],
];

await runMain(async () => {
  let worst = 0;
  for (const step of STEPS) worst = Math.max(worst, (await runNode(step, {})).code);
  if (worst === 0) say('lint: nothing found');
  return worst === 0 ? 0 : 1;
});
