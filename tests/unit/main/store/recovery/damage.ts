/** A filled account, ways to damage its database, and what must be left of it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { expect } from 'vitest';
import type { Thread } from '../../../../../electron/main/services/store/thread.ts';
import {
  AccountFiles,
  ask,
  fill,
  MUTED_UNTIL,
  SECOND_CHAT,
  tellChats,
  UNSENT,
  waiting,
  WAITING,
} from '../account-files.ts';
import { CHAT, message, NOW } from '../open-store.ts';

/** A filled account after an unclean end: all of it in the main file, and the mark that a clean end would have set missing. */
export function afterUncleanEnd(): AccountFiles {
  const files = new AccountFiles();
  const thread = files.start();
  fill(thread);
  files.end(thread);
  files.sql((db) => db.exec("UPDATE meta SET value = '0' WHERE name = 'clean'"));
  return files;
}

/** Bytes that are the same in every run. */
export function noise(length: number, seed = 7): Buffer {
  let state = seed;
  return Buffer.from(Array.from({ length }, () => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) >>> 16));
}

export const PAGE = 4096;
/** Puts other bytes into a file. */
export function overwrite(path: string, at: number, bytes: Buffer): void {
  const all = readFileSync(path);
  bytes.copy(all, at);
  writeFileSync(path, all);
}
/** Overwrites the first page of a table or an index in a database that nobody has open. */
export function overwriteRoot(path: string, name: string): void {
  const db = new DatabaseSync(path);
  const found = db.prepare('SELECT rootpage FROM sqlite_master WHERE name = ?').get(name);
  db.close();
  overwrite(path, (Number(found?.['rootpage']) - 1) * PAGE, noise(PAGE));
}

/** Drafts, and what the person made of the list. */
export function choices(thread: Thread): unknown {
  tellChats(thread);
  return ask(thread, 'snapshot', { now: NOW, limit: 10 }).chats.map((chat) => ({
    id: chat.id,
    pinned: chat.pinned,
    archived: chat.archived,
    muted: chat.muted,
    markedUnread: chat.markedUnread,
    draft: chat.draft,
    draftReplyTo: chat.draftReplyTo,
  }));
}
const FLAGS: Record<string, object> = {
  [SECOND_CHAT]: { pinned: true, archived: false, muted: null, markedUnread: true },
  [CHAT]: { pinned: false, archived: true, muted: { until: MUTED_UNTIL }, markedUnread: false },
};
const NO_FLAGS = { pinned: false, archived: false, muted: null, markedUnread: false };
const DRAFTS: Record<string, object> = {
  [SECOND_CHAT]: { draft: 'черновик', draftReplyTo: null },
  [CHAT]: { draft: 'half a thou', draftReplyTo: message(3).id },
};
const NO_DRAFT = { draft: '', draftReplyTo: null };

/** What can be read of a damaged file. */
export type Kept = 'all' | 'flags' | 'drafts' | 'none';

/** What `choices` tells then. */
export function kept(what: Kept): unknown {
  const hasFlags = what === 'all' || what === 'flags';
  const hasDrafts = what === 'all' || what === 'drafts';
  const rows: unknown = expect.arrayContaining(
    [SECOND_CHAT, CHAT].map((id) => ({
      id,
      ...(hasFlags ? FLAGS[id] : NO_FLAGS),
      ...(hasDrafts ? DRAFTS[id] : NO_DRAFT),
    })),
  );
  return rows;
}

/** Everything that must be true of the files once they were set aside. */
export function expectRescued(thread: Thread): void {
  expect(thread.opened).toEqual({ rebuilt: true, rescued: UNSENT.length, indexed: true });
  expect(waiting(thread)).toEqual(WAITING);
  expect(ask(thread, 'outboxHeads', {})).toMatchObject([
    { localId: 'under-way', state: 'unknown' },
    { localId: 'with-files', state: 'unknown' },
  ]);
}
