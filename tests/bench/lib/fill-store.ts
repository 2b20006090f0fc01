/** Puts a sample world into an account's local store, by the store's own operations, without the threads around them. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { storedPosition, type MessagePosition } from '#contract/model/message-order.ts';
import { startThread, type Thread } from '../../../electron/main/services/store/thread.ts';
import type { WriterOperations } from '../../../electron/main/services/store/operations.ts';
import type { World } from './world.ts';

/** Where an account's store lies and whose it is. */
export interface StoreHome {
  folder: string;
  account: string;
  me: string;
}

/** Rows of one step: large, because each step is one transaction. */
const PAGE = 5000;

/** Finds the store of the one account in a folder of user data. */
export function findStore(userData: string): StoreHome {
  const accounts = join(userData, 'accounts');
  const folder = readdirSync(accounts, { withFileTypes: true }).find((entry) => entry.isDirectory());
  if (!folder) throw new Error(`no account is stored in ${accounts}`);
  const home = join(accounts, folder.name);
  const db = new DatabaseSync(join(home, 'relay.db'), { readOnly: true });
  try {
    const meta = new Map(
      db
        .prepare('SELECT name, value FROM meta')
        .all()
        .map((row) => [String(row.name), String(row.value)]),
    );
    return { folder: home, account: meta.get('account') ?? '', me: meta.get('me') ?? '' };
  } finally {
    db.close();
  }
}

/** Stores every message of a world. Nobody else may have the store open. `tell` hears of progress, in messages. */
export function fillStore(home: StoreHome, world: World, tell: (stored: number) => void = () => undefined): void {
  const setup = { role: 'writer', ...home, useFts: true, now: world.plan.until, quarantine: false } as const;
  const thread = startThread(setup, (level, event) => {
    if (level === 'error') throw new Error(`the store says ${event}`);
  });
  const now = world.plan.until;
  try {
    const chats = world.plan.sizes.map((_, chat) => world.chat(chat));
    call(thread, 'applyChats', { chats, now });
    let stored = 0;
    for (let chat = 0; chat < world.chatCount; chat += 1) {
      let beside: MessagePosition | null = null;
      for (let from = 0; from < world.size(chat); from += PAGE) {
        const length = Math.min(PAGE, world.size(chat) - from);
        const messages = Array.from({ length }, (_, n) => world.message(chat, from + n));
        const chatId = world.chatId(chat);
        call(thread, 'applyHistory', {
          chatId,
          messages,
          beside,
          reachesStart: from === 0,
          quietly: true,
          keepReactions: [],
          now,
        });
        const last = messages.at(-1);
        if (last) beside = storedPosition(Date.parse(last.createdAt), last.id);
        stored += length;
        tell(stored);
      }
    }
  } finally {
    thread.close();
  }
}

/** Lets the next start show no conversation: by itself it shows the one that was open. Nobody else may have the store open. */
export function forgetOpenChat({ folder }: StoreHome): void {
  const db = new DatabaseSync(join(folder, 'relay.db'));
  try {
    db.prepare(`DELETE FROM meta WHERE name = 'open_chat'`).run();
  } finally {
    db.close();
  }
}

function call<K extends keyof WriterOperations>(
  thread: Thread,
  name: K,
  input: Parameters<WriterOperations[K]>[0],
): void {
  const reply = thread.answer({ id: 1, name, input });
  if (reply.kind === 'error') throw new Error(`${name}: ${reply.message}`);
}
