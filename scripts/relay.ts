/** `npm run relay`: a relay node in the foreground, configured by the environment. See relay/README.md. */
import { join } from 'node:path';
import { ROOT } from './lib/paths.ts';
import { runNode } from './lib/process.ts';
import { runMain } from './lib/say.ts';

await runMain(async () => {
  const { code } = await runNode([join(ROOT, 'relay', 'server.ts'), ...process.argv.slice(2)]);
  return code;
});
