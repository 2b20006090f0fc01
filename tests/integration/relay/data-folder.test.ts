/** The data folder: one relay at a time, and one clear line for whatever else stands where the node keeps its files. */
import { execFile, execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startRelay, type RunningRelay } from '../../../relay/server.ts';
import { StartError } from '../../../relay/start-error.ts';
import { sqliteOnly } from '../../helpers/postgres/sqlite-only.ts';
import { PASSWORD } from '../../helpers/relay.ts';

sqliteOnly('what lies in the folder is SQLite’s');

const ROOT = resolve(import.meta.dirname, '../../..');
let dataDir: string;
beforeEach(() => (dataDir = mkdtempSync(join(tmpdir(), 'relay-folder-'))));
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const passwordCost = { memoryKiB: 64, passes: 1, scryptLogN: 4 };
const start = (): Promise<RunningRelay> =>
  startRelay({ host: '127.0.0.1', port: 0, dataDir, logLevel: 'silent', adminPassword: PASSWORD, passwordCost });

const FILES = [
  'relay.db',
  'relay.db-wal',
  'relay.db-shm',
  'jwt-secret',
  'admin-password',
  'epoch.json',
  'lock.db',
] as const;
type Name = (typeof FILES)[number];
const GARBAGE = 'this is none of the relay’s files\n'.repeat(200);

function foreign(sql: string): (path: string) => void {
  return (path) => {
    const database = new DatabaseSync(path);
    database.exec(sql);
    database.close();
  };
}

type Put = (path: string) => void;
const folder: Put = (path) => mkdirSync(path);
const noLink: Put = (path) => symlinkSync(join(dataDir, 'nothing'), path);
const loop: Put = (path) => symlinkSync(path, path);
const pipe: Put = (path) => void execFileSync('mkfifo', [path]);
const nothing: Put = (path) => writeFileSync(path, '');
const garbage: Put = (path) => writeFileSync(path, GARBAGE);
const every = (what: string, put: Put): [string, Name, Put][] => FILES.map((name) => [what, name, put]);

describe('a start that cannot be is one line', () => {
  test.each<[string, Name, Put]>([
    ...every('a folder', folder),
    ...(process.platform === 'win32' ? [] : [...every('a link to nothing', noLink), ...every('a pipe', pipe)]),
    ['a link to itself', 'jwt-secret', loop],
    ['other content', 'relay.db', garbage],
    ['other content', 'lock.db', garbage],
    ['other content', 'jwt-secret', garbage],
    ['nothing', 'jwt-secret', nothing],
    ['a secret that goes on as something else', 'jwt-secret', (path) => writeFileSync(path, `${'ab'.repeat(32)}?`)],
    ['a file without an end', 'jwt-secret', (path) => writeFileSync(path, 'ab'.repeat(100_000))],
    ['a database of another program', 'relay.db', foreign('CREATE TABLE recipes (x)')],
    ['a database that says it is ours', 'relay.db', foreign('CREATE TABLE x (y); PRAGMA user_version = 2')],
    ['a database of another program', 'lock.db', foreign('CREATE TABLE held (something)')],
  ])('%s in the place of %s', async (_what, name, put) => {
    put(join(dataDir, name));
    const problem = await start().then(
      (relay) => relay.close().then(() => null),
      (error: unknown) => error,
    );
    expect(problem).toBeInstanceOf(StartError);
    const { message } = problem as StartError;
    expect(message).toContain(dataDir);
    expect(message).not.toContain('\n');
    // Nothing is held, and once it is gone the node starts.
    rmSync(join(dataDir, name), { recursive: true });
    await (await start()).close();
  });

  test.skipIf(process.platform === 'win32' || process.getuid?.() === 0)(
    'files that may not be read (the administrator of the system may read all)',
    async () => {
      await (await start()).close();
      for (const name of ['relay.db', 'jwt-secret', 'epoch.json', 'lock.db']) {
        chmodSync(join(dataDir, name), 0);
        await expect(start(), name).rejects.toThrow(StartError);
        chmodSync(join(dataDir, name), 0o600);
      }
    },
  );
});

test('a database that another program keeps locked is one line, and is left alone', async () => {
  await (await start()).close();
  const other = new DatabaseSync(join(dataDir, 'relay.db'));
  other.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  await expect(start()).rejects.toThrow(/^[^\n]*cannot be opened: database is locked$/);
  other.close();
  await (await start()).close();
});

describe('what says nothing is made anew', () => {
  test.each<[string, Name, Put]>([
    ['nothing', 'relay.db', nothing],
    ['nothing', 'lock.db', nothing],
    ['nothing', 'epoch.json', nothing],
    ['other content', 'epoch.json', garbage],
    ['other content', 'relay.db-wal', garbage],
    ['other content', 'relay.db-shm', garbage],
    ['what a first start left unfinished', 'jwt-secret', (path) => writeFileSync(`${path}.new`, 'ab')],
  ])('%s in the place of %s', async (_what, name, put) => {
    put(join(dataDir, name));
    await (await start()).close();
    expect(existsSync(join(dataDir, 'jwt-secret.new'))).toBe(false);
  });

  test('links to the files are as good as the files', async () => {
    await (await start()).close();
    const elsewhere = join(dataDir, 'elsewhere');
    mkdirSync(elsewhere);
    for (const name of readdirSync(dataDir).filter((entry) => entry !== 'elsewhere')) {
      renameSync(join(dataDir, name), join(elsewhere, name));
      symlinkSync(join(elsewhere, name), join(dataDir, name));
    }
    await (await start()).close();
  });
});

describe('one relay at a time', () => {
  /** The first line of another process that tries. */
  function another(): Promise<string> {
    const env = { ...process.env, RELAY_PORT: '0', RELAY_DATA_DIR: dataDir, RELAY_LOG: 'silent' };
    return new Promise((done) => {
      execFile(process.execPath, ['relay/server.ts'], { cwd: ROOT, env, timeout: 10_000 }, (_error, _out, stderr) =>
        done(stderr),
      );
    });
  }

  // On Windows a file that is open cannot be deleted.
  test.skipIf(process.platform === 'win32')(
    'also when the lock file was deleted, copied or replaced meanwhile',
    async () => {
      const first = await start();
      const lock = join(dataDir, 'lock.db');
      copyFileSync(lock, `${lock}.copy`);
      rmSync(lock);
      await expect(start()).rejects.toThrow(/ is in use: another relay/);
      // What the refused start left is no better.
      await expect(start()).rejects.toThrow('in use');
      renameSync(`${lock}.copy`, lock);
      expect(await another()).toMatch(/^relay: [^\n]* is in use[^\n]*\n$/);
      await first.close();
      await (await start()).close();
    },
  );

  test('who only reads the database keeps no relay from starting again', async () => {
    await (await start()).close();
    const reader = new DatabaseSync(join(dataDir, 'relay.db'), { readOnly: true });
    expect(reader.prepare('SELECT COUNT(*) AS n FROM users').get()).toEqual({ n: 1 });
    const again = await start();
    // And a backup can be made while it runs.
    reader.exec(`ATTACH '${join(dataDir, 'relay.db')}' AS live`);
    expect(reader.prepare('SELECT COUNT(*) AS n FROM live.users').get()).toEqual({ n: 1 });
    reader.close();
    await again.close();
  });
});
