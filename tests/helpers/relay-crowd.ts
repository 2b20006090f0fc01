/** A relay's data folder in which many people whom nobody knows have each written something very long to one person. */
import { join } from 'node:path';
import { migrate } from '../../relay/migrations/sqlite/index.ts';
import { openDatabase } from '../../relay/repositories/sqlite/connection.ts';
import { repositoriesOn } from '../../relay/storage/sqlite.ts';

/** The longest text there is, in bytes as well. */
export const LONGEST = '😀'.repeat(4000);

/** Writes the rows into the folder of a node that does not run: by requests it would take minutes. */
export async function addCrowd(dataDir: string, victimId: string, count: number): Promise<void> {
  const path = join(dataDir, 'relay.db');
  const database = openDatabase(path);
  await migrate(database);
  const retention = { keep: 10_000, keepMs: 1e12 };
  const storage = repositoriesOn(database, path, retention, {
    onEffectError: (error) => {
      throw error;
    },
    onCommit: () => undefined,
  });
  await storage.queue.run(async ({ users, chats, messages }) => {
    for (let index = 0; index < count; index += 1) {
      const [id, chatId, messageId] = [`stranger${index}`, `chat${index}`, `message${index}`];
      const createdAt = 1_700_000_000_000 + index * 10;
      const person = { firstName: 'Ann', lastName: 'Stranger', age: 30, bio: '', passwordHash: '' };
      await users.insert({ id, username: id, ...person, role: 'user', createdAt });
      await chats.insertPair(chatId, id, victimId, createdAt);
      const content = LONGEST;
      await messages.insert({
        id: messageId,
        chatId,
        senderId: id,
        content,
        replyToId: null,
        clientId: null,
        createdAt,
      });
      await chats.messageAdded(chatId, messageId, id, createdAt);
    }
  });
  storage.close();
}
