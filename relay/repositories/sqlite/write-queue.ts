/**
 * Groups the writes of one event-loop turn into one transaction: a commit that waits for the disk costs the same for
 * one write as for fifty.
 *
 * A write is queued, run inside a savepoint, committed with its group, then answered, then announced to others: every
 * write goes through these steps in this order, and all of them are first in, first out. A write that throws is rolled
 * back alone; a failed commit rolls back and refuses the whole group.
 *
 * While writes keep coming in, a group waits for them as long as the last commit took, so that they share the next one. It
 * never waits for a turn in which none came.
 *
 * Writes wait only for statements, which are done when they return: so a group runs to its commit without giving the
 * turn away. A write that waits for more holds up the ones behind it, but nothing runs inside of its savepoint.
 */
import type { Effects, Repositories } from '../ports.ts';
import { told } from '../failures.ts';
import { emojisOf, summed, totalsOf, type Changes } from '../sql/changes.ts';
import type { DrainableQueue, WriteQueueHooks, WriteScope } from '../sql/repositories.ts';
import { createScopedSession, type Session } from '../sql/statement.ts';
import type { Database } from './connection.ts';
import { sqliteSession } from './dialect.ts';

interface Job {
  /** Runs the write; everything it does is inside of its savepoint. */
  attempt(): Promise<void>;
  settle(): void;
  refuse(error: unknown): void;
  effects: (() => void)[];
  failed: boolean;
  /** By how much the totals change. */
  changes: Changes | null;
}

/**
 * Writes per transaction, and milliseconds after which none is added: bounds how long a group blocks the event loop.
 */
const MAX_GROUP = 500;
const GROUP_MS = 20;
/** Milliseconds that a group waits for further writes at most, however slow the disk is. */
const MAX_GATHER_MS = 5;

/**
 * @param database the connection that writes; nothing else may use it while the queue does.
 * @param scopeOf the repositories of one write.
 */
export function createWriteQueue(
  database: Database,
  scopeOf: (session: Session) => WriteScope,
  hooks: WriteQueueHooks & {
    /** Milliseconds on a clock that never goes back. */
    now?: () => number;
  },
): DrainableQueue {
  const { now = () => performance.now() } = hooks;
  const session = sqliteSession(database);
  const begin = database.prepare('BEGIN IMMEDIATE');
  const commit = database.prepare('COMMIT');
  const rollback = database.prepare('ROLLBACK');
  const mark = database.prepare('SAVEPOINT one');
  const undo = database.prepare('ROLLBACK TO one');
  const keep = database.prepare('RELEASE one');
  const count = database.prepare(`UPDATE counters SET value = value + 1 WHERE name = 'commits' RETURNING value`);
  const read = database.prepare(`SELECT value FROM counters WHERE name = 'commits'`);
  const add = database.prepare('UPDATE counters SET value = value + ? WHERE name = ?');
  const addInHour = database.prepare(
    'INSERT INTO hours (name, hour, part, value) VALUES (?, ?, 0, ?) ON CONFLICT DO UPDATE SET value = value + excluded.value',
  );
  const addEmoji = database.prepare(
    'INSERT INTO reaction_totals (emoji, part, value) VALUES (?, 0, ?) ON CONFLICT DO UPDATE SET value = value + excluded.value',
  );
  const dropEmoji = database.prepare('DELETE FROM reaction_totals WHERE emoji = ? AND value = 0');
  const changed = database.prepare('SELECT total_changes() AS rows');
  const changes = (): number => Number(changed.get()?.rows);

  let commits = Number(read.get()?.value ?? 0);
  const queued: Job[] = [];
  /** A group is running, or will in the next turn. */
  let scheduled = false;
  /** Milliseconds that the last commit took. */
  let commitMs = 0;
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

  async function attempt(job: Job): Promise<void> {
    mark.run();
    try {
      await job.attempt();
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

  /** Once for a group: its writes have most of the totals in common. */
  function addUp(jobs: readonly Job[]): void {
    const parts = jobs.flatMap(({ changes: own }) => own ?? []);
    const sum = summed(parts);
    for (const { name, hour, change } of sum) addInHour.run(name, hour, change);
    for (const [name, change] of totalsOf(sum)) if (change !== 0) add.run(change, name);
    for (const { emoji, change } of emojisOf(parts, () => 0)) {
      addEmoji.run(emoji, change);
      if (change < 0) dropEmoji.run(emoji);
    }
  }

  async function runGroup(): Promise<void> {
    const group: Job[] = [];
    const end = now() + GROUP_MS;
    let stored: Job[];
    // A group that only found what it looked for is none: nothing waits for the disk.
    let isCommit: boolean;
    try {
      begin.run();
      const before = changes();
      do {
        const job = queued.shift();
        if (!job) break;
        group.push(job);
        await attempt(job);
      } while (group.length < MAX_GROUP && now() < end);
      stored = group.filter((job) => !job.failed);
      isCommit = stored.length > 0 && changes() > before;
      if (isCommit) addUp(stored);
      if (isCommit) commits = Number(count.get()?.value ?? commits + 1);
      const committing = now();
      commit.run();
      if (isCommit) commitMs = now() - committing;
    } catch (error) {
      if (database.inTransaction) rollback.run();
      // If not even BEGIN succeeds, everything that is queued is refused.
      if (group.length === 0) group.push(...queued.splice(0, MAX_GROUP));
      const reason = told(error);
      for (const job of group) job.refuse(reason);
      goOn();
      notifyIdle();
      return;
    }
    goOn();
    if (isCommit) hooks.onCommit(commits);
    for (const job of stored) job.settle();
    // Answers are sent in the following microtasks; others are notified in a later turn.
    effectsRunning += 1;
    setImmediate(runEffects, stored);
  }

  function schedule(): void {
    if (scheduled) return;
    scheduled = true;
    setImmediate(gather, queued.length, now());
  }

  /** @param known writes that were queued a turn ago. */
  function gather(known: number, since: number): void {
    const hasMore = queued.length > known && queued.length < MAX_GROUP;
    if (hasMore && now() - since < Math.min(commitMs, MAX_GATHER_MS)) setImmediate(gather, queued.length, since);
    else void runGroup();
  }

  function goOn(): void {
    scheduled = false;
    if (queued.length > 0) schedule();
  }

  return {
    run<T>(write: (tx: Repositories, effects: Effects) => Promise<T>): Promise<T> {
      return new Promise<T>((resolve, reject) => {
        let outcome: { value: T } | null = null;
        const job: Job = {
          effects: [],
          failed: false,
          changes: null,
          async attempt() {
            const own = createScopedSession(session);
            const { repositories, complete, changes: totals } = scopeOf(own);
            job.changes = totals;
            try {
              const value = await write(repositories, { after: (run) => job.effects.push(run) });
              await complete();
              outcome = { value };
            } finally {
              own.end();
            }
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
