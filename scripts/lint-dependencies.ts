/** Checks the packages of the lock file against lib/dependency-policy.ts. What is not used at all is Knip's to find. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { LockFile, Manifest, policyBreaches } from './lib/dependency-policy.ts';
import { ROOT } from './lib/paths.ts';

const Licensed = z.object({
  license: z.union([z.string(), z.object({ type: z.string() })]).optional(),
  licenses: z.array(z.object({ type: z.string() })).optional(),
});

const read = (path: string): unknown => JSON.parse(readFileSync(join(ROOT, path), 'utf8'));

/** What a package says of itself; older ones say it in other words. */
function licenceOf(path: string): string | null {
  const manifest = join(path, 'package.json');
  if (!existsSync(join(ROOT, manifest))) return null;
  const { license, licenses } = Licensed.parse(read(manifest));
  if (license !== undefined) return typeof license === 'string' ? license : license.type;
  return licenses?.map(({ type }) => type).join(' OR ') ?? null;
}

const lock = LockFile.parse(read('package-lock.json'));
const npmrc = readFileSync(join(ROOT, '.npmrc'), 'utf8');
const problems = policyBreaches(lock, Manifest.parse(read('package.json')), npmrc, licenceOf);
for (const problem of problems) process.stderr.write(`${problem}\n`);
if (problems.length === 0)
  process.stdout.write(`dependencies: ${String(Object.keys(lock.packages).length - 1)} packages, nothing found\n`);
process.exitCode = problems.length === 0 ? 0 : 1;
