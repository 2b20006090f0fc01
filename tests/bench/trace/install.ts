/** Puts the instruments of a trace into a process, before anything of its own runs. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isMainThread } from 'node:worker_threads';
import { now, Recorder } from './recorder.ts';

/** `main`: the stand-in with the application. `start`: the same, with the moments of its start. `node`: the relay. */
export const TRACE_ROLES = ['main', 'start', 'node'] as const;
export type TraceRole = (typeof TRACE_ROLES)[number];

export function isTraceRole(word: string | undefined): word is TraceRole {
  return TRACE_ROLES.some((role) => role === word);
}

/** The recorder of this process; null in a thread, whose times go to its main with its answers. */
export async function installTrace(role: TraceRole): Promise<Recorder | null> {
  if (!isMainThread) {
    if (role !== 'node') (await import('./store-tap.ts')).tapStoreThread();
    return null;
  }
  const begun = now();
  const recorder = new Recorder();
  const { tapConnections, tapRequests } = await import('./net-tap.ts');
  if (role === 'node') {
    const { tapCommits } = await import('./node-tap.ts');
    tapConnections(recorder, 'server');
    tapRequests(recorder, ({ method, url }) => `${method} ${url}`);
    tapCommits(recorder);
    return recorder;
  }
  const { tapBridge } = await import('./bridge-tap.ts');
  const { tapStoreCalls } = await import('./store-tap.ts');
  tapConnections(recorder, 'client');
  tapBridge(recorder);
  tapStoreCalls(recorder);
  if (role === 'start') {
    const { tapStart } = await import('./start-tap.ts');
    tapStart(recorder, { begun, ...application() });
  }
  return recorder;
}

/** The application's folder and the file that its main starts with, as modules are named. */
function application(): { folder: string; main: string } {
  const appDir = process.argv.find((word) => word.startsWith('--app='))?.slice('--app='.length);
  if (appDir === undefined) throw new Error('the start of what is to be traced?');
  const manifest = JSON.parse(readFileSync(join(appDir, 'package.json'), 'utf8')) as { main: string };
  const folder = pathToFileURL(join(appDir, '/')).href;
  return { folder, main: new URL(manifest.main, folder).href };
}
