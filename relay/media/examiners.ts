/** Keeps the processes that examine files: started when there is work, replaced when they die, ended when idle. */
import { fork, type ChildProcess } from 'node:child_process';
import { join, resolve } from 'node:path';
import { Report, type Examine, type Found } from './child/messages.ts';

export interface ExaminersOptions {
  /** The only folder that they may read and write. */
  folder: string;
  /** Processes at the same time. */
  atOnce: number;
  /** Milliseconds for one file; then its process is killed. */
  fileMs: number;
  /** Milliseconds a file may wait for its turn; then it is not examined. */
  waitMs: number;
  /** Milliseconds until a process without work is ended. */
  idleMs: number;
  /** Why a file could not be read to its end, or that its process died: for the log. */
  onFailure: (mimeType: string, reason: string) => void;
  /** The program; another one in tests. */
  program?: string;
}

export interface Examiners {
  /** Resolves when everything was found, the process died, or the time was up: with all that was reported. */
  examine(path: string, mimeType: string): Promise<Found[]>;
  close(): void;
}

interface Task {
  path: string;
  mimeType: string;
  found: Found[];
  finish: () => void;
}

interface Worker {
  child: ChildProcess;
  task: Task | null;
  /** Of the task: a report of an earlier one is ignored. */
  id: number;
  timer: NodeJS.Timeout;
}

const ROOT = resolve(import.meta.dirname, '../..');
const HEAP_MIB = 256;

/** Reads the program and its libraries, writes drafts, starts nothing. Addons are needed for pictures. */
function rights(folder: string): string[] {
  return [
    '--permission',
    '--allow-addons',
    `--allow-fs-read=${join(ROOT, 'relay', 'media')}`,
    `--allow-fs-read=${join(ROOT, 'contract')}`,
    `--allow-fs-read=${join(ROOT, 'package.json')}`,
    `--allow-fs-read=${join(ROOT, 'node_modules')}`,
    `--allow-fs-read=${folder}`,
    `--allow-fs-write=${folder}`,
  ];
}

/** Nothing of the node's environment, which may hold its secrets, but what the system needs to start a program. */
function environment(): Record<string, string> {
  const kept = ['SystemRoot', 'TEMP', 'TMP'].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(kept), NODE_NO_WARNINGS: '1' };
}

export function createExaminers(options: ExaminersOptions): Examiners {
  const {
    folder,
    atOnce,
    fileMs,
    waitMs,
    idleMs,
    onFailure,
    program = join(import.meta.dirname, 'child', 'examiner.ts'),
  } = options;
  const waiting: Task[] = [];
  const workers = new Set<Worker>();
  let closed = false;
  let lastId = 0;

  /** Ends a process; the file it was at keeps the facts that were found. */
  function end(worker: Worker, reason?: string): void {
    clearTimeout(worker.timer);
    workers.delete(worker);
    worker.child.removeAllListeners();
    worker.child.on('error', () => undefined);
    worker.child.kill('SIGKILL');
    if (worker.task && reason !== undefined) onFailure(worker.task.mimeType, reason);
    worker.task?.finish();
    worker.task = null;
    next();
  }

  function start(): Worker {
    const child = fork(program, [], {
      execArgv: [...rights(folder), `--max-old-space-size=${HEAP_MIB}`],
      env: environment(),
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      serialization: 'json',
    });
    const worker: Worker = { child, task: null, id: 0, timer: setTimeout(() => undefined, 0) };
    workers.add(worker);
    child.on('message', (message) => {
      const report = Report.safeParse(message);
      if (report.success) heard(worker, report.data);
      else end(worker, 'it said something else than a report');
    });
    child.on('error', (error) => end(worker, error.message));
    child.on('exit', (code, signal) => end(worker, `it ended (${signal ?? code})`));
    return worker;
  }

  function heard(worker: Worker, report: Report): void {
    if (!worker.task || report.id !== worker.id) return;
    if ('found' in report) {
      worker.task.found.push(report.found);
      return;
    }
    if ('failed' in report) {
      onFailure(worker.task.mimeType, report.failed);
      return;
    }
    const { task } = worker;
    worker.task = null;
    clearTimeout(worker.timer);
    worker.timer = setTimeout(() => end(worker), idleMs).unref();
    task.finish();
    next();
  }

  function give(worker: Worker, task: Task): void {
    clearTimeout(worker.timer);
    lastId += 1;
    worker.id = lastId;
    worker.task = task;
    worker.timer = setTimeout(() => end(worker, 'it took too long'), fileMs);
    worker.child.send({ id: lastId, path: task.path, mimeType: task.mimeType } satisfies Examine, (error) => {
      if (error) end(worker, error.message);
    });
  }

  function next(): void {
    if (closed || waiting.length === 0) return;
    const idle = [...workers].find((worker) => worker.task === null);
    if (!idle && workers.size >= atOnce) return;
    const task = waiting.shift();
    if (task) give(idle ?? start(), task);
  }

  return {
    examine(path, mimeType) {
      return new Promise((resolveFound) => {
        if (closed) {
          resolveFound([]);
          return;
        }
        const task: Task = { path, mimeType, found: [], finish: () => undefined };
        const late = setTimeout(() => {
          const at = waiting.indexOf(task);
          if (at === -1) return;
          waiting.splice(at, 1);
          task.finish();
        }, waitMs);
        task.finish = () => {
          clearTimeout(late);
          resolveFound(task.found);
        };
        waiting.push(task);
        next();
      });
    },
    close() {
      closed = true;
      for (const task of waiting.splice(0)) task.finish();
      for (const worker of [...workers]) end(worker);
    },
  };
}
