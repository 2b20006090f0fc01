/**
 * When the database cannot be trusted: it is renamed, never deleted; a new one is created; unsent messages are
 * recovered from the journal (see journal-replay.ts), and drafts and chat flags from the damaged file as far as it can
 * be read. What the server has is fetched again as usual.
 *
 * A rebuild may fail at any step, or the app may end during it. Until it is complete, the old file stays beside its
 * place under a name that says so: if that name is found, the rebuild starts again, with everything that the first one
 * had.
 */
import { existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { StoreContext } from '../context.ts';
import type { WorkerLog } from '../protocol.ts';
import type { Sql, Row } from '../sql.ts';
import { UPLOAD_COLUMNS } from '../upload-rows.ts';

/** After an unclean exit, files up to this size in bytes are checked completely: larger ones would delay the start. */
const CHECK_UP_TO = 64 * 1024 * 1024;

/** True when an unclean exit left inconsistent pages. Reads the whole file, so only small ones are checked. */
export function isDamaged(sql: Sql, path: string): boolean {
  if (statSync(path).size > CHECK_UP_TO) return false;
  return sql.get<{ quick_check: string }>('PRAGMA quick_check(1)')?.quick_check !== 'ok';
}

/** Files that belong to a database besides the main one. */
const BESIDE = ['-wal', '-shm'] as const;

const heldName = (path: string): string => `${path}.rebuilding`;

/** True when a rebuild was started and not completed. */
export function isMarkedForQuarantine(path: string): boolean {
  return existsSync(heldName(path));
}

/**
 * Starts a rebuild, or starts it again: moves the database and the files that belong to it out of their place. The main
 * file goes first: a log that is still in place belongs to it then.
 * @returns its path now.
 */
export function markForQuarantine(path: string): string {
  const held = heldName(path);
  if (!isMarkedForQuarantine(path)) {
    // An earlier rebuild ended between its last two steps. The database that these files belong to has another name by
    // now.
    for (const suffix of BESIDE) rmSync(`${held}${suffix}`, { force: true });
  } else if (existsSync(path)) {
    // Half built, and nothing has been written to it yet. The main file goes last, see above.
    for (const suffix of [...BESIDE, '']) rmSync(`${path}${suffix}`, { force: true });
  }
  for (const suffix of ['', ...BESIDE]) {
    if (existsSync(`${path}${suffix}`)) renameSync(`${path}${suffix}`, `${held}${suffix}`);
  }
  return held;
}

/** The rebuild is complete: the old file gets the name under which it is kept. */
export function quarantine(path: string, now: number, log: WorkerLog): void {
  const held = heldName(path);
  const stamp = new Date(now).toISOString().replace(/[:.]/g, '-');
  let quarantined = `${path}.damaged-${stamp}`;
  for (let n = 1; existsSync(quarantined); n += 1) quarantined = `${path}.damaged-${stamp}-${n}`;
  for (const suffix of ['', ...BESIDE]) {
    if (existsSync(`${held}${suffix}`)) renameSync(`${held}${suffix}`, `${quarantined}${suffix}`);
  }
  log('error', 'store.set_aside', {});
}

/** The account of a quarantined file, or null if it cannot be read. */
function ownerOf(context: StoreContext, db: DatabaseSync): string | null {
  try {
    const owner = db.prepare("SELECT value FROM meta WHERE name = 'account'").get()?.['value'];
    return typeof owner === 'string' ? owner : null;
  } catch (error) {
    context.log('warn', 'store.owner_unreadable', { reason: error instanceof Error ? error.name : 'unknown' });
    return null;
  }
}

type RescuedTable =
  'drafts' | 'flags' | 'uploads' | 'track_marks' | 'playlists' | 'playlist_tracks' | 'later' | 'notes';

/** Copies drafts, their files, what is sent later, what the user did with music, and the user's flags on chats out of a damaged file: what can be read, row by row. */
export function rescueChoices(context: StoreContext, held: string): void {
  const copy = (table: RescuedTable, columns: readonly string[], condition = '1'): void => {
    let copied = 0;
    try {
      const db = new DatabaseSync(held, { readOnly: true });
      try {
        const owner = ownerOf(context, db);
        // Another account's drafts and flags must not be copied. A file whose owner cannot be read was in this
        // account's folder.
        if (owner !== null && owner !== context.account) return;
        for (const row of db
          .prepare(`SELECT ${columns.join(', ')} FROM ${table} WHERE ${condition}`)
          .iterate() as Iterable<Row>) {
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
  // Files of messages come back with their messages, from the journal; those that are sent later are not in it.
  copy('uploads', UPLOAD_COLUMNS, 'local_id IS NULL');
  copy('uploads', UPLOAD_COLUMNS, 'local_id IN (SELECT local_id FROM later)');
  copy('later', ['local_id', 'chat_id', 'text', 'reply_to', 'due_at']);
  copy('notes', ['id', 'text', 'chat_id', 'message_id', 'sender', 'created_at']);
  copy('flags', ['chat_id', 'pinned', 'archived', 'muted', 'muted_until', 'marked_unread']);
  copy('track_marks', ['id', 'plays', 'played_at', 'edit']);
  copy('playlists', ['id', 'name', 'changed_at']);
  copy('playlist_tracks', ['playlist_id', 'n', 'id']);
}
