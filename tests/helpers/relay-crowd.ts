/** A relay's data folder in which many people whom nobody knows have each written something very long to one person. */
import { join } from 'node:path';
import { migrate } from '../../relay/migrations/index.ts';
import { createChats } from '../../relay/repositories/sqlite/chats-table.ts';
import { createMessages } from '../../relay/repositories/sqlite/messages-table.ts';
import { createUsers } from '../../relay/repositories/sqlite/users-table.ts';
import { openDatabase } from '../../relay/storage/database.ts';

/** The longest text there is, in bytes as well. */
export const LONGEST = '😀'.repeat(4000);

/** Writes the rows into the folder of a node that does not run: by requests it would take minutes. */
export function addCrowd(dataDir: string, victimId: string, count: number): void {
  const database = openDatabase(join(dataDir, 'relay.db'));
  migrate(database);
  const [users, chats, messages] = [createUsers(database), createChats(database), createMessages(database)];
  database.exec('BEGIN');
  for (let index = 0; index < count; index += 1) {
    const [id, chatId, messageId] = [`stranger${index}`, `chat${index}`, `message${index}`];
    const createdAt = 1_700_000_000_000 + index * 10;
    const person = {
      firstName: 'Ann',
      lastName: 'Stranger',
      age: 30,
      bio: '',
      passwordHash: '',
      role: 'user' as const,
    };
    users.insert({ id, username: id, ...person, createdAt });
    chats.insertPair(chatId, id, victimId, createdAt);
    const content = LONGEST;
    messages.insert({ id: messageId, chatId, senderId: id, content, replyToId: null, clientId: null, createdAt });
    chats.messageAdded(chatId, messageId, id, createdAt);
  }
  database.exec('COMMIT');
  database.close();
}
