/**
 * Indexes the order of a user's chat list, so that the cost of a page depends on its size alone. `active_at` is the
 * chat's `updated_at`, written together with it.
 */
export const chatOrder = `
ALTER TABLE members ADD COLUMN active_at INTEGER NOT NULL DEFAULT 0;
UPDATE members SET active_at = (SELECT updated_at FROM chats WHERE chats.id = members.chat_id);
DROP INDEX members_by_user;
CREATE INDEX members_by_activity ON members (user_id, active_at, chat_id);
`;
