/** Main's side of one store thread: calls become messages, answers become promises. */
import { takeWorker } from '../../lib/spare-worker.ts';
import type { Logger } from '../ports.ts';
import { StoreError } from '../../lib/store-problem.ts';
import type { Remote, StoreOpened, WorkerReply, WorkerRequest, WorkerSetup, WorkerStart } from './protocol.ts';

interface Waiting {
  resolve(value: unknown): void;
  reject(error: StoreError): void;
}

/** A running thread and its operations. */
export interface StoreThread<Operations> {
  readonly api: Remote<Operations>;
  readonly opened: StoreOpened;
  /** Finishes pending calls, closes the database and ends the thread. */
  close(): Promise<void>;
}

/**
 * Starts a thread and waits until its database is open.
 * @throws {StoreError} when it cannot be opened.
 */
export function startStoreThread<Operations>(
  url: URL,
  setup: WorkerSetup,
  logger: Logger,
): Promise<StoreThread<Operations>> {
  const worker = takeWorker(url);
  worker.postMessage({ setup } satisfies WorkerStart);
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  let isClosed = false;

  const call = (name: string, input: unknown): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (isClosed) {
        reject(new StoreError('closed', name));
        return;
      }
      lastId += 1;
      waiting.set(lastId, { resolve, reject });
      worker.postMessage({ id: lastId, name, input } satisfies WorkerRequest);
    });
  // The operations' types are the worker's own: an unknown name fails the caller's type check.
  const api = new Proxy({} as Remote<Operations>, {
    get: (_target, name) =>
      typeof name === 'string' && name !== 'then' ? (input: unknown) => call(name, input) : undefined,
  });

  const failAll = (problem: 'closed' | 'failed', message: string): void => {
    isClosed = true;
    for (const pending of waiting.values()) pending.reject(new StoreError(problem, message));
    waiting.clear();
  };
  const ended = new Promise<void>((resolve) => {
    worker.once('exit', () => {
      failAll('closed', 'the store has ended');
      resolve();
    });
  });
  const close = async (): Promise<void> => {
    if (!isClosed) worker.postMessage('close');
    await ended;
  };

  return new Promise((resolve, reject) => {
    void ended.then(() => reject(new StoreError('closed', 'the store has ended')));
    worker.on('message', (reply: WorkerReply) => {
      switch (reply.kind) {
        case 'ready':
          resolve({ api, opened: reply.opened, close });
          break;
        case 'failed_to_open':
          reject(new StoreError(reply.problem, reply.message));
          break;
        case 'log':
          logger[reply.level](reply.event, reply.fields);
          break;
        case 'value':
          waiting.get(reply.id)?.resolve(reply.value);
          waiting.delete(reply.id);
          break;
        case 'error':
          waiting.get(reply.id)?.reject(new StoreError(reply.problem, reply.message));
          waiting.delete(reply.id);
          break;
      }
    });
    worker.once('error', (error: Error) => {
      logger.error('store.thread_failed', { role: setup.role, reason: error.message.slice(0, 200) });
      failAll('failed', 'the store thread failed');
      reject(new StoreError('failed', 'the store thread failed'));
    });
  });
}
