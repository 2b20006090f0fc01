/** The entry of a store's thread: the database is opened here and nowhere else, so that nothing blocks main. */
import { parentPort, workerData } from 'node:worker_threads';
import { problemOf } from './problems.ts';
import type { WorkerReply, WorkerRequest, WorkerSetup } from './protocol.ts';
import { startThread, type Thread } from './thread.ts';

const port = parentPort;
if (!port) throw new Error('the store runs in a thread of its own');

const say = (reply: WorkerReply): void => port.postMessage(reply);
const setup = workerData as WorkerSetup;

let thread: Thread | null = null;
try {
  thread = startThread(setup, (level, event, fields = {}) => say({ kind: 'log', level, event, fields }));
  say({ kind: 'ready', opened: thread.opened });
} catch (error) {
  say({ kind: 'failed_to_open', problem: problemOf(error), message: error instanceof Error ? error.name : 'unknown' });
  port.close();
}

port.on('message', (request: WorkerRequest | 'close') => {
  if (!thread) return;
  if (request === 'close') {
    thread.close();
    port.close();
    return;
  }
  say(thread.answer(request));
});
