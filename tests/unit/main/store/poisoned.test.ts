/** What a hostile server got into the store of an earlier version, when its schemas let any number and any date through. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ChatView } from '../../../../contract/ipc/views.ts';
import { migrate } from '../../../../electron/main/services/store/database.ts';
import { MIGRATIONS } from '../../../../electron/main/services/store/migrations.ts';
import { Sql } from '../../../../electron/main/services/store/sql.ts';
import { AccountFiles, ask } from './account-files.ts';
import { CHAT, ME, message, NOW, OTHER } from './open-store.ts';

const YEAR_9999 = Date.UTC(9999, 0, 1);
const YEAR_1 = Date.parse('0001-01-01T00:00:00Z');

let files: AccountFiles;
beforeEach(() => void (files = new AccountFiles()));
afterEach(() => files.remove());

/** The file as version 2 of the tables left it after two frames `chat:read` that counted 2^53 - 1, and messages of all times. */
function poison(): void {
  const chat = (id: string, more: string): string =>
    `INSERT INTO chats (id, participants, created_at, activity_at, unread, read_known, read_at, read_tie)
       VALUES ('${id}', '["${ME}","${OTHER}"]', ${NOW}, ${more});`;
  const row = (n: number, id: string, at: number): string =>
    `INSERT INTO messages (row, key, id, chat_id, at, tie, sender_id, mine, content, created_at)
       VALUES (${n}, '${id}', '${id}', '${CHAT}', ${at}, '${id}', '${OTHER}', 0, '${id}', ${at});`;
  files.sql((db) => {
    db.exec('PRAGMA journal_mode = WAL');
    migrate(new Sql(db), MIGRATIONS.slice(0, 2));
    db.exec(`
      INSERT INTO meta (name, value) VALUES ('account', 'account'), ('me', '${ME}'), ('clean', '1');
      ${chat(CHAT, `${YEAR_9999}, 9007199254740992, 1, ${NOW}, ''`)}
      ${chat('chat2', `${NOW}, 9007199254740991, 0, -1, ''`)}
      ${chat('chat3', `${NOW}, 9223372036854775807, 0, -1, ''`)}
      ${row(10, 'm1', NOW + 1000)} ${row(11, 'm2', NOW + 2000)} ${row(12, 'x9999', YEAR_9999)} ${row(1, 'x1', YEAR_1)}
      INSERT INTO attachments (row, n, id, name, mime_type, size) VALUES (10, 0, 'f1', 'a', 'text/plain', 9223372036854775807);
      INSERT INTO ranges (chat_id, from_at, from_tie, to_at, to_tie, starts)
        VALUES ('${CHAT}', ${YEAR_1}, 'x1', ${YEAR_9999}, 'x9999', 1);
      INSERT INTO outbox (local_id, account, chat_id, seq, content, state, next_at, anchor_id, anchor_at, anchor_tie, written_at, queued_at)
        VALUES ('l1', 'account', '${CHAT}', 1, 'mine', 'unknown', 0, 'x9999', ${YEAR_9999}, 'x9999', ${NOW}, ${NOW});`);
  });
}

it('opens, shows and counts anew, and what comes stands last', () => {
  poison();
  const thread = files.start();
  expect(ask(thread, 'snapshot', { now: NOW, limit: 10 })).toMatchObject({
    unread: { messages: 4, chats: 1 },
    counts: [[CHAT, 4]],
    chats: [{ id: CHAT, unread: 4, activityAt: NOW + 2000 }, { id: 'chat2' }, { id: 'chat3' }],
  });
  const honest = message(60);
  ask(thread, 'applyEvents', {
    frames: [{ type: 'message:new', data: honest }],
    seq: null,
    epoch: null,
    now: NOW + 61_000,
  });
  ask(thread, 'applyHistory', {
    chatId: CHAT,
    messages: [honest, message(2, { id: 'm2' }), message(1, { id: 'm1' })],
    beside: null,
    reachesStart: true,
    quietly: false,
    keepReactions: [],
    now: NOW + 61_000,
  });
  expect(
    ask(thread, 'page', { chatId: CHAT, anchor: { at: 'latest' }, limit: 10 })?.items.map(({ key }) => key),
  ).toEqual(['m1', 'm2', 'x1', 'x9999', honest.id]);
  expect(ask(thread, 'anchorOf', { localId: 'l1' })?.at).toBeLessThan(NOW + 3000);
  files.end(thread);
  expect(files.quarantine()).toEqual([]);
});

it('reads numbers that are too large for Node in every operation that meets them', () => {
  files.end(files.start());
  files.sql((db) =>
    db.exec(
      `INSERT INTO chats (id, participants, created_at, activity_at, unread) VALUES ('c', '[]', 9223372036854775807, 9223372036854775807, 9223372036854775807)`,
    ),
  );
  const thread = files.start();
  const { chats, unread, counts } = ask(thread, 'snapshot', { now: NOW, limit: 10 });
  expect({ unread, counts }).toEqual({ unread: { messages: 1e9, chats: 1 }, counts: [['c', 1e9]] });
  expect(chats.map((chat) => ChatView.parse(chat))).toMatchObject([{ id: 'c', unread: 1e9 }]);
});
