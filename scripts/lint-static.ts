/** Checks every file of the application against lib/static-rules.ts. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from './lib/paths.ts';
import { staticBreaches } from './lib/static-rules.ts';

/** Every breach as a line. @param root the folder of the project. */
export function lintStatic(root: string): { files: number; problems: string[] } {
  const files = ['electron', 'renderer', 'contract'].flatMap((room) =>
    readdirSync(join(root, room), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(ts|vue)$/.test(entry.name))
      .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll(sep, '/')),
  );
  const problems = files.flatMap((file) =>
    staticBreaches(file, readFileSync(join(root, file), 'utf8')).map(({ rule, line }) => `${file}:${line}: ${rule}`),
  );
  return { files: files.length, problems };
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { files, problems } = lintStatic(ROOT);
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  if (problems.length === 0) process.stdout.write(`static rules: ${files} files, nothing found\n`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
