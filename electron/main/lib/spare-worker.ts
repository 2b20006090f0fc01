/**
 * A thread that is started before it is known what for. Node needs as long to start one as a database to open; at the
 * app's start it does so beside the loading of the services, on another core.
 */
import { Worker } from 'node:worker_threads';

let spare: { script: string; worker: Worker } | null = null;

function drop(): void {
  spare?.worker.off('error', drop).off('exit', drop);
  spare = null;
}

/** Starts a thread for the next `takeWorker` with the same script. It does not keep the process alive. */
export function prepareWorker(script: URL): void {
  if (spare !== null) return;
  spare = { script: script.href, worker: new Worker(script) };
  spare.worker.unref();
  // Whoever takes the next one meets the same error, and tells it.
  spare.worker.once('error', drop).once('exit', drop);
}

/** The thread that was prepared, or a new one. */
export function takeWorker(script: URL): Worker {
  const worker = spare?.script === script.href ? spare.worker : null;
  if (!worker) return new Worker(script);
  drop();
  worker.ref();
  return worker;
}
