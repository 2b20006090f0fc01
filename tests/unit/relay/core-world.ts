/** The relay's core on a real database, without HTTP and sockets: people, their connections as lists of what they heard. */
import type { ServerFrame } from '../../../contract/ws/server-frames.ts';
import { createLocalBus } from '../../../relay/delivery/local.ts';
import { createHub } from '../../../relay/delivery/local-hub.ts';
import type { Connection } from '../../../relay/delivery/ports.ts';
import type { UserRow } from '../../../relay/records.ts';
import type { Repositories } from '../../../relay/repositories/ports.ts';
import { createEventLog } from '../../../relay/services/event-log.ts';
import { createMessaging } from '../../../relay/services/messaging.ts';
import { createReceipts } from '../../../relay/services/receipts.ts';
import { createViews, type ViewsFor } from '../../../relay/services/views.ts';
import { createTurns } from '../../../relay/turns.ts';
import { createLateWrites } from '../../../relay/storage/late-writes.ts';
import type { Adapter } from './databases.ts';

export const EPOCH = 'e1';
export const START = 1_800_000_000_000;

export interface CoreOptions {
  sync?: boolean;
  extended?: boolean;
  idempotency?: boolean;
  statusFrames?: number;
  perAnswer?: number;
  shareMs?: number;
  isOnline?: ((userId: string) => boolean) | null;
}

/** Everything that an answer's items are. */
export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

export type Core = Awaited<ReturnType<typeof createCore>>;

/** People of the world: anna and boris share a chat, clara is alone. */
export async function createCore(adapter: Adapter, options: CoreOptions = {}) {
  let time = START;
  const now = (): number => time;
  const failures: unknown[] = [];
  const database = await adapter.open(
    { keep: 1_000, keepMs: 1e12 },
    { onEffectError: (error) => failures.push(error), onCommit: () => undefined },
  );
  const { reads, queue } = database;
  const { users, chats, messages, reactions, files, events } = reads;
  const late = createLateWrites((error) => failures.push(error));
  const hub = createHub(5);
  const bus = createLocalBus(hub);
  const typed: string[] = [];
  const typing = {
    start: () => undefined,
    stop: (userId: string, chatId: string) => void typed.push(`${userId} ${chatId}`),
    left: () => undefined,
    close: () => undefined,
  };
  const { isOnline = null } = options;
  const online = isOnline && (async (ids: readonly string[]) => new Set(ids.filter(isOnline)));
  const shown = { online, showClientId: options.idempotency ?? true, extendedFiles: true };
  const viewsFor: ViewsFor = (viewerId, sources = reads) => createViews(sources, shown, viewerId);
  const log = createEventLog({
    reads,
    bus,
    sync: options.sync ?? true,
    epoch: EPOCH,
    perAnswer: options.perAnswer ?? 100,
    now,
  });
  const receipts = createReceipts({
    reads,
    queue,
    late,
    log,
    turns: createTurns(),
    statusFrames: options.statusFrames ?? 3,
    extended: options.extended ?? true,
    shareMs: options.shareMs ?? 0,
  });
  bus.onReceipt((userId, { chatId, upTo }) => receipts.received(userId, chatId, upTo));
  const messaging = createMessaging({
    reads,
    queue,
    log,
    receipts,
    typing,
    viewsFor,
    idempotency: options.idempotency ?? true,
    emojis: ['👍', '❤️'],
    now,
  });

  const write = <T>(change: (tx: Repositories) => Promise<T>): Promise<T> => queue.run(change);

  async function person(username: string): Promise<UserRow> {
    const role = username === 'root' ? ('admin' as const) : ('user' as const);
    const names = { username, firstName: username, lastName: 'Test' };
    const row = await write(async (tx) => {
      await tx.users.insert({ id: username, ...names, age: 30, bio: '', passwordHash: '', role, createdAt: START });
      return tx.users.find(username);
    });
    if (!row) throw new Error('nobody');
    return row;
  }

  const [anna, boris, clara] = [await person('anna'), await person('boris'), await person('clara')];
  await write((tx) => tx.chats.insertPair('chat', 'anna', 'boris', START));

  return {
    database,
    reads,
    write,
    users,
    chats,
    messages,
    reactions,
    files,
    events,
    queue,
    late,
    hub,
    bus,
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
    async close(): Promise<void> {
      late.close();
      await database.close();
    },
  };
}
