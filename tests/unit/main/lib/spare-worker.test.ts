import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { prepareWorker, takeWorker } from '../../../../electron/main/lib/spare-worker.ts';

const ECHO = `import { parentPort, threadId } from 'node:worker_threads';
parentPort.on('message', (word) => parentPort.postMessage([word, threadId]));`;

let folder: string;
const running: Worker[] = [];
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'relay-spare-'))));
afterEach(async () => {
  for (const worker of running.splice(0)) await worker.terminate();
  rmSync(folder, { recursive: true });
});

function script(name: string, text = ECHO): URL {
  const path = join(folder, name);
  writeFileSync(path, text);
  return pathToFileURL(path);
}

function take(url: URL): Worker {
  const worker = takeWorker(url);
  running.push(worker);
  return worker;
}

async function idOf(worker: Worker): Promise<number> {
  worker.postMessage('hello');
  const [[word, id]] = (await once(worker, 'message')) as [[string, number]];
  expect(word).toBe('hello');
  return id;
}

test('what was prepared is handed out once, then threads are new', async () => {
  const url = script('echo.mjs');
  prepareWorker(url);
  prepareWorker(url);
  const [first, second] = [take(url), take(url)];
  const ids = [await idOf(first), await idOf(second)];
  // Threads are numbered as they are started: none was started between the two.
  expect(ids[1]).toBe((ids[0] ?? 0) + 1);
});

test('a thread of another script is new, and what was prepared stays for its own', async () => {
  const [url, other] = [script('echo.mjs'), script('other.mjs')];
  prepareWorker(url);
  const ids = [await idOf(take(other)), await idOf(take(url))];
  expect(ids[1]).toBe((ids[0] ?? 0) - 1);
});

test('one that failed before it was needed brings nothing down, and the next one is new', async () => {
  const ran = join(folder, 'ran');
  const url = script(
    'broken.mjs',
    `import { writeFileSync } from 'node:fs'; writeFileSync(${JSON.stringify(ran)}, ''); throw new Error('no such thing');`,
  );
  prepareWorker(url);
  await expect.poll(() => existsSync(ran)).toBe(true);
  writeFileSync(url, ECHO);
  // Its error may still be on the way: whoever takes it then is told of it.
  const first = take(url);
  await Promise.race([idOf(first), once(first, 'exit')]).catch(() => 'the error itself');
  expect(await idOf(take(url))).toBeGreaterThan(0);
});
