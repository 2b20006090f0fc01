/** The node's commands at a terminal: backups of a running node, their restoration, and the doctor. */
import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Statistics } from '../../../contract/api/admin.ts';
import { runCommand } from '../../../relay/maintenance/commands.ts';
import { judgeBackup, judgeSpace, judgeTurn } from '../../../relay/maintenance/doctor.ts';
import { StartError } from '../../../relay/start-error.ts';
import { sqliteOnly } from '../../helpers/postgres/sqlite-only.ts';
import { createRelayClient, startTestRelay, type TestRelay, type TestUser } from '../../helpers/relay.ts';
import { download, upload } from '../../helpers/relay-files.ts';
import { history, pair, say } from '../../helpers/relay-scene.ts';
import { signedIn } from '../../helpers/relay-socket.ts';

sqliteOnly('backup, restore and doctor are for SQLite’s file');

const ROOT = resolve(import.meta.dirname, '../../..');
const DAY = 86_400_000;

let folder: string;
let data: string;
let relay: TestRelay | null;
let anna: TestUser;
let chatId: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'relay-maintenance-'));
  data = join(folder, 'data');
  await mkdir(data, { mode: 0o700 });
  await start();
  ({ anna, chatId } = await pair(running()));
  await say(anna, chatId, 'before the backup');
});
afterEach(async () => {
  await stop();
  await rm(folder, { recursive: true, force: true });
});

async function start(): Promise<void> {
  relay = await startTestRelay({ dataDir: data });
}
async function stop(): Promise<void> {
  await relay?.close();
  relay = null;
}
function running(): TestRelay {
  if (!relay) throw new Error('no node is running');
  return relay;
}

/** Runs a command in this process: what a terminal would show. */
async function command(args: string[], env: Record<string, string> = {}): Promise<{ code: number; text: string }> {
  try {
    const { text, isWell } = await runCommand(args, { RELAY_DATA_DIR: data, ...env }, Date.now());
    return { code: isWell ? 0 : 1, text };
  } catch (error) {
    if (error instanceof StartError) return { code: 1, text: error.message };
    throw error;
  }
}

/** Runs a command as `npm run relay -- …` does. */
function atTerminal(args: string[]): Promise<{ code: number; text: string }> {
  const { promise, resolve: done } = Promise.withResolvers<{ code: number; text: string }>();
  const options = { cwd: ROOT, env: { ...process.env, RELAY_DATA_DIR: data, RELAY_TOKEN_DAYS: '30' } };
  const argv = ['--disable-warning=ExperimentalWarning', 'relay/server.ts', ...args];
  execFile(process.execPath, argv, options, (error, stdout, stderr) => {
    done({ code: error ? Number(error.code) : 0, text: `${stdout}${stderr}` });
  });
  return promise;
}

/** The words of the chat, and the epoch, as the node that now runs has them. */
async function state(): Promise<{ words: string[]; epoch: unknown }> {
  const { user, password } = anna;
  const login = await running().api.post<{ token: string }>('/auth/login', { username: user.username, password });
  const socket = await signedIn(running().socketUrl, login.body.token);
  await socket.close();
  const words = (await history(anna, chatId)).messages.map(({ content }) => content);
  return { words, epoch: socket.all('auth:success')[0]?.data.epoch };
}

test('what was backed up while the node ran comes back, with its files, under a new epoch', async () => {
  const file = await upload(anna, 'bytes that matter', 'kept.txt');
  const { id } = await say(anna, chatId, '', { attachments: [file.id] });
  const react = (emoji: string) => anna.api.post(`/messages/${id}/reactions`, { emoji });
  const figures = { from: Date.UTC(2020, 0, 1), step: 31 * 24 };
  const top = async () =>
    (await running().admin.api.get<Statistics>('/admin/stats', figures)).body.topReactions?.emojis;
  await react('👍');
  const backup = join(folder, 'backup.db');
  expect(await atTerminal(['backup', backup])).toMatchObject({
    code: 0,
    text: expect.stringContaining(backup) as string,
  });
  await react('🔥');
  expect(await top()).toHaveLength(2);
  expect((await stat(backup)).mode & 0o077).toBe(0);
  await say(anna, chatId, 'after the backup');
  const before = await state();
  expect(before.words).toEqual(['after the backup', '', 'before the backup']);

  // Nothing is touched while a node runs.
  expect(await atTerminal(['restore', backup])).toMatchObject({
    code: 1,
    text: expect.stringContaining('in use') as string,
  });
  await stop();
  await rm(join(data, 'files'), { recursive: true });
  expect(await atTerminal(['restore', backup])).toMatchObject({ code: 0 });
  expect(await atTerminal(['doctor'])).toMatchObject({
    code: 0,
    text: expect.stringContaining('ok      integrity') as string,
  });
  await start();
  anna = { ...anna, api: createRelayClient(running().url, anna.token) };
  const after = await state();
  expect(after.words).toEqual(['', 'before the backup']);
  expect(after.epoch).not.toBe(before.epoch);
  expect(await top()).toEqual([{ emoji: '👍', count: 1 }]);
  expect((await download(running().url, anna, `/files/${file.id}`)).bytes.toString()).toBe('bytes that matter');
  // What was there before is kept, and whole.
  const old = new DatabaseSync(join(data, 'relay.db.before-restore'), { readOnly: true });
  expect(old.prepare('SELECT COUNT(*) AS n FROM messages').get()).toMatchObject({ n: 3 });
  old.close();
});

test('a second backup replaces the first one whole, and copies only new files', async () => {
  const backup = join(folder, 'backup.db');
  await upload(anna, 'one', 'one.txt');
  expect((await command(['backup', backup])).text).toContain('1 new of 1 files');
  await upload(anna, 'two', 'two.txt');
  await say(anna, chatId, 'more');
  expect((await command(['backup', backup])).text).toContain('1 new of 2 files');
  const copy = new DatabaseSync(backup, { readOnly: true });
  expect(copy.prepare('SELECT COUNT(*) AS n FROM messages').get()).toMatchObject({ n: 2 });
  copy.close();
  expect((await readdir(folder)).toSorted()).toEqual(['backup.db', 'backup.db.files', 'data']);
});

test.each([
  ['that is not there', async () => undefined],
  ['of another program', (file: string) => writeFile(file, 'not a database at all, and long enough to be looked at')],
  [
    'of another database',
    async (file: string) => {
      const other = new DatabaseSync(file);
      other.exec('CREATE TABLE users (id TEXT); PRAGMA user_version = 3');
      other.close();
    },
  ],
  [
    'that was cut short',
    async (file: string) => {
      await command(['backup', file]);
      await truncate(file, Math.floor((await stat(file)).size / 2));
    },
  ],
  [
    'of a newer relay',
    async (file: string) => {
      await command(['backup', file]);
      const copy = new DatabaseSync(file);
      copy.exec('PRAGMA user_version = 9999');
      copy.close();
    },
  ],
])('a backup %s is refused, and the data stays as it is', async (_what, make) => {
  const file = join(folder, 'bad.db');
  await make(file);
  await stop();
  const before = await readFile(join(data, 'relay.db'));
  const { code, text } = await command(['restore', file]);
  expect([code, text.trim().split('\n').length]).toEqual([1, 1]);
  expect(text).toContain(file);
  expect((await readFile(join(data, 'relay.db'))).equals(before)).toBe(true);
});

test.each([[['backup']], [['backup', 'a', 'b']], [['restore']], [['doctor', 'x']], [['something']]])(
  '%j is no command',
  async (args) => {
    const { code, text } = await command(args);
    expect([code, text]).toEqual([1, expect.stringContaining('"backup FILE", "restore FILE" and "doctor"')]);
  },
);

test('a backup into the data folder, and one of a database elsewhere, are refused', async () => {
  expect((await command(['backup', join(data, 'copy.db')])).code).toBe(1);
  const elsewhere = await command(['backup', join(folder, 'x.db')], { RELAY_DATABASE_URL: 'postgres://u@127.0.0.1/x' });
  expect([elsewhere.code, elsewhere.text]).toEqual([1, expect.stringContaining('PostgreSQL')]);
});

describe('the doctor', () => {
  const lineOf = (text: string, about: string): string => text.split('\n').find((line) => line.includes(about)) ?? '';

  test('finds a running node well, and misses a backup', async () => {
    const { code, text } = await command(['doctor']);
    expect(code).toBe(0);
    expect(lineOf(text, 'integrity')).toMatch(/^ok/);
    expect(lineOf(text, 'files:')).toMatch(/^ok/);
    expect(lineOf(text, 'rights')).toMatch(/^ok/);
    expect(lineOf(text, 'backup')).toMatch(/^warning .*none was made/);
    expect(lineOf(text, 'calls')).toMatch(/^warning .*TURN/);
    await command(['backup', join(folder, 'backup.db')]);
    expect(lineOf((await command(['doctor'])).text, 'backup')).toMatch(/^ok .*0 days old/);
    await rm(join(folder, 'backup.db'));
    expect(lineOf((await command(['doctor'])).text, 'backup')).toMatch(/^warning .*not there any more/);
  });

  test('finds data that others may read', async () => {
    await chmod(join(data, 'jwt-secret'), 0o644);
    const { code, text } = await command(['doctor']);
    expect([code, lineOf(text, 'rights')]).toEqual([1, expect.stringMatching(/^PROBLEM .*jwt-secret/)]);
    await chmod(join(data, 'jwt-secret'), 0o600);
    await chmod(data, 0o755);
    expect(lineOf((await command(['doctor'])).text, 'rights')).toMatch(/^warning /);
  });

  test('finds files without their bytes, wrong totals, and rows that belong to nothing', async () => {
    const file = await upload(anna, 'here today', 'a.txt');
    await stop();
    await truncate(join(data, 'files', file.id.slice(-2), file.id), 3);
    const database = new DatabaseSync(join(data, 'relay.db'), { enableForeignKeyConstraints: false });
    database.exec(`UPDATE counters SET value = 7 WHERE name = 'messages'`);
    const first = await command(['doctor']);
    expect([first.code, lineOf(first.text, 'files:')]).toEqual([1, expect.stringContaining(file.id)]);
    expect(lineOf(first.text, 'totals')).toMatch(/^warning .*messages/);
    expect(first.text).not.toContain('by emoji');
    database.exec(`INSERT INTO reaction_totals (emoji, part, value) VALUES ('👍', 0, 1)`);
    expect(lineOf((await command(['doctor'])).text, 'totals')).toMatch(/^warning .*messages, reactions by emoji/);
    database.exec('DELETE FROM users');
    database.close();
    expect(lineOf((await command(['doctor'])).text, 'integrity')).toMatch(/^PROBLEM .*belong to nothing/);
  });

  test('finds a damaged database, and a folder without one', async () => {
    await stop();
    await truncate(join(data, 'relay.db'), 9000);
    const { code, text } = await command(['doctor']);
    expect([code, lineOf(text, 'integrity')]).toEqual([1, expect.stringMatching(/^PROBLEM /)]);
    const empty = await command(['doctor'], { RELAY_DATA_DIR: join(folder, 'nowhere') });
    expect([empty.code, empty.text]).toEqual([1, expect.stringContaining('no data folder')]);
  });

  const MB = 1024 * 1024;
  test.each([
    [100 * MB, 256 * MB, 'problem'],
    [255 * MB, 256 * MB, 'problem'],
    [256 * MB, 256 * MB, 'warning'],
    [1023 * MB, 256 * MB, 'warning'],
    [1024 * MB, 256 * MB, 'ok'],
    [1024 * MB, 0, 'ok'],
    [100 * MB, 0, 'warning'],
  ])('%i bytes free with %i to keep: %s', (free, reserve, is) => expect(judgeSpace(free, reserve).state).toBe(is));

  test('counts the days of a backup', () => {
    const file = import.meta.filename;
    expect(judgeBackup({ at: 0, file }, 7 * DAY - 1).state).toBe('ok');
    expect(judgeBackup({ at: 0, file }, 7 * DAY).state).toBe('warning');
    expect(judgeBackup(null, 0).state).toBe('warning');
  });

  const secret = 'a secret of the test';
  test.each([
    [undefined, ['warning']],
    [{ urls: ['turn:turn.example:3478?transport=tcp'], secret }, ['ok']],
    [{ urls: ['turns:turn.example:5349'], secret }, ['ok']],
    [{ urls: ['turn:turn.example:3478?transport=udp'], secret }, ['ok', 'warning']],
    [{ urls: ['turn:192.168.1.5:3478', 'turns:turn.example'], secret }, ['warning']],
    [{ urls: ['turns:[::1]:5349'], secret }, ['warning']],
    [{ urls: ['turns:turn.example'], secret, lifetimeMs: 60_000 }, ['ok', 'warning']],
  ])('judges TURN %j', (turn, states) => {
    expect(judgeTurn(turn ? { turn } : undefined).map(({ state: is }) => is)).toEqual(states);
  });
});
