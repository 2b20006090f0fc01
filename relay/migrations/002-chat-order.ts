/**
 * The order of a person's list of chats as an index, so that a page of it costs what the page holds. `active_at` is the
 * chat's `updated_at`, written with it.
 */
export const chatOrder = `
ALTER TABLE members ADD COLUMN active_at INTEGER NOT NULL DEFAULT 0;
UPDATE members SET active_at = (SELECT updated_at FROM chats WHERE chats.id = members.chat_id);
DROP INDEX members_by_user;
CREATE INDEX members_by_activity ON members (user_id, active_at, chat_id);
`;
