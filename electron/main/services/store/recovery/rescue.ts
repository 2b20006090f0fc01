/**
 * When the database cannot be trusted: it is renamed, never deleted; a new one is begun; unsent messages come back from
 * the journal (see journal-replay.ts), and drafts and the list's order from the damaged file as far as they can be read. What
 * the server has is fetched again by the ordinary way.
 *
 * A rebuild may fail at any step, or the program may end in it. Until all of it is done the old file lies beside its place
 * under a name that says so: whoever finds that name begins the rebuild again, with everything that the first one had.
 */
import { existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { StoreContext } from '../context.ts';
import type { WorkerLog } from '../protocol.ts';
import type { Sql, Row } from '../sql.ts';

/** After an unclean end, files up to this size are checked through: larger ones would hold the start up. */
const CHECK_UP_TO = 64 * 1024 * 1024;

/** True when an unclean end left pages that do not fit together. Reads the whole file, so only small ones are asked. */
export function isDamaged(sql: Sql, path: string): boolean {
  if (statSync(path).size > CHECK_UP_TO) return false;
  return sql.get<{ quick_check: string }>('PRAGMA quick_check(1)')?.quick_check !== 'ok';
}

/** What belongs to a database beside its main file. */
const BESIDE = ['-wal', '-shm'] as const;

const heldName = (path: string): string => `${path}.rebuilding`;

/** True when a rebuild was begun and has not been done. */
export function isMarkedForQuarantine(path: string): boolean {
  return existsSync(heldName(path));
}

/**
 * Begins a rebuild, or begins it again: takes the database out of its place with what belongs to it. The main file goes
 * first: a log that is still in the place belongs to it then.
 * @returns where it lies now.
 */
export function markForQuarantine(path: string): string {
  const held = heldName(path);
  if (!isMarkedForQuarantine(path)) {
    // An earlier rebuild ended between its last two steps. The file that these belong to has another name by now.
    for (const suffix of BESIDE) rmSync(`${held}${suffix}`, { force: true });
  } else if (existsSync(path)) {
    // Half made, and nobody has written anything to it yet. The main file goes last, see above.
    for (const suffix of [...BESIDE, '']) rmSync(`${path}${suffix}`, { force: true });
  }
  for (const suffix of ['', ...BESIDE]) {
    if (existsSync(`${path}${suffix}`)) renameSync(`${path}${suffix}`, `${held}${suffix}`);
  }
  return held;
}

/** The rebuild is done: the old file gets the name under which it is kept. */
export function quarantine(path: string, now: number, log: WorkerLog): void {
  const held = heldName(path);
  const stamp = new Date(now).toISOString().replace(/[:.]/g, '-');
  let aside = `${path}.damaged-${stamp}`;
  for (let n = 1; existsSync(aside); n += 1) aside = `${path}.damaged-${stamp}-${n}`;
  for (const suffix of ['', ...BESIDE]) {
    if (existsSync(`${held}${suffix}`)) renameSync(`${held}${suffix}`, `${aside}${suffix}`);
  }
  log('error', 'store.set_aside', {});
}

/** Whose a set-aside file is, or null where that cannot be read. */
function ownerOf(context: StoreContext, db: DatabaseSync): string | null {
  try {
    const owner = db.prepare("SELECT value FROM meta WHERE name = 'account'").get()?.['value'];
    return typeof owner === 'string' ? owner : null;
  } catch (error) {
    context.log('warn', 'store.owner_unreadable', { reason: error instanceof Error ? error.name : 'unknown' });
    return null;
  }
}

/** Copies drafts and the person's own order of chats out of a damaged file: what can be read, row by row. */
export function rescueChoices(context: StoreContext, held: string): void {
  const copy = (table: 'drafts' | 'flags', columns: readonly string[]): void => {
    let copied = 0;
    try {
      const db = new DatabaseSync(held, { readOnly: true });
      try {
        const owner = ownerOf(context, db);
        // Another account's words and marks are nobody else's. A file whose owner cannot be read lay in this one's folder.
        if (owner !== null && owner !== context.account) return;
        for (const row of db.prepare(`SELECT ${columns.join(', ')} FROM ${table}`).iterate() as Iterable<Row>) {
          const values = columns.map((column) => row[column] ?? null);
          context.sql.run(
            `INSERT OR IGNORE INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
            ...values,
          );
          copied += 1;
        }
      } finally {
        db.close();
      }
    } catch (error) {
      context.log('warn', 'store.choices_unreadable', {
        table,
        copied,
        reason: error instanceof Error ? error.name : 'unknown',
      });
    }
  };
  copy('drafts', ['chat_id', 'text', 'reply_to']);
  copy('flags', ['chat_id', 'pinned', 'archived', 'muted', 'muted_until', 'marked_unread']);
}
