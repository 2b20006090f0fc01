/** Runs inside a store's thread: opens the database and answers calls, one after the other. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { accountTag } from '../../lib/media-id.ts';
import type { StoreContext } from './context.ts';
import { ForeignDatabase, openReader, openWriter, settleLog } from './database.ts';
import { readMeta, writeMeta } from './meta.ts';
import { READER_OPERATIONS, WRITER_OPERATIONS } from './operations.ts';
import { problemOf, StoreError } from '../../lib/store-problem.ts';
import type { StoreOpened, WorkerLog, WorkerReply, WorkerRequest, WorkerSetup } from './protocol.ts';
import { replayJournal, rewriteJournal } from './recovery/journal-replay.ts';
import { Journal, mustLast } from './recovery/journal.ts';
import { markForQuarantine, isDamaged, isMarkedForQuarantine, rescueChoices, quarantine } from './recovery/rescue.ts';
import { indexSlice } from './search-index.ts';
import type { Sql } from './sql.ts';

/** The name of the database file in the account's folder. */
export const DATABASE_NAME = 'relay.db';

export interface Thread {
  opened: StoreOpened;
  /** Answers one call; a failure is an answer too. */
  answer(request: WorkerRequest): WorkerReply;
  /** Does a part of the deferred work; true while there is more. Throws what the database throws. */
  work(): boolean;
  close(): void;
}

type Operation = (context: StoreContext, input: unknown) => unknown;

function contextOf(sql: Sql, from: number, setup: WorkerSetup, log: WorkerLog): StoreContext {
  return {
    sql,
    index: { from },
    account: setup.account,
    tag: accountTag(setup.account),
    me: setup.me,
    log,
    clock: { ahead: 0 },
    presence: new Map(),
    early: new Map(),
    people: new Map(),
    journal: [],
  };
}

/** True when another file must replace this one; a full or read-only disk is no reason. */
function cannotUse(error: unknown): boolean {
  return problemOf(error) === 'damaged' || error instanceof ForeignDatabase;
}

type Started = { context: StoreContext; opened: StoreOpened };

/** Opens the database and brings it and the journal into agreement. `held` is the database that it replaces. */
function begin(setup: WorkerSetup, path: string, journal: Journal, held: string | null, log: WorkerLog): Started {
  const { sql, from } = openWriter(path, setup, setup.useFts, log);
  try {
    if (readMeta(sql, 'clean') === '0' && isDamaged(sql, path)) throw new StoreError('damaged', 'quick_check');
    const context = contextOf(sql, from, setup, log);
    const contents = journal.read();
    const rescued = replayJournal(context, contents, setup.now);
    if (held !== null) rescueChoices(context, held);
    // What the journal drops must be in the main file: the write-ahead log alone may be lost.
    if (settleLog(sql)) rewriteJournal(context, journal, contents.gone);
    else log('warn', 'store.journal_not_renewed', {});
    writeMeta(sql, 'clean', '0');
    // The last step: whatever fails before it is repeated.
    if (held !== null) quarantine(path, setup.now, log);
    return { context, opened: { rebuilt: held !== null, rescued, indexed: context.index.from === 0 } };
  } catch (error) {
    // Before anything is renamed: Windows cannot rename an open file.
    sql.close();
    throw error;
  }
}

/** Damage may be found at any step of the start: whichever it is, a new file replaces this one, once. */
function startWriter(setup: WorkerSetup, journal: Journal, log: WorkerLog): Started {
  const path = join(setup.folder, DATABASE_NAME);
  if (!setup.quarantine && !isMarkedForQuarantine(path)) {
    try {
      return begin(setup, path, journal, null, log);
    } catch (error) {
      if (!cannotUse(error)) throw error;
      log('error', 'store.cannot_open', { reason: error instanceof Error ? error.name : 'unknown' });
    }
  }
  return begin(setup, path, journal, markForQuarantine(path), log);
}

/** Starts the thread's work. Throws if the database cannot be opened at all. */
export function startThread(setup: WorkerSetup, log: WorkerLog): Thread {
  const isWriter = setup.role === 'writer';
  const operations = (isWriter ? WRITER_OPERATIONS : READER_OPERATIONS) as Record<string, Operation>;
  let context: StoreContext;
  let opened: StoreOpened;
  let journal: Journal | null = null;
  if (isWriter) {
    mkdirSync(setup.folder, { recursive: true, mode: 0o700 });
    journal = new Journal(setup.folder);
    try {
      ({ context, opened } = startWriter(setup, journal, log));
    } catch (error) {
      journal.close();
      throw error;
    }
  } else {
    const { sql, from } = openReader(join(setup.folder, DATABASE_NAME));
    context = contextOf(sql, from, setup, log);
    opened = { rebuilt: false, rescued: 0, indexed: from === 0 };
  }
  const flushJournal = (): void => {
    const lines = context.journal.splice(0);
    if (!journal || lines.length === 0) return;
    try {
      journal.append(lines, lines.some(mustLast));
    } catch (error) {
      // The database has it: only the journal is behind.
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
        // Cached rows may have been rolled back.
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
    work: () => isWriter && indexSlice(context),
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
