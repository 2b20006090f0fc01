/**
 * The integration, security and chaos tests once more, with the relays on PostgreSQL: a real server where there is one, else
 * PGlite. Arguments are handed on to vitest.
 */
import { missingServer } from '../tests/helpers/postgres/server.ts';
import { binOf, runNode } from './lib/process.ts';
import { runMain, say } from './lib/say.ts';

await runMain(async () => {
  const missing = missingServer();
  if (missing !== null) say(`no PostgreSQL server, so the relays live on PGlite: ${missing}`);
  const env = { ...process.env, RELAY_TEST_DATABASE: missing === null ? 'postgres' : 'pglite' };
  const projects = ['integration', 'security', 'chaos'].flatMap((name) => ['--project', name]);
  const args = [binOf('vitest', 'vitest.mjs'), 'run', ...projects, ...process.argv.slice(2)];
  return (await runNode(args, { env })).code;
});
