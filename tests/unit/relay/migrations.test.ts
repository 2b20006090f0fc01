import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { initial } from '../../../relay/migrations/sqlite/001-initial.ts';
import { chatOrder } from '../../../relay/migrations/sqlite/002-chat-order.ts';
import { files } from '../../../relay/migrations/sqlite/004-files.ts';
import { migrate, SCHEMA_VERSION, schemaVersion } from '../../../relay/migrations/sqlite/index.ts';
import { ForeignDatabaseError, NewerSchemaError } from '../../../relay/migrations/steps.ts';
import { openDatabase, type Database } from '../../../relay/repositories/sqlite/connection.ts';
import { repositoriesOn, type SqliteRepositories } from '../../../relay/storage/sqlite.ts';
import { queryWords } from '../../../relay/folding.ts';
import { createUserSearch } from '../../../relay/services/user-search.ts';

let folder: string;
let database: Database;
const reopen = (): Database => (database = openDatabase(join(folder, 'relay.db')));
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'relay-migrate-'));
  reopen();
});
let storage: SqliteRepositories | null = null;
/** The repositories on what was migrated. */
function repositories(): SqliteRepositories {
  const hooks = { onEffectError: () => undefined, onCommit: () => undefined };
  return (storage = repositoriesOn(database, join(folder, 'relay.db'), { keep: 9, keepMs: 9 }, hooks));
}
afterEach(() => {
  if (storage) storage.close();
  else database.close();
  storage = null;
  rmSync(folder, { recursive: true });
});

const tables = (): unknown[] => database.prepare('SELECT name, sql FROM sqlite_schema ORDER BY name').all();

test('an empty file becomes the newest schema, and opening it again changes nothing', async () => {
  expect(schemaVersion(database)).toBe(0);
  expect(await migrate(database)).toBe(0);
  expect(schemaVersion(database)).toBe(SCHEMA_VERSION);
  const made = tables();
  database.close();
  reopen();
  expect(await migrate(database)).toBe(SCHEMA_VERSION);
  expect(tables()).toEqual(made);
  expect(database.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
  expect(database.prepare('PRAGMA foreign_key_check').all()).toEqual([]);
});

test('the connection keeps the promises of the disk', () => {
  expect(database.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
  expect(database.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 2 });
  expect(database.prepare('PRAGMA foreign_keys').get()).toEqual({ foreign_keys: 1 });
});

test('a newer schema is refused in a clear word and left as it is', async () => {
  await migrate(database);
  database.exec(`PRAGMA user_version = ${SCHEMA_VERSION + 1}`);
  await expect(migrate(database)).rejects.toThrow(NewerSchemaError);
  await expect(migrate(database)).rejects.toThrow(/newer relay/);
  expect(schemaVersion(database)).toBe(SCHEMA_VERSION + 1);
});

test('a step that fails leaves nothing behind', async () => {
  // What the second step changes is not there.
  database.exec('CREATE TABLE users (x)');
  database.exec('PRAGMA user_version = 1');
  await expect(migrate(database)).rejects.toThrow(/no such table/);
  expect(schemaVersion(database)).toBe(1);
  expect(tables()).toHaveLength(1);
});

test('a database of another program gets no tables of ours', async () => {
  database.exec('CREATE TABLE recipes (x)');
  await expect(migrate(database)).rejects.toThrow(ForeignDatabaseError);
  expect([schemaVersion(database), tables().length]).toEqual([0, 1]);
});

test('from schema 1: the order of everybody’s chats is the one that was shown, and is read from an index', async () => {
  database.exec(initial);
  database.exec('PRAGMA user_version = 1');
  const user = database.prepare(
    `INSERT INTO users (id, username, username_folded, first_name, last_name, password_hash, role, created_at)
     VALUES (?1, ?1, ?1, 'A', 'B', '', 'user', 1)`,
  );
  const chat = database.prepare('INSERT INTO chats (id, pair_key, created_at, updated_at) VALUES (?1, ?1, 1, ?2)');
  const member = database.prepare('INSERT INTO members (chat_id, user_id, unread) VALUES (?, ?, 3)');
  user.run('anna');
  const chats: [string, number][] = [
    ['c1', 500],
    ['c2', 900],
    ['c3', 500],
    ['c4', 10],
  ];
  for (const [id, updatedAt] of chats) {
    user.run(`peer-${id}`);
    chat.run(id, updatedAt);
    for (const person of ['anna', `peer-${id}`]) member.run(id, person);
  }
  expect(await migrate(database)).toBe(1);
  expect(schemaVersion(database)).toBe(SCHEMA_VERSION);
  const { reads, queue } = repositories();
  const { chats: repository } = reads;
  expect(await repository.idsOf('anna')).toEqual(['c2', 'c3', 'c1', 'c4']);
  const first = await repository.page('anna', null, 2);
  expect(first.map(({ id }) => id)).toEqual(['c2', 'c3']);
  expect((await repository.page('anna', first[1] ?? null, 9)).map(({ id }) => id)).toEqual(['c1', 'c4']);
  expect((await repository.member('c1', 'anna'))?.unread).toBe(3);
  await queue.run((tx) => tx.chats.messageAdded('c4', 'm', 'peer-c4', 1000));
  expect((await repository.idsOf('anna'))[0]).toBe('c4');
  const plan = database
    .prepare(
      `EXPLAIN QUERY PLAN SELECT chat_id FROM members WHERE user_id = 'anna' AND (active_at, chat_id) < (1, 'c')
       ORDER BY active_at DESC, chat_id DESC LIMIT 2`,
    )
    .all();
  expect(plan.map(({ detail }) => detail).join()).toMatch(/^SEARCH members USING COVERING INDEX members_by_activity/);
  expect(database.prepare('PRAGMA foreign_key_check').all()).toEqual([]);
});

test('from schema 2: people are found by what is folded now, and every name is still its owner’s', async () => {
  database.exec(initial);
  database.exec(chatOrder);
  database.exec('PRAGMA user_version = 2');
  const user = database.prepare(
    `INSERT INTO users (id, username, username_folded, first_name, last_name, password_hash, role, created_at)
     VALUES (?1, ?1, ?2, ?3, ?4, '', ?5, 1)`,
  );
  const people: [string, string, string, string, string][] = [
    ['Zoë', 'zoë', 'Zoë', 'Łódzka', 'user'],
    ['zoe', 'zoe', 'Z.', 'Other', 'user'],
    ['anna', 'anna', 'Zoë', 'Bell', 'user'],
    ['admin', 'admin', 'Zoe', 'Administrator', 'admin'],
  ];
  for (const one of people) user.run(...one);
  const term = database.prepare('INSERT INTO user_terms (term, user_id) VALUES (?, ?)');
  for (const [word, id] of Object.entries({ zoë: 'Zoë', łódzka: 'Zoë', zoe: 'zoe', anna: 'anna' })) term.run(word, id);
  expect(await migrate(database)).toBe(2);
  const { users } = repositories().reads;
  const search = createUserSearch(users, { next: () => Promise.resolve() });
  const find = async (query: string): Promise<string[]> =>
    (await search(queryWords(query), '', 9)).map(({ username }) => username);
  expect(await find('ZOE')).toEqual(['zoe', 'Zoë', 'anna']);
  expect(await find('zoë lodz')).toEqual(['Zoë']);
  expect(await find('administrator')).toEqual([]);
  expect([(await users.findByName('ZOË'))?.id, (await users.findByName('Zoe'))?.id]).toEqual(['Zoë', 'zoe']);
});

test.each([3, 4])('from schema %i: what is there stays, and files have their tables', async (version) => {
  database.exec(initial);
  database.exec(chatOrder);
  if (version === 4) database.exec(files);
  database.exec(`PRAGMA user_version = ${version}`);
  database.exec(
    `INSERT INTO users (id, username, username_folded, first_name, last_name, password_hash, role, created_at)
     VALUES ('anna', 'anna', 'anna', 'A', 'B', '', 'user', 1)`,
  );
  if (version === 4) {
    database.exec(
      `INSERT INTO files (id, owner_id, name, mime_type, size, sha256, created_at, duration, peaks, variants)
       VALUES ('f1', 'anna', 'a.wav', 'audio/wav', 44, 'ab', 1, 1.5, 'AP8=', 'waveform')`,
    );
  }
  expect(await migrate(database)).toBe(version);
  expect(schemaVersion(database)).toBe(SCHEMA_VERSION);
  const { queue, reads } = repositories();
  const found = await reads.files.find('f1');
  if (version === 4)
    expect(found).toMatchObject({ ownerId: 'anna', duration: 1.5, peaks: [0, 1], variants: ['waveform'] });
  else expect(found).toBeNull();
  expect(await reads.totals.read()).toMatchObject(
    version >= 4 ? { files: 1, fileBytes: 44 } : { files: 0, fileBytes: 0 },
  );
  const upload = {
    id: 'u',
    ownerId: 'anna',
    fileId: 'f2',
    name: 'a',
    size: 1,
    peaks: [0, 1],
    received: 0,
    createdAt: 1,
    expiresAt: 2,
  };
  await queue.run((tx) => tx.uploadSessions.insert(upload));
  expect(await reads.uploadSessions.find('u')).toEqual(upload);
});

/** A file as the version before wrote it, with so many messages in two chats. */
function fillSchema3(messages: number): void {
  database.exec(initial);
  database.exec(chatOrder);
  database.exec(`
    INSERT INTO users (id, username, username_folded, first_name, last_name, password_hash, role, created_at)
      VALUES ('anna', 'Änna', 'änna', 'A', 'B', '', 'user', 1), ('boris', 'boris', 'boris', 'B', 'B', '', 'user', 1),
        ('clara', 'clara', 'clara', 'C', 'B', '', 'user', 1), ('root', 'admin', 'admin', 'R', 'B', '', 'admin', 1);
    INSERT INTO chats (id, pair_key, created_at, updated_at, message_count) VALUES
      ('ab', 'anna:boris', 1, 1, ${Math.ceil(messages / 2)}), ('ac', 'anna:clara', 1, 1, ${Math.floor(messages / 2)});
    INSERT INTO members (chat_id, user_id) VALUES ('ab', 'anna'), ('ab', 'boris'), ('ac', 'anna'), ('ac', 'clara');
    WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ${messages})
      INSERT INTO messages (id, chat_id, sender_id, content, created_at) SELECT 'm' || i,
        CASE WHEN i % 2 = 0 THEN 'ab' ELSE 'ac' END,
        -- Not in the order of their ids: every fifth is the other one's.
        CASE WHEN i % 5 = 0 THEN CASE WHEN i % 2 = 0 THEN 'boris' ELSE 'clara' END ELSE 'anna' END,
        'hello', 1000000 - i FROM n;
    INSERT INTO reactions (id, message_id, user_id, emoji, created_at) VALUES ('r1', 'm1', 'anna', 'x', 1);
    PRAGMA user_version = 3;
  `);
}

test('from schema 3: a hundred thousand messages are numbered and counted', async () => {
  fillSchema3(100_000);
  const before = database.prepare('SELECT id, chat_id, sender_id, content, created_at FROM messages ORDER BY id').all();
  expect(await migrate(database)).toBe(3);
  const after = database.prepare('SELECT id, chat_id, sender_id, content, created_at FROM messages ORDER BY id').all();
  expect(after).toEqual(before);
  const rows = database
    .prepare('SELECT chat_id, sender_id, number, sender_number FROM messages ORDER BY created_at')
    .all();
  const counts = new Map<string, number>();
  const next = (key: string): number => {
    counts.set(key, (counts.get(key) ?? 0) + 1);
    return counts.get(key) ?? 0;
  };
  const wrong = rows.filter(
    ({ chat_id, sender_id, number, sender_number }) =>
      number !== next(String(chat_id)) || sender_number !== next(`${String(chat_id)} ${String(sender_id)}`),
  );
  expect(wrong).toEqual([]);
  expect(database.prepare('SELECT chat_id, user_id, sent FROM members ORDER BY chat_id, user_id').all()).toEqual([
    { chat_id: 'ab', user_id: 'anna', sent: 40_000 },
    { chat_id: 'ab', user_id: 'boris', sent: 10_000 },
    { chat_id: 'ac', user_id: 'anna', sent: 40_000 },
    { chat_id: 'ac', user_id: 'clara', sent: 10_000 },
  ]);
  const { reads } = repositories();
  expect(await reads.totals.read()).toEqual({
    users: 3,
    chats: 2,
    messages: 100_000,
    reactions: 1,
    files: 0,
    fileBytes: 0,
    calls: 0,
  });
  expect((await reads.users.named('ann', 9)).map(({ id }) => id)).toEqual(['anna']);
}, 60_000);

test('from schema 3: a step that breaks off at its end leaves the file as it was, and goes through later', async () => {
  fillSchema3(10);
  // In the way of the last but one statement of the last step.
  database.exec('CREATE INDEX users_by_search ON users (bio)');
  const before = tables();
  await expect(migrate(database)).rejects.toThrow('users_by_search');
  expect(tables()).toEqual(before);
  expect([schemaVersion(database), database.inTransaction]).toEqual([3, false]);
  database.exec('DROP INDEX users_by_search');
  expect(await migrate(database)).toBe(3);
  expect(schemaVersion(database)).toBe(SCHEMA_VERSION);
});

test('a full disk in the middle of a step leaves the file as it was', async () => {
  fillSchema3(5000);
  const before = tables();
  const { page_count: pages } = database.prepare('PRAGMA page_count').get() ?? {};
  database.exec(`PRAGMA max_page_count = ${Number(pages) + 3}`);
  await expect(migrate(database)).rejects.toThrow('full');
  expect([tables(), schemaVersion(database)]).toEqual([before, 3]);
  database.exec('PRAGMA max_page_count = 1000000');
  expect(await migrate(database)).toBe(3);
});
