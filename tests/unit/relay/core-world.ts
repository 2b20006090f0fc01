/** The relay's core on a real database, without HTTP and sockets: people, their connections as lists of what they heard. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServerFrame } from '../../../contract/ws/server-frames.ts';
import { migrate } from '../../../relay/migrations/index.ts';
import { createChats } from '../../../relay/repositories/sqlite/chats-table.ts';
import { createEvents } from '../../../relay/repositories/sqlite/events-table.ts';
import { createFiles } from '../../../relay/repositories/sqlite/files-table.ts';
import { createMessages } from '../../../relay/repositories/sqlite/messages-table.ts';
import { createReactions } from '../../../relay/repositories/sqlite/reactions-table.ts';
import { createUsers } from '../../../relay/repositories/sqlite/users-table.ts';
import type { UserRow } from '../../../relay/records.ts';
import { createEventLog } from '../../../relay/services/event-log.ts';
import { createMessaging } from '../../../relay/services/messaging.ts';
import { createReceipts } from '../../../relay/services/receipts.ts';
import { createViews } from '../../../relay/services/views.ts';
import { openDatabase } from '../../../relay/storage/database.ts';
import { createLateWrites } from '../../../relay/storage/late-writes.ts';
import { createWriteQueue } from '../../../relay/storage/write-queue.ts';
import { createHub } from '../../../relay/delivery/local.ts';
import type { Connection } from '../../../relay/delivery/ports.ts';

export const EPOCH = 'e1';
export const START = 1_800_000_000_000;

export interface CoreOptions {
  sync?: boolean;
  extended?: boolean;
  idempotency?: boolean;
  statusFrames?: number;
  perAnswer?: number;
  isOnline?: ((userId: string) => boolean) | null;
}

/** People of the world: anna and boris share a chat, clara is alone. */
export function createCore(options: CoreOptions = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'relay-core-'));
  const database = openDatabase(join(folder, 'relay.db'));
  migrate(database);
  let time = START;
  const now = (): number => time;
  const users = createUsers(database);
  const chats = createChats(database);
  const messages = createMessages(database);
  const reactions = createReactions(database);
  const files = createFiles(database);
  const events = createEvents(database, 1_000, 1e12);
  const failures: unknown[] = [];
  const queue = createWriteQueue(database, {
    onEffectError: (error) => failures.push(error),
    onCommit: () => undefined,
  });
  const late = createLateWrites((error) => failures.push(error));
  const hub = createHub(5);
  const typed: string[] = [];
  const typing = {
    start: () => undefined,
    stop: (userId: string, chatId: string) => void typed.push(`${userId} ${chatId}`),
    left: () => undefined,
    close: () => undefined,
  };
  const sources = {
    users,
    chats,
    messages,
    reactions,
    files,
    isOnline: options.isOnline ?? null,
    showClientId: options.idempotency ?? true,
    extendedFiles: true,
  };
  const viewsFor = (viewerId: string | null) => createViews(sources, viewerId);
  const log = createEventLog({
    events,
    messages,
    hub,
    sync: options.sync ?? true,
    epoch: EPOCH,
    perAnswer: options.perAnswer ?? 100,
    now,
  });
  const receipts = createReceipts({
    chats,
    messages,
    queue,
    late,
    log,
    statusFrames: options.statusFrames ?? 3,
    extended: options.extended ?? true,
  });
  const messaging = createMessaging({
    users,
    chats,
    messages,
    reactions,
    files,
    queue,
    log,
    receipts,
    typing,
    viewsFor,
    idempotency: options.idempotency ?? true,
    emojis: ['👍', '❤️'],
    now,
  });

  function person(username: string): UserRow {
    users.insert({
      id: username,
      username,
      firstName: username,
      lastName: 'Test',
      age: 30,
      bio: '',
      passwordHash: '',
      role: username === 'root' ? 'admin' : 'user',
      createdAt: START,
    });
    const row = users.find(username);
    if (!row) throw new Error('nobody');
    return row;
  }

  const [anna, boris, clara] = [person('anna'), person('boris'), person('clara')];
  chats.insertPair('chat', 'anna', 'boris', START);

  return {
    database,
    users,
    chats,
    messages,
    reactions,
    files,
    events,
    queue,
    late,
    hub,
    log,
    receipts,
    messaging,
    viewsFor,
    typed,
    failures,
    person,
    anna,
    boris,
    clara,
    now,
    /** Time passes. */
    pass: (ms: number): void => void (time += ms),
    /** Connects a person; the frames that they hear. `takes` false: the system has not taken what was sent. */
    connect(userId: string, takes = true): ServerFrame[] {
      const heard: ServerFrame[] = [];
      const connection: Connection = {
        send: (text, onSent) => {
          heard.push(JSON.parse(text) as ServerFrame);
          if (takes) onSent?.();
        },
        close: () => undefined,
      };
      hub.add(userId, connection);
      return heard;
    },
    /** Sends a message in the chat; its id. */
    async send(
      sender: UserRow,
      content: string,
      more: { clientId?: string; replyToId?: string; attachments?: string[] } = {},
    ): Promise<string> {
      const { value } = await messaging.send(sender, { chatId: 'chat', content, ...more });
      return value.id;
    },
    async settle(): Promise<void> {
      for (let n = 0; n < 5; n += 1) {
        await queue.drain();
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
    close(): void {
      late.close();
      database.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
