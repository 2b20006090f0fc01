/** What runs inside a store's thread: opens the database and answers calls, one after the other. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { StoreContext } from './context.ts';
import { ForeignDatabase, openReader, openWriter } from './database.ts';
import { Journal } from './journal.ts';
import { readMeta, writeMeta } from './meta.ts';
import { READER_OPERATIONS, WRITER_OPERATIONS } from './operations.ts';
import { problemOf } from './problems.ts';
import type { StoreOpened, WorkerLog, WorkerReply, WorkerRequest, WorkerSetup } from './protocol.ts';
import { isDamaged, renewJournal, rescueChoices, rescueOutbox, setAside } from './rescue.ts';
import type { Sql } from './sql.ts';

/** The name of the one database file in the account's folder. */
export const DATABASE_NAME = 'relay.db';

export interface Thread {
  opened: StoreOpened;
  /** Answers one call; a failure is an answer too. */
  answer(request: WorkerRequest): WorkerReply;
  close(): void;
}

type Operation = (context: StoreContext, input: unknown) => unknown;

function contextOf(sql: Sql, indexed: boolean, setup: WorkerSetup, log: WorkerLog): StoreContext {
  return {
    sql,
    indexed,
    account: setup.account,
    me: setup.me,
    log,
    presence: new Map(),
    early: new Map(),
    people: new Map(),
    journal: [],
  };
}

function open(setup: WorkerSetup, path: string, log: WorkerLog): { sql: Sql; indexed: boolean; aside: string | null } {
  const fresh = (aside: string | null): { sql: Sql; indexed: boolean; aside: string | null } => ({
    ...openWriter(path, setup, setup.useFts, log),
    aside,
  });
  if (setup.setAside) return fresh(setAside(path, setup.now, log));
  try {
    const opened = fresh(null);
    const wasClean = readMeta(opened.sql, 'clean') !== '0';
    if (wasClean || !isDamaged(opened.sql, path)) return opened;
    opened.sql.close();
  } catch (error) {
    const cannotUse = problemOf(error) === 'damaged' || error instanceof ForeignDatabase;
    if (!cannotUse) throw error;
    log('error', 'store.cannot_open', { reason: error instanceof Error ? error.name : 'unknown' });
  }
  return fresh(setAside(path, setup.now, log));
}

function startWriter(
  setup: WorkerSetup,
  log: WorkerLog,
): { context: StoreContext; opened: StoreOpened; journal: Journal } {
  mkdirSync(setup.folder, { recursive: true, mode: 0o700 });
  const path = join(setup.folder, DATABASE_NAME);
  const { sql, indexed, aside } = open(setup, path, log);
  const context = contextOf(sql, indexed, setup, log);
  const journal = new Journal(setup.folder);
  let rescued = 0;
  if (aside !== null) {
    rescued = rescueOutbox(context, journal, setup.now);
    rescueChoices(context, aside);
  }
  renewJournal(context, journal);
  context.journal.length = 0;
  writeMeta(sql, 'clean', '0');
  return { context, journal, opened: { rebuilt: aside !== null, rescued, indexed } };
}

/** Starts the thread's work. Throws when the database cannot be opened at all. */
export function startThread(setup: WorkerSetup, log: WorkerLog): Thread {
  const isWriter = setup.role === 'writer';
  const operations = (isWriter ? WRITER_OPERATIONS : READER_OPERATIONS) as Record<string, Operation>;
  let context: StoreContext;
  let opened: StoreOpened;
  let journal: Journal | null = null;
  if (isWriter) {
    const started = startWriter(setup, log);
    ({ context, opened, journal } = started);
  } else {
    const { sql, indexed } = openReader(join(setup.folder, DATABASE_NAME));
    context = contextOf(sql, indexed, setup, log);
    opened = { rebuilt: false, rescued: 0, indexed };
  }
  const flushJournal = (): void => {
    const lines = context.journal.splice(0);
    if (!journal || lines.length === 0) return;
    try {
      journal.append(
        lines,
        lines.some((line) => line.kind === 'written'),
      );
    } catch (error) {
      // The database has it: only the second home is behind.
      log('warn', 'store.journal_behind', { reason: problemOf(error) });
    }
  };
  return {
    opened,
    answer({ id, name, input }) {
      const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
      if (!operation) return { kind: 'error', id, problem: 'failed', message: `no operation ${name}` };
      try {
        const value = operation(context, input);
        flushJournal();
        return { kind: 'value', id, value };
      } catch (error) {
        context.journal.length = 0;
        // What was cached may have been rolled back.
        context.people.clear();
        const problem = problemOf(error);
        log('error', 'store.operation_failed', {
          name,
          problem,
          reason: error instanceof Error ? error.message.slice(0, 200) : 'unknown',
        });
        return { kind: 'error', id, problem, message: `${name}: ${problem}` };
      }
    },
    close() {
      if (isWriter) {
        try {
          writeMeta(context.sql, 'clean', '1');
        } catch (error) {
          log('warn', 'store.close_unclean', { reason: problemOf(error) });
        }
        journal?.close();
      }
      context.sql.close();
    },
  };
}
