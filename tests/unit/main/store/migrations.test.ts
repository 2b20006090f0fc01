import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseQuery } from '../../../../electron/main/lib/search-query.ts';
import { ForeignDatabase, migrate, openWriter } from '../../../../electron/main/services/store/database.ts';
import { MIGRATIONS } from '../../../../electron/main/services/store/migrations.ts';
import { Sql } from '../../../../electron/main/services/store/sql.ts';
import { AccountFiles, ask } from './account-files.ts';
import { CHAT, ME, NOW, OTHER } from './open-store.ts';

const PENDING = 8.64e15;
const at = (n: number): number => NOW + n * 1000;
const row = (n: number): number => Math.floor(at(n) / 1000) * 4096;

/**
 * What an account held when a version was the newest: a row of every table, written by hand, for the code of that time
 * is gone. A step that is added to MIGRATIONS adds its own rows here.
 */
const ROWS: Record<number, string> = {
  1: `
    INSERT INTO meta (name, value) VALUES ('account', 'account'), ('me', '${ME}'), ('seq', '42'), ('epoch', 'e1'),
      ('clean', '1'), ('emojis', '["👍"]');
    INSERT INTO users (id, username, first_name, last_name, bio, last_seen_at, folded) VALUES
      ('${ME}', 'me', 'Mara', 'Own', '', NULL, 'me mara own'),
      ('${OTHER}', 'otto', 'Отто', 'Ёжиков', 'bio', ${at(0)}, 'otto отто ежиков');
    INSERT INTO chats (id, participants, created_at, last_row, activity_at, unread, read_known, read_at, read_tie, read_wanted, has_files)
      VALUES ('${CHAT}', '["${ME}","${OTHER}"]', ${at(0)}, ${row(3)}, ${at(3)}, 1, 1, ${at(1)}, 'm1', 'm1', 1);
    INSERT INTO flags (chat_id, pinned, archived, muted, muted_until, marked_unread) VALUES ('${CHAT}', 1, 0, 1, NULL, 1);
    INSERT INTO drafts (chat_id, text, reply_to) VALUES ('${CHAT}', 'half a', 'm1');
    INSERT INTO messages (row, key, id, local_id, chat_id, at, tie, sender_id, mine, content, created_at, reply_to, files, kinds, state) VALUES
      (${row(1)}, 'm1', 'm1', NULL, '${CHAT}', ${at(1)}, 'm1', '${OTHER}', 0, 'Ёлка and tea', ${at(1)}, NULL, 1, 3, NULL),
      (${row(2)}, 'l2', 'm2', 'l2', '${CHAT}', ${at(2)}, 'm2', '${ME}', 1, 'see https://example.org', ${at(2)}, 'm1', 0, 16, 'read'),
      (${row(3)}, 'm3', 'm3', NULL, '${CHAT}', ${at(3)}, 'm3', '${OTHER}', 0, 'more tea', ${at(3)}, NULL, 0, 0, NULL),
      (${row(4)}, 'l4', NULL, 'l4', '${CHAT}', ${PENDING + 2}, 'l4', '${ME}', 1, 'not sent', ${at(4)}, NULL, 0, 0, 'unknown');
    INSERT INTO attachments (row, n, id, name, mime_type, size, width, height)
      VALUES (${row(1)}, 0, 'f1', 'tree.png', 'image/png', 7, 2, 3);
    INSERT INTO reactions (message_id, user_id, emoji, id, at) VALUES ('m2', '${OTHER}', '👍', 'r1', ${at(3)});
    INSERT INTO state_times (row, state, at) VALUES (${row(2)}, 'sent', ${at(2)}), (${row(2)}, 'read', ${at(3)});
    INSERT INTO ranges (chat_id, from_at, from_tie, to_at, to_tie, starts)
      VALUES ('${CHAT}', ${at(1)}, 'm1', ${at(3)}, 'm3', 1);
    INSERT INTO outbox (local_id, account, chat_id, seq, content, state, attempt, unanswered, next_at, anchor_id, anchor_at,
        anchor_tie, server_id, written_at, queued_at) VALUES
      ('l2', 'account', '${CHAT}', 1, 'see https://example.org', 'read', 1, 0, 0, 'm1', ${at(1)}, 'm1', 'm2', ${at(2)}, ${at(2)}),
      ('l4', 'account', '${CHAT}', 2, 'not sent', 'unknown', 1, 1, ${at(5)}, 'm3', ${at(3)}, 'm3', NULL, ${at(4)}, ${at(4)});
    INSERT INTO claimed (server_id, local_id) VALUES ('m9', 'l9');`,
};
ROWS[2] = `${ROWS[1]} UPDATE outbox SET revision = 3 WHERE local_id = 'l4';`;
ROWS[3] = `${ROWS[2]} UPDATE chats SET preview = NULL;`;
ROWS[4] = ROWS[3];
ROWS[5] = `${ROWS[4]}
  UPDATE users SET avatar_url = '/api/files/face' WHERE id = '${OTHER}';
  UPDATE attachments SET thumbhash = '1QcSHQRnh493V4dIh4eXh1h4kJUI', peaks = '[0,0.5,1]', variants = '["thumb"]';
  INSERT INTO uploads (id, chat_id, n, name, mime_type, size, voice, path, own, file_size, modified, inode, tagged, keep_tags,
      can_reduce, reduced, state, created_at)
    VALUES ('u1', '${CHAT}', 1, 'plan.pdf', 'application/pdf', 7, 0, '/tmp/plan.pdf', 0, 7, '1', '2', 0, 0, 0, 0, 'waiting', 1);`;
ROWS[6] = `${ROWS[5]}
  INSERT INTO tracks (row, id, said, title, artist, duration, size, mime_type, cover, title_key, artist_key, words, cache_name)
    VALUES (1, 't1', '{"title":"Song"}', 'Song', 'AC/DC', 3, 7, 'audio/mpeg', 0, 'song', 'ac/dc', ' song ac dc', 'c1');
  INSERT INTO track_marks (id, plays, played_at, edit) VALUES ('t1', 2, ${at(1)}, '{"artist":"AC/DC"}');
  INSERT INTO playlists (id, name, changed_at) VALUES ('p1', 'Mix', ${at(1)});
  INSERT INTO playlist_tracks (playlist_id, n, id) VALUES ('p1', 0, 't1');
  INSERT INTO waveforms (id, peaks) VALUES ('t1', '[0,1]');`;
ROWS[7] = `${ROWS[6]}
  INSERT INTO later (local_id, chat_id, text, reply_to, due_at) VALUES ('l7', '${CHAT}', 'good morning', NULL, ${at(9)});`;
ROWS[8] = `${ROWS[7]}
  INSERT INTO notes (id, text, chat_id, message_id, sender, created_at) VALUES ('n1', 'buy tea', NULL, NULL, NULL, ${at(1)});`;

const newest = MIGRATIONS.length;
const version = (db: DatabaseSync): number => Number(db.prepare('PRAGMA user_version').get()?.['user_version']);
const schema = (db: DatabaseSync): unknown =>
  db
    .prepare("SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'message_index%' ORDER BY name")
    .all();

let files: AccountFiles;
beforeEach(() => void (files = new AccountFiles()));
afterEach(() => files.remove());

/** Makes the file as that version left it. */
function build(wanted: number): void {
  files.sql((db) => {
    db.exec('PRAGMA journal_mode = WAL');
    migrate(new Sql(db), MIGRATIONS.slice(0, wanted));
    db.exec(ROWS[wanted] ?? '');
  });
}

const versions = MIGRATIONS.map((_, n) => n + 1);

describe('the way to today’s tables', () => {
  it('has rows to walk with for every version', () => {
    expect(Object.keys(ROWS).map(Number)).toEqual(versions);
    for (const one of versions) {
      const db = new DatabaseSync(':memory:');
      migrate(new Sql(db), MIGRATIONS.slice(0, one));
      db.exec(ROWS[one] ?? '');
      const tables = db.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
      const empty = tables.filter(({ name }) => !db.prepare(`SELECT 1 FROM ${String(name)} LIMIT 1`).get());
      expect(empty).toEqual([]);
      db.close();
    }
  });

  it('leads from an empty file to a store that works', () => {
    const thread = files.start();
    expect(ask(thread, 'snapshot', { now: NOW, limit: 10 })).toEqual({
      chats: [],
      more: false,
      unread: { messages: 0, chats: 0 },
      counts: [],
      lastChatId: null,
    });
    files.end(thread);
    expect(files.sql(version)).toBe(newest);
  });

  it.each(versions)('leads from version %i, and every row is read as it was written', (from) => {
    build(from);
    const thread = files.start();
    expect(thread.opened).toEqual({ rebuilt: false, rescued: 0, indexed: true });
    expect(ask(thread, 'snapshot', { now: NOW, limit: 10 })).toMatchObject({
      unread: { messages: 0, chats: 0 },
      counts: [[CHAT, 1]],
      chats: [
        {
          id: CHAT,
          title: 'Отто Ёжиков',
          unread: 1,
          pinned: true,
          archived: false,
          markedUnread: true,
          muted: { until: null },
          draft: 'half a',
          draftReplyTo: 'm1',
          waiting: 1,
          failed: 0,
          hasFiles: true,
          last: { key: 'm3', text: 'more tea' },
        },
      ],
    });
    expect(ask(thread, 'page', { chatId: CHAT, anchor: { at: 'latest' }, limit: 10 })).toMatchObject({
      older: 'end',
      newer: 'end',
      readUpTo: 'm1',
      items: [
        { key: 'm1', text: 'Ёлка and tea', state: null, attachments: [{ id: 'f1', name: 'tree.png', width: 2 }] },
        {
          key: 'l2',
          id: 'm2',
          state: 'read',
          quote: { id: 'm1', text: 'Ёлка and tea', senderName: 'Отто Ёжиков' },
          reactions: [{ emoji: '👍', users: [{ id: OTHER }] }],
        },
        { key: 'm3', text: 'more tea' },
        { key: 'l4', id: null, text: 'not sent', state: 'unknown' },
      ],
    });
    expect(ask(thread, 'outboxHeads', {})).toEqual([
      { localId: 'l4', chatId: CHAT, state: 'unknown', nextAt: at(5), tried: at(5) - at(4), unanswered: 1 },
    ]);
    expect(ask(thread, 'anchorOf', { localId: 'l4' })).toEqual({ chatId: CHAT, at: at(3), tie: 'm3' });
    expect(ask(thread, 'details', { key: 'm2' })?.history).toEqual([
      { state: 'sent', at: at(2) },
      { state: 'read', at: at(3) },
    ]);
    expect(ask(thread, 'syncPoint', {})).toEqual({ seq: 42, epoch: 'e1' });
    expect(ask(thread, 'emojis', { set: null })).toEqual(['👍']);
    expect(ask(thread, 'unreportedReads', {})).toEqual([{ chatId: CHAT, messageId: 'm1', newer: 2 }]);
    const reader = files.start({ role: 'reader' });
    const find = (text: string): string[] =>
      ask(reader, 'search', { query: parseQuery(text), chatId: null, limit: 10, offset: 0 }).hits.map(
        ({ messageId }) => messageId,
      );
    expect([find('елка'), find('has:image'), find('from:me has:link')]).toEqual([['m1'], ['m1'], ['m2']]);
    // And it goes on from there: a message that the lost database knew is not taken for the one that waits.
    const own = { chatId: CHAT, content: 'not sent', senderId: ME, createdAt: new Date(at(8)).toISOString() };
    ask(thread, 'storeOne', { message: { ...own, id: 'm9' }, now: NOW });
    expect(ask(thread, 'reconcile', { localId: 'l4', now: NOW }).bound).toBe(false);
    ask(thread, 'storeOne', { message: { ...own, id: 'm10' }, now: NOW });
    expect(ask(thread, 'outboxHeads', {})).toEqual([]);
    files.end(thread);
    expect(files.sql(version)).toBe(newest);
  });

  it.each([0, ...versions])('leads from version %i to the same tables as from any other', (from) => {
    if (from > 0) build(from);
    for (let n = 0; n < 2; n += 1) files.end(files.start());
    const fresh = new DatabaseSync(':memory:');
    migrate(new Sql(fresh));
    expect(files.sql(schema)).toEqual(schema(fresh));
    fresh.close();
  });
});

describe('migrate', () => {
  const STEPS = ['CREATE TABLE a (x); INSERT INTO a VALUES (1)', 'ALTER TABLE a ADD COLUMN y; UPDATE a SET y = x + 1'];
  const rows = (db: DatabaseSync): unknown[] =>
    db
      .prepare('SELECT * FROM a')
      .all()
      .map((one) => ({ ...one }));

  it('takes each step once', () => {
    files.sql((db) => {
      const sql = new Sql(db);
      migrate(sql, STEPS.slice(0, 1));
      expect([version(db), rows(db)]).toEqual([1, [{ x: 1 }]]);
      for (let n = 0; n < 2; n += 1) migrate(sql, STEPS);
      expect([version(db), rows(db)]).toEqual([2, [{ x: 1, y: 2 }]]);
    });
  });

  it('undoes the step that fails and keeps those before it', () => {
    files.sql((db) => {
      const sql = new Sql(db);
      expect(() =>
        migrate(sql, [...STEPS, 'DELETE FROM a; CREATE TABLE b (x); INSERT INTO nowhere VALUES (1)']),
      ).toThrow('nowhere');
      expect([version(db), rows(db)]).toEqual([2, [{ x: 1, y: 2 }]]);
      migrate(sql, [...STEPS, 'CREATE TABLE b (x)']);
      expect(version(db)).toBe(3);
    });
  });

  it('refuses what is newer, and leaves it as it is', () => {
    build(newest);
    files.sql((db) => db.exec(`PRAGMA user_version = ${newest + 1}`));
    const before = readFileSync(files.database);
    const open = (): unknown => openWriter(files.database, { account: 'account', me: ME }, true, () => undefined);
    expect(open).toThrow(ForeignDatabase);
    expect(readFileSync(files.database).equals(before)).toBe(true);
  });

  it('refuses what is another account’s, and leaves it as it is', () => {
    build(newest);
    const before = readFileSync(files.database);
    const open = (): unknown => openWriter(files.database, { account: 'another', me: ME }, true, () => undefined);
    expect(open).toThrow(ForeignDatabase);
    expect(readFileSync(files.database).equals(before)).toBe(true);
  });
});

describe('the search index', () => {
  const find = (text: string): string[] => {
    const reader = files.start({ role: 'reader' });
    const query = parseQuery(text);
    const { hits } = ask(reader, 'search', { query, chatId: null, limit: 10, offset: 0 });
    files.end(reader);
    return hits.map(({ messageId }) => messageId);
  };
  const inIndex = (): unknown => files.sql((db) => db.prepare('SELECT count(*) AS n FROM message_index').get()?.['n']);

  it('is made anew after a build without it has written', () => {
    build(newest);
    files.end(files.start());
    expect(inIndex()).toBe(4);
    const without = files.start({ useFts: false });
    expect(without.opened.indexed).toBe(false);
    const message = { id: 'm5', chatId: CHAT, content: 'fresh tea', senderId: OTHER };
    ask(without, 'storeOne', { message: { ...message, createdAt: new Date(at(5)).toISOString() }, now: NOW });
    expect(find('tea').sort()).toEqual(['m1', 'm3', 'm5']);
    files.end(without);
    expect(inIndex()).toBe(4);
    files.end(files.start());
    expect(inIndex()).toBe(5);
    expect(find('tea').sort()).toEqual(['m1', 'm3', 'm5']);
  });

  it('is made anew when it was of another kind', () => {
    build(newest);
    files.end(files.start());
    files.sql((db) => db.exec('DROP TABLE message_index; CREATE VIRTUAL TABLE message_index USING fts5(words, tags)'));
    expect(inIndex()).toBe(0);
    files.end(files.start());
    expect(inIndex()).toBe(4);
    expect(find('"more tea"')).toEqual(['m3']);
  });

  it('is made in parts where there is much, and meanwhile all is found as ever', () => {
    const many = 5000;
    const before = row(0) - many;
    build(3);
    files.sql((db) => {
      db.exec(`CREATE VIRTUAL TABLE message_index USING fts5(words, tags, content='', contentless_delete=1,
       tokenize='unicode61 remove_diacritics 0', prefix='1 2 3')`);
      db.exec(`WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ${many})
        INSERT INTO messages (row, key, id, chat_id, at, tie, sender_id, mine, content, created_at)
        SELECT ${before} + n, 'old' || n, 'old' || n, '${CHAT}', ${at(0)} - ${many} + n, n, '${OTHER}', 0,
          CASE WHEN n % 1000 = 7 THEN '我在上海住' || n ELSE 'nothing' END, n FROM n`);
    });
    files.sql((db) =>
      db.exec(`INSERT INTO users (id, username, first_name, last_name, bio, folded)
      VALUES ('zoe', 'zoe-1', 'Zoë', 'Łódzka', '', 'zoe-1 zoe łodzka')`),
    );
    const shanghai = ['old4007', 'old3007', 'old2007', 'old1007', 'old7'];
    let writer = files.start();
    expect(writer.opened.indexed).toBe(false);
    const opened = Number(inIndex());
    expect(opened).toBeLessThan(many / 2);
    expect(find('上海')).toEqual(shanghai);
    expect(find('from:"ежиков" "more tea"')).toEqual(['m3']);
    expect(files.sql((db) => db.prepare("SELECT folded FROM users WHERE id = 'zoe'").get())).toEqual({
      folded: 'zoe 1 zoe lodzka',
    });
    // What comes meanwhile is indexed once, on either side of the place that was reached; the program may end in between.
    const store = (id: string, time: number): void => {
      const message = { id, chatId: CHAT, content: `${id} 上海`, senderId: OTHER };
      ask(writer, 'storeOne', { message: { ...message, createdAt: new Date(time).toISOString() }, now: NOW });
    };
    store('new', at(9));
    store('early', at(-86_400));
    expect(inIndex()).toBe(opened + 1);
    const reader = files.start({ role: 'reader' });
    expect(reader.opened.indexed).toBe(false);
    expect(writer.work()).toBe(true);
    files.end(writer);
    writer = files.start();
    expect(writer.opened.indexed).toBe(false);
    expect(Number(inIndex())).toBeGreaterThan(opened);
    while (writer.work());
    expect(inIndex()).toBe(many + 6);
    expect(files.sql((db) => db.prepare(`SELECT count(*) AS n FROM message_index('"上 海"')`).get())).toEqual({ n: 7 });
    const query = parseQuery('上海');
    const { hits } = ask(reader, 'search', { query, chatId: null, limit: 10, offset: 0 });
    expect(hits.map(({ messageId }) => messageId).sort()).toEqual(['early', 'new', ...shanghai].sort());
    // The reader, which was opened before, asks the index now.
    files.sql((db) => db.exec(`DELETE FROM message_index WHERE rowid = ${before + 7}`));
    expect(ask(reader, 'search', { query, chatId: null, limit: 10, offset: 0 }).hits).toHaveLength(6);
    files.end(writer);
    expect(files.start().opened.indexed).toBe(true);
  });
});
