/** Looks whether a node's folder, disk, backups and settings are in order. Changes nothing; a node may be running. */
import { readdirSync, statfsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DEFAULT_LIMITS } from '../limits.ts';
import { SCHEMA_VERSION, schemaVersion } from '../migrations/sqlite/index.ts';
import { openReader, type Database } from '../repositories/sqlite/connection.ts';
import type { StartOptions } from '../settings.ts';
import { reasonOf } from '../storage/folder.ts';
import { findDamage, lastBackup } from './backup.ts';
import type { Finding } from './finding.ts';
import { examineTurn } from './turn-check.ts';

const DAY_MS = 24 * 60 * 60_000;
const BACKUP_DAYS = 7;
const MEBIBYTE = 1024 * 1024;
/** Of what the node leaves free by itself: below so many times that, the disk will soon be full. */
const SOON = 4;
/** Names that are listed at most. */
const MOST_NAMED = 3;
const MINUTE = 60_000;
const SHORT_TURN_MS = 5 * MINUTE;

const ok = (text: string): Finding => ({ state: 'ok', text });
const warning = (text: string): Finding => ({ state: 'warning', text });
const problem = (text: string): Finding => ({ state: 'problem', text });

function named(names: readonly string[]): string {
  const more = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : '';
  return `${names.slice(0, MOST_NAMED).join(', ')}${more}`;
}

/** The node's own files that others than their owner may read or change. */
function openFiles(folder: string): string[] {
  const own = /^(?:relay\.db(?:-wal|-shm|\.before-restore)?|jwt-secret|admin-password|last-backup\.json)$/;
  return readdirSync(folder).filter((name) => own.test(name) && (statSync(join(folder, name)).mode & 0o077) !== 0);
}

function rights(folder: string): Finding[] {
  if (process.platform === 'win32') return [ok('rights: those of the folder')];
  const open = openFiles(folder);
  if (open.length > 0) return [problem(`rights: others may read ${named(open)}: run chmod 600 on them`)];
  const mode = statSync(folder).mode & 0o077;
  if (mode !== 0) return [warning(`rights: others may look into ${folder}: run chmod 700 on it`)];
  return [ok('rights: the data is its owner’s alone')];
}

/** The kept totals against the rows themselves. */
function wrongTotals(database: Database): string[] {
  const counted = database.prepare(`
    SELECT c.name FROM counters c JOIN (
      SELECT 'messages' AS name, COUNT(*) AS rows FROM messages
      UNION ALL SELECT 'chats', COUNT(*) FROM chats
      UNION ALL SELECT 'reactions', COUNT(*) FROM reactions
      UNION ALL SELECT 'files', COUNT(*) FROM files
      UNION ALL SELECT 'calls', COUNT(*) FROM calls
    ) r ON r.name = c.name WHERE c.value <> r.rows
    UNION ALL SELECT 'reactions by emoji' WHERE EXISTS (
      SELECT 1 FROM reaction_totals t
        FULL JOIN (SELECT emoji, COUNT(*) AS rows FROM reactions GROUP BY emoji) r ON r.emoji = t.emoji
      WHERE t.value IS NOT r.rows
    )`);
  return [...counted.all()].map(({ name }) => String(name));
}

/** Files whose record is there and whose bytes are not, or not all of them. */
function missingFiles(database: Database, folder: string): string[] {
  const missing: string[] = [];
  for (const { id, size } of database.prepare('SELECT id, size FROM files').all()) {
    const name = String(id);
    const status = statSync(join(folder, 'files', name.slice(-2), name), { throwIfNoEntry: false });
    if (status?.size !== Number(size)) missing.push(name);
  }
  return missing;
}

function integrity(folder: string): Finding[] {
  const path = join(folder, 'relay.db');
  if (!statSync(path, { throwIfNoEntry: false })) return [problem(`integrity: there is no relay.db in ${folder}`)];
  let database: Database | null = null;
  try {
    database = openReader(path);
    const damage = findDamage(database);
    if (damage.length > 0) return [problem(`integrity: relay.db is damaged (${damage[0] ?? ''}): restore a backup`)];
    const version = schemaVersion(database);
    if (version > SCHEMA_VERSION)
      return [problem('integrity: relay.db was written by a newer relay: update the relay')];
    if (version < SCHEMA_VERSION)
      return [warning('integrity: relay.db is of an earlier relay: the next start takes it over')];
    const strays = [...database.prepare('PRAGMA foreign_key_check').all()];
    if (strays.length > 0) return [problem(`integrity: ${strays.length} rows of relay.db belong to nothing`)];
    const wrong = wrongTotals(database);
    const missing = missingFiles(database, folder);
    return [
      wrong.length > 0
        ? warning(`integrity: the totals of ${named(wrong)} are not the rows’`)
        : ok('integrity: relay.db'),
      missing.length > 0
        ? problem(`files: ${missing.length} are missing or cut short (${named(missing)}): restore a backup`)
        : ok('files: all are there'),
    ];
  } catch (error) {
    return [problem(`integrity: relay.db cannot be read: ${reasonOf(error)}`)];
  } finally {
    database?.close();
  }
}

/** @param free bytes. */
export function judgeSpace(free: number, reserve: number): Finding {
  const text = `disk: ${Math.floor(free / MEBIBYTE)} MB are free`;
  if (free < reserve) return problem(`${text}, less than the relay keeps free: uploads are refused`);
  return free < SOON * Math.max(reserve, DEFAULT_LIMITS.diskReserveBytes)
    ? warning(`${text}: uploads are refused below ${Math.floor(reserve / MEBIBYTE)} MB`)
    : ok(text);
}

/** @param at and `now` in milliseconds. */
export function judgeBackup(last: { at: number; file: string } | null, now: number): Finding {
  if (!last) return warning('backup: none was made with "npm run relay -- backup FILE"');
  const days = Math.floor((now - last.at) / DAY_MS);
  if (!statSync(last.file, { throwIfNoEntry: false })) return warning(`backup: ${last.file} is not there any more`);
  const text = `backup: the newest is ${days} days old (${last.file})`;
  return days >= BACKUP_DAYS ? warning(text) : ok(text);
}

/** The host of `turn:host:port?transport=udp`. */
function hostOf(url: string): string {
  return url
    .replace(/^\w+:/, '')
    .replace(/\?.*$/, '')
    .replace(/:\d+$/, '')
    .replace(/^\[|\]$/g, '');
}

function isInner(host: string): boolean {
  if (host === 'localhost') return true;
  const isAddress = /^[\d.]+$|:/.test(host);
  return isAddress && /^(?:127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|169\.254\.|::1$|f[cd])/i.test(host);
}

export function judgeTurn(ice: StartOptions['ice']): Finding[] {
  const turn = ice?.turn;
  if (!turn) return [warning('calls: TURN is not configured (RELAY_TURN_URLS): some networks cannot call each other')];
  const inner = turn.urls.filter((url) => isInner(hostOf(url)));
  const lasts = turn.lifetimeMs ?? Number.POSITIVE_INFINITY;
  return [
    inner.length > 0 ? warning(`calls: ${named(inner)} cannot be reached from outside`) : ok('calls: TURN is set'),
    ...(turn.urls.some((url) => url.startsWith('turns:') || /transport=tcp/.test(url))
      ? []
      : [warning('calls: no TURN address goes by TCP or TLS: networks without UDP cannot call')]),
    ...(lasts < SHORT_TURN_MS
      ? [
          warning(
            `calls: TURN credentials end after ${Math.round(lasts / MINUTE)} minutes, maybe before a call is answered`,
          ),
        ]
      : []),
  ];
}

/** Looks at everything, TURN servers included, which are asked over the network. @param options as the node would be started. @param now milliseconds since the epoch. */
export async function examine(options: StartOptions, now: number): Promise<Finding[]> {
  const folder = resolve(options.dataDir);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    return [problem(`there is no data folder ${folder}: no relay was started here`)];
  }
  const { bavail, bsize } = statfsSync(folder);
  return [
    ...(options.databaseUrl === undefined
      ? [...integrity(folder), judgeBackup(lastBackup(folder), now)]
      : [warning('integrity and backup: PostgreSQL has its own means')]),
    ...rights(folder),
    judgeSpace(bavail * bsize, options.limits?.diskReserveBytes ?? DEFAULT_LIMITS.diskReserveBytes),
    ...judgeTurn(options.ice),
    ...(await examineTurn(options.ice, now)),
  ];
}
