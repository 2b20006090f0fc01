/** Type-checks every part of the project with its own tsconfig, two at a time. Exits with 1 when one of them fails. */
import { spawn } from 'node:child_process';
import { atOnce } from './lib/at-once.ts';
import { ROOT } from './lib/paths.ts';
import { binOf } from './lib/process.ts';
import { runMain, say, seconds } from './lib/say.ts';

const TSC = binOf('typescript', 'bin/tsc');
const VUE_TSC = binOf('vue-tsc', 'bin/vue-tsc.js');

/** Largest first, so that both workers finish at about the same time. */
const ROOMS: readonly { room: string; checker: string }[] = [
  { room: 'renderer', checker: VUE_TSC },
  { room: 'tests', checker: TSC },
  { room: 'electron/main', checker: TSC },
  { room: 'relay', checker: TSC },
  { room: 'host', checker: TSC },
  { room: 'scripts', checker: TSC },
  { room: 'build', checker: TSC },
  { room: 'electron/preload', checker: TSC },
  { room: 'contract', checker: TSC },
];

const AT_ONCE = 2;

async function check({ room, checker }: (typeof ROOMS)[number]): Promise<boolean> {
  const started = Date.now();
  const child = spawn(process.execPath, [checker, '--noEmit', '-p', room], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const keep = (chunk: Buffer): void => void (output += chunk.toString());
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  say(`${code === 0 ? 'ok  ' : 'FAIL'} ${room} (${seconds(Date.now() - started)})`);
  if (code !== 0) say(output);
  return code === 0;
}

await runMain(async () => {
  const results = await atOnce(
    AT_ONCE,
    ROOMS.map((room) => () => check(room)),
  );
  return results.every(Boolean) ? 0 : 1;
});
