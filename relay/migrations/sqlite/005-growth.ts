/**
 * What is looked up stays as cheap with a million rows as with a thousand:
 *
 * - people are found by their whole username in the order of an index;
 * - a message knows its number in its chat and among its sender's messages there, so a page far back is found without
 *   passing over what lies before it, and unread messages are counted without reading them;
 * - totals are counted as rows come and go.
 */
import { sql, type Kysely } from 'kysely';
import { fold } from '#contract/model/search-text.ts';
import type { Schema } from '../../repositories/schema.ts';
import { runScript } from '../steps.ts';

const COLUMNS = `
ALTER TABLE users ADD COLUMN search_name TEXT NOT NULL DEFAULT '';
ALTER TABLE members ADD COLUMN sent INTEGER NOT NULL DEFAULT 0;
ALTER TABLE messages ADD COLUMN number INTEGER NOT NULL DEFAULT 0;
ALTER TABLE messages ADD COLUMN sender_number INTEGER NOT NULL DEFAULT 0;
`;

const NUMBERS = `
UPDATE messages SET number = places.number, sender_number = places.sender_number
FROM (
  SELECT rowid AS place,
    ROW_NUMBER() OVER (PARTITION BY chat_id ORDER BY created_at) AS number,
    ROW_NUMBER() OVER (PARTITION BY chat_id, sender_id ORDER BY created_at) AS sender_number
  FROM messages
) AS places
WHERE messages.rowid = places.place;
UPDATE members SET sent = counts.sent
FROM (SELECT chat_id, sender_id, COUNT(*) AS sent FROM messages GROUP BY chat_id, sender_id) AS counts
WHERE members.chat_id = counts.chat_id AND members.user_id = counts.sender_id;
CREATE UNIQUE INDEX messages_by_number ON messages (chat_id, number);
CREATE INDEX users_by_search ON users (search_name, username_folded);
INSERT INTO counters (name, value) VALUES
  ('users', (SELECT COUNT(*) FROM users WHERE role = 'user' AND deleted_at IS NULL)),
  ('chats', (SELECT COUNT(*) FROM chats)),
  ('messages', (SELECT COUNT(*) FROM messages)),
  ('reactions', (SELECT COUNT(*) FROM reactions)),
  ('files', (SELECT COUNT(*) FROM files)),
  ('fileBytes', (SELECT COALESCE(SUM(size), 0) FROM files));
`;

export async function growth(db: Kysely<Schema>): Promise<void> {
  await runScript(db, COLUMNS);
  const people = await db.selectFrom('users').select(['id', 'username']).execute();
  for (const { id, username } of people) {
    await sql`update users set search_name = ${fold(username)} where id = ${id}`.execute(db);
  }
  await runScript(db, NUMBERS);
}
