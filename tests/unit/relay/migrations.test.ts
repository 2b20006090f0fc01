import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { migrate, NewerSchemaError, SCHEMA_VERSION, schemaVersion } from '../../../relay/migrations/index.ts';
import { openDatabase, type Database } from '../../../relay/storage/database.ts';

let folder: string;
let database: Database;
const reopen = (): Database => (database = openDatabase(join(folder, 'relay.db')));
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'relay-migrate-'));
  reopen();
});
afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true });
});

const tables = (): unknown[] => database.prepare('SELECT name, sql FROM sqlite_schema ORDER BY name').all();

test('an empty file becomes the newest schema, and opening it again changes nothing', () => {
  expect(schemaVersion(database)).toBe(0);
  expect(migrate(database)).toBe(0);
  expect(schemaVersion(database)).toBe(SCHEMA_VERSION);
  const made = tables();
  database.close();
  reopen();
  expect(migrate(database)).toBe(SCHEMA_VERSION);
  expect(tables()).toEqual(made);
  expect(database.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
  expect(database.prepare('PRAGMA foreign_key_check').all()).toEqual([]);
});

test('the connection keeps the promises of the disk', () => {
  expect(database.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
  expect(database.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 2 });
  expect(database.prepare('PRAGMA foreign_keys').get()).toEqual({ foreign_keys: 1 });
});

test('a newer schema is refused in a clear word and left as it is', () => {
  migrate(database);
  database.exec(`PRAGMA user_version = ${SCHEMA_VERSION + 1}`);
  expect(() => migrate(database)).toThrow(NewerSchemaError);
  expect(() => migrate(database)).toThrow(/newer relay/);
  expect(schemaVersion(database)).toBe(SCHEMA_VERSION + 1);
});

test('a step that fails leaves nothing behind', () => {
  database.exec('CREATE TABLE messages (x)');
  expect(() => migrate(database)).toThrow(/already exists/);
  expect(schemaVersion(database)).toBe(0);
  expect(tables()).toHaveLength(1);
});
