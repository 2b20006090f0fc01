/** Entry point of a store's thread: the database is opened here and nowhere else, so that nothing blocks main. */
import { parentPort } from 'node:worker_threads';
import { problemOf } from '../../lib/store-problem.ts';
import type { WorkerReply, WorkerRequest, WorkerSetup, WorkerStart } from './protocol.ts';
import { startThread, type Thread } from './thread.ts';

const port = parentPort;
if (!port) throw new Error('the store runs in a thread of its own');

const post = (reply: WorkerReply): void => port.postMessage(reply);

/** Milliseconds for which the start has the thread to itself. */
const QUIET_AFTER_MS = 1000;
/** Milliseconds after a failure: a full disk may have room later. */
const RETRY_MS = 60_000;

/** Does deferred work in parts, and between them leaves as much time for calls as a part took. */
function workOn(working: Thread): void {
  const begun = performance.now();
  try {
    if (working.work()) waiting = setTimeout(workOn, performance.now() - begun, working);
  } catch (error) {
    post({ kind: 'log', level: 'warn', event: 'store.work_put_off', fields: { reason: problemOf(error) } });
    waiting = setTimeout(workOn, RETRY_MS, working);
  }
}

let thread: Thread | null = null;
let waiting: NodeJS.Timeout | undefined;

function open(setup: WorkerSetup): void {
  try {
    thread = startThread(setup, (level, event, fields = {}) => post({ kind: 'log', level, event, fields }));
    post({ kind: 'ready', opened: thread.opened });
    waiting = setTimeout(workOn, QUIET_AFTER_MS, thread);
  } catch (error) {
    const message = error instanceof Error ? error.name : 'unknown';
    post({ kind: 'failed_to_open', problem: problemOf(error), message });
    port?.close();
  }
}

// The thread may have been started before it was known for which account.
port.once('message', ({ setup }: WorkerStart) => {
  port.on('message', (request: WorkerRequest | 'close') => {
    if (!thread) return;
    if (request === 'close') {
      clearTimeout(waiting);
      thread.close();
      port.close();
      return;
    }
    post(thread.answer(request));
  });
  open(setup);
});
