/** What runs inside a store's thread: opens the database and answers calls, one after the other. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { catchUp, renewJournal } from './catch-up.ts';
import type { StoreContext } from './context.ts';
import { ForeignDatabase, openReader, openWriter } from './database.ts';
import { Journal, type JournalLine } from './journal.ts';
import { readMeta, writeMeta } from './meta.ts';
import { READER_OPERATIONS, WRITER_OPERATIONS } from './operations.ts';
import { problemOf, StoreError } from './problems.ts';
import type { StoreOpened, WorkerLog, WorkerReply, WorkerRequest, WorkerSetup } from './protocol.ts';
import { isDamaged, rescueChoices, setAside } from './rescue.ts';
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

/** True when another file must take this one's place; a disk that is full or read-only is no reason. */
function cannotUse(error: unknown): boolean {
  return problemOf(error) === 'damaged' || error instanceof ForeignDatabase;
}

/** Without these a message would be lost, or one that was taken back would be sent, should the database be lost. */
function mustLast(line: JournalLine): boolean {
  return line.kind === 'written' || (line.kind === 'ended' && line.serverId === null);
}

type Started = { context: StoreContext; opened: StoreOpened };

/** Opens the database and makes it and the journal agree. `aside` is the one that it takes the place of. */
function begin(setup: WorkerSetup, path: string, journal: Journal, aside: string | null, log: WorkerLog): Started {
  const { sql, indexed } = openWriter(path, setup, setup.useFts, log);
  try {
    if (readMeta(sql, 'clean') === '0' && isDamaged(sql, path)) throw new StoreError('damaged', 'quick_check');
    const context = contextOf(sql, indexed, setup, log);
    const contents = journal.read();
    const rescued = catchUp(context, contents, setup.now);
    if (aside !== null) rescueChoices(context, aside);
    renewJournal(context, journal, contents.gone);
    writeMeta(sql, 'clean', '0');
    return { context, opened: { rebuilt: aside !== null, rescued, indexed } };
  } catch (error) {
    // Before anything is renamed: an open file cannot be, on Windows.
    sql.close();
    throw error;
  }
}

/** Damage may be met at any step of the beginning: whichever it is, the file is set aside and a new one is begun, once. */
function startWriter(setup: WorkerSetup, journal: Journal, log: WorkerLog): Started {
  const path = join(setup.folder, DATABASE_NAME);
  if (!setup.setAside) {
    try {
      return begin(setup, path, journal, null, log);
    } catch (error) {
      if (!cannotUse(error)) throw error;
      log('error', 'store.cannot_open', { reason: error instanceof Error ? error.name : 'unknown' });
    }
  }
  return begin(setup, path, journal, setAside(path, setup.now, log), log);
}

/** Starts the thread's work. Throws when the database cannot be opened at all. */
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
    const { sql, indexed } = openReader(join(setup.folder, DATABASE_NAME));
    context = contextOf(sql, indexed, setup, log);
    opened = { rebuilt: false, rescued: 0, indexed };
  }
  const flushJournal = (): void => {
    const lines = context.journal.splice(0);
    if (!journal || lines.length === 0) return;
    try {
      journal.append(lines, lines.some(mustLast));
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
