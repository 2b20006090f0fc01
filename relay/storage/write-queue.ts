/**
 * Groups the writes of one event-loop turn into one transaction: a commit that waits for the disk costs the same for
 * one write as for fifty.
 *
 * A write is queued, run inside a savepoint, committed with its group, then answered, then announced to others: every
 * write goes through these steps in this order, and all of them are first in, first out. A write that throws is rolled
 * back alone; a failed commit rolls back and refuses the whole group.
 */
import type { Effects, WriteQueue } from '../repositories/ports.ts';
import type { Database } from './database.ts';
import { told } from './failures.ts';

export interface GroupedWriteQueue extends WriteQueue {
  /** Resolves when everything queued so far has been committed or refused and its effects have run. */
  drain(): Promise<void>;
  /** Number of transactions committed since the database was created. */
  readonly commits: number;
}

interface Job {
  attempt(): void;
  settle(): void;
  refuse(error: unknown): void;
  effects: (() => void)[];
  failed: boolean;
}

/**
 * Writes per transaction, and milliseconds after which none is added: bounds how long a group blocks the event loop.
 */
const MAX_GROUP = 500;
const GROUP_MS = 20;

export function createWriteQueue(
  database: Database,
  hooks: { onEffectError: (error: unknown) => void; onCommit: (commits: number) => void; now?: () => number },
): GroupedWriteQueue {
  const { now = () => performance.now() } = hooks;
  const begin = database.prepare('BEGIN IMMEDIATE');
  const commit = database.prepare('COMMIT');
  const rollback = database.prepare('ROLLBACK');
  const mark = database.prepare('SAVEPOINT one');
  const undo = database.prepare('ROLLBACK TO one');
  const keep = database.prepare('RELEASE one');
  const count = database.prepare(`UPDATE counters SET value = value + 1 WHERE name = 'commits' RETURNING value`);
  const read = database.prepare(`SELECT value FROM counters WHERE name = 'commits'`);

  let commits = Number(read.get()?.value ?? 0);
  const queued: Job[] = [];
  let scheduled = false;
  let effectsRunning = 0;
  let idle: (() => void)[] = [];

  function notifyIdle(): void {
    if (queued.length > 0 || scheduled || effectsRunning > 0) return;
    const waiting = idle;
    idle = [];
    for (const resolve of waiting) resolve();
  }

  function runEffects(jobs: Job[]): void {
    for (const job of jobs) {
      for (const effect of job.effects) {
        try {
          effect();
        } catch (error) {
          hooks.onEffectError(error);
        }
      }
    }
    effectsRunning -= 1;
    notifyIdle();
  }

  function attempt(job: Job): void {
    mark.run();
    try {
      job.attempt();
      keep.run();
    } catch (error) {
      job.failed = true;
      // On a full disk SQLite rolls back the whole transaction, so nothing in the group was stored.
      if (!database.inTransaction) throw error;
      undo.run();
      keep.run();
      job.refuse(told(error));
    }
  }

  function runGroup(): void {
    scheduled = false;
    const group: Job[] = [];
    const end = now() + GROUP_MS;
    let stored: Job[];
    try {
      begin.run();
      do {
        const job = queued.shift();
        if (!job) break;
        group.push(job);
        attempt(job);
      } while (group.length < MAX_GROUP && now() < end);
      stored = group.filter((job) => !job.failed);
      if (stored.length > 0) commits = Number(count.get()?.value ?? commits + 1);
      commit.run();
    } catch (error) {
      if (database.inTransaction) rollback.run();
      // If not even BEGIN succeeds, everything that is queued is refused.
      if (group.length === 0) group.push(...queued.splice(0, MAX_GROUP));
      if (queued.length > 0) schedule();
      const reason = told(error);
      for (const job of group) job.refuse(reason);
      notifyIdle();
      return;
    }
    if (queued.length > 0) schedule();
    if (stored.length > 0) hooks.onCommit(commits);
    for (const job of stored) job.settle();
    // Answers are sent in the following microtasks; others are notified in a later turn.
    effectsRunning += 1;
    setImmediate(runEffects, stored);
  }

  function schedule(): void {
    if (scheduled) return;
    scheduled = true;
    setImmediate(runGroup);
  }

  return {
    run<T>(write: (effects: Effects) => T): Promise<T> {
      return new Promise<T>((resolve, reject) => {
        let outcome: { value: T } | null = null;
        const job: Job = {
          effects: [],
          failed: false,
          attempt() {
            outcome = { value: write({ after: (run) => job.effects.push(run) }) };
          },
          settle() {
            if (outcome) resolve(outcome.value);
          },
          refuse: (error) => reject(error instanceof Error ? error : new Error(String(error))),
        };
        queued.push(job);
        schedule();
      });
    },
    drain() {
      return new Promise<void>((resolve) => {
        idle.push(resolve);
        notifyIdle();
      });
    },
    get commits() {
      return commits;
    },
  };
}
