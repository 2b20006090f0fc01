/** A relay's data folder in which many people whom nobody knows have each written something very long to one person. */
import { openPostgres } from '../../relay/storage/postgres.ts';
import { openSqlite } from '../../relay/storage/sqlite.ts';
import type { OpenStorage } from '../../relay/storage/storage.ts';
import { databaseFor } from './postgres/relay-databases.ts';

/** The longest text there is, in bytes as well. */
export const LONGEST = '😀'.repeat(4000);

function fail(error: unknown): void {
  throw error;
}

async function storageFor(dataDir: string): Promise<OpenStorage> {
  const { openStorage, databaseUrl } = await databaseFor(dataDir);
  if (openStorage) return openStorage;
  if (databaseUrl !== undefined) return (retention, hooks) => openPostgres(databaseUrl, retention, hooks);
  return (retention, hooks) => openSqlite(dataDir, retention, hooks);
}

/** Writes the rows into the folder of a node that does not run: by requests it would take minutes. */
export async function addCrowd(dataDir: string, victimId: string, count: number): Promise<void> {
  const open = await storageFor(dataDir);
  const hooks = { onEffectError: fail, onWarning: fail, onCommit: () => undefined };
  const storage = await open({ keep: 10_000, keepMs: 1e12 }, hooks);
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
  await storage.queue.drain();
  await storage.close();
}
