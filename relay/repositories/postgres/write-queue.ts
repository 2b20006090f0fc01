/**
 * Writes on PostgreSQL: each is a transaction of its own, several at a time, committed, then answered, then announced.
 *
 * Rows that two writes need are locked in one order: the chats a write names first, then whatever it changes in them, and
 * at its end the event counters, by user, and the totals, by name and by emoji. When two writes want the same all the same, the database refuses one of them,
 * and that one is run again: it finds then what the other one stored.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import { mayRunAgain, told } from '../failures.ts';
import type { Effects, Repositories } from '../ports.ts';
import type { Schema } from '../schema.ts';
import type { DrainableQueue, WriteQueueHooks, WriteScope } from '../sql/repositories.ts';
import { createScopedSession, type Session } from '../sql/statement.ts';
import { addToTotals, postgresSession } from './dialect.ts';

/** How often a write is run before its refusal is final. */
const ATTEMPTS = 5;
/** Milliseconds, at most, before the second attempt; twice as many before each further one. */
const FIRST_PAUSE_MS = 10;

type Write<T> = (tx: Repositories, effects: Effects) => Promise<T>;

interface Committed<T> {
  value: T;
  effects: readonly (() => void)[];
}

/** @param scopeOf the repositories of one write. */
export function createPostgresQueue(
  db: Kysely<Schema>,
  scopeOf: (session: Session) => WriteScope,
  hooks: WriteQueueHooks,
): DrainableQueue {
  let commits = 0;
  let underWay = 0;
  let idle: (() => void)[] = [];
  /** The last write of each lane: the next one begins when it has ended. */
  const lanes = new Map<string, Promise<unknown>>();

  function notifyIdle(): void {
    if (underWay > 0) return;
    const waiting = idle;
    idle = [];
    for (const resolve of waiting) resolve();
  }

  function ended(): void {
    underWay -= 1;
    notifyIdle();
  }

  function once<T>(write: Write<T>): Promise<Committed<T>> {
    return db.transaction().execute(async (transaction) => {
      const session = createScopedSession(postgresSession(transaction));
      const { repositories, complete, changes } = scopeOf(session);
      const effects: (() => void)[] = [];
      try {
        const value = await write(repositories, { after: (run) => effects.push(run) });
        await complete();
        await addToTotals(session, changes);
        return { value, effects };
      } finally {
        session.end();
      }
    });
  }

  async function attempt<T>(write: Write<T>): Promise<Committed<T>> {
    for (let number = 1; ; number += 1) {
      try {
        return await once(write);
      } catch (error) {
        if (number === ATTEMPTS || !mayRunAgain(error)) throw told(error);
        await pause(Math.random() * FIRST_PAUSE_MS * 2 ** (number - 1));
      }
    }
  }

  function runEffects(effects: readonly (() => void)[]): void {
    for (const effect of effects) {
      try {
        effect();
      } catch (error) {
        hooks.onEffectError(error);
      }
    }
    ended();
  }

  async function perform<T>(write: Write<T>): Promise<T> {
    try {
      const { value, effects } = await attempt(write);
      commits += 1;
      hooks.onCommit(commits);
      // The answer is given in the microtasks that follow; others are notified in a later turn.
      setImmediate(runEffects, effects);
      return value;
    } catch (error) {
      ended();
      throw error;
    }
  }

  /** After the writes of the lane that were queued before it, however they ended. */
  function performInLane<T>(lane: string, write: Write<T>): Promise<T> {
    const before = lanes.get(lane) ?? Promise.resolve();
    const performed = before.then(() => perform(write));
    const last = performed.then(
      () => undefined,
      () => undefined,
    );
    lanes.set(lane, last);
    void last.then(() => {
      if (lanes.get(lane) === last) lanes.delete(lane);
    });
    return performed;
  }

  return {
    run(write, lane) {
      underWay += 1;
      return lane === undefined ? perform(write) : performInLane(lane, write);
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
