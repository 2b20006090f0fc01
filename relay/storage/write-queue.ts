/**
 * Groups the writes of one turn of the event loop into one transaction: a commit that waits for the disk costs the same
 * for one write as for fifty.
 *
 * A write is queued, run inside a savepoint, committed with its neighbours, then answered, then told to others: in this
 * order for every write, and first queued is first in all of them. A write that throws undoes itself alone; a commit
 * that fails undoes and refuses the whole group.
 */
import type { Effects, WriteQueue } from '../repositories/ports.ts';
import type { Database } from './database.ts';
import { told } from './failures.ts';

export interface GroupedWriteQueue extends WriteQueue {
  /** Resolves when everything queued so far has been committed or refused, and its effects are done. */
  drain(): Promise<void>;
  /** How many transactions were committed since the database was made. */
  readonly commits: number;
}

interface Job {
  attempt(): void;
  settle(): void;
  refuse(error: unknown): void;
  effects: (() => void)[];
  failed: boolean;
}

/** Writes of one transaction, and milliseconds after which none is added: bounds how long a group holds the loop. */
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

  function tellIdle(): void {
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
    tellIdle();
  }

  function attempt(job: Job): void {
    mark.run();
    try {
      job.attempt();
      keep.run();
    } catch (error) {
      job.failed = true;
      // A full disk makes SQLite give up the whole transaction: then nobody of the group was stored.
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
      // Where not even a transaction begins, it is everybody's turn to hear it.
      if (group.length === 0) group.push(...queued.splice(0, MAX_GROUP));
      if (queued.length > 0) schedule();
      const reason = told(error);
      for (const job of group) job.refuse(reason);
      tellIdle();
      return;
    }
    if (queued.length > 0) schedule();
    if (stored.length > 0) hooks.onCommit(commits);
    for (const job of stored) job.settle();
    // The answers go out in the microtasks that follow; the others hear of it in a turn of their own.
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
        tellIdle();
      });
    },
    get commits() {
      return commits;
    },
  };
}
