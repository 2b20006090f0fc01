import type { Sql } from './sql.ts';

/** The names in the table `meta`. */
export type MetaName =
  | 'account'
  | 'me'
  | 'seq'
  | 'epoch'
  | 'clean'
  | 'index_stale'
  | 'index_from'
  | 'emojis'
  | 'taken_back'
  | 'open_chat'
  | 'music'
  | 'music_read_at';

/** A stored fact, or null. */
export function readMeta(sql: Sql, name: MetaName): string | null {
  return sql.get<{ value: string }>('SELECT value FROM meta WHERE name = ?', name)?.value ?? null;
}

/** Stores a fact. */
export function writeMeta(sql: Sql, name: MetaName, value: string): void {
  sql.run('INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value', name, value);
}
