import fc from 'fast-check';
import { existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MIGRATIONS } from '../../../../electron/main/services/store/migrations.ts';
import type { Thread } from '../../../../electron/main/services/store/thread.ts';
import {
  AccountFiles,
  ACKNOWLEDGED,
  ask,
  fill,
  MUTED_UNTIL,
  SECOND_CHAT,
  sendAll,
  tellChats,
  tellHistory,
  UNSENT,
  waiting,
  WAITING,
} from './account-files.ts';
import { CHAT, message, NOW } from './open-store.ts';

/** A filled account after an unclean end: all of it in the main file, and the mark that a clean end would have set missing. */
let template: AccountFiles;
let files: AccountFiles;
beforeAll(() => {
  template = new AccountFiles();
  const thread = template.start();
  fill(thread);
  template.end(thread);
  template.sql((db) => db.exec("UPDATE meta SET value = '0' WHERE name = 'clean'"));
});
afterAll(() => template.remove());
beforeEach(() => void (files = new AccountFiles(template)));
afterEach(() => files.remove());

/** Bytes that are the same in every run. */
function noise(length: number, seed = 7): Buffer {
  let state = seed;
  return Buffer.from(Array.from({ length }, () => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) >>> 16));
}

const PAGE = 4096;
function overwrite(path: string, at: number, bytes: Buffer): void {
  const all = readFileSync(path);
  bytes.copy(all, at);
  writeFileSync(path, all);
}
function overwriteRoot(name: string): void {
  const found = files.sql((db) => db.prepare('SELECT rootpage FROM sqlite_master WHERE name = ?').get(name));
  overwrite(files.database, (Number(found?.['rootpage']) - 1) * PAGE, noise(PAGE));
}
const size = (): number => readFileSync(files.database).length;

/** Drafts, and what the person made of the list. */
function choices(thread: Thread): unknown {
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
function kept(what: 'all' | 'flags' | 'drafts' | 'none'): unknown {
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

const DAMAGES: [string, () => void, 'all' | 'flags' | 'drafts' | 'none'][] = [
  ['garbage from end to end', () => writeFileSync(files.database, noise(size())), 'none'],
  ['a text', () => writeFileSync(files.database, 'This is not a database.\n'.repeat(1000)), 'none'],
  ['zeros', () => writeFileSync(files.database, Buffer.alloc(size())), 'none'],
  ['a head of garbage', () => overwrite(files.database, 0, noise(100)), 'none'],
  ['a first page of garbage', () => overwrite(files.database, 100, noise(PAGE - 100)), 'none'],
  ...['messages', 'messages_place', 'outbox', 'outbox_open', 'chats', 'users', 'meta', 'attachments', 'ranges'].map(
    (name): [string, () => void, 'all'] => [`garbage in place of ${name}`, () => overwriteRoot(name), 'all'],
  ),
  ['garbage in place of the drafts', () => overwriteRoot('drafts'), 'flags'],
  ['garbage in place of the flags', () => overwriteRoot('flags'), 'drafts'],
  ['half a file', () => truncateSync(files.database, Math.floor(size() / PAGE / 2) * PAGE), 'none'],
  ['a file cut inside a page', () => truncateSync(files.database, size() - PAGE - 7), 'none'],
  ['a file without its last page', () => truncateSync(files.database, size() - PAGE), 'none'],
  ['one page', () => truncateSync(files.database, PAGE), 'none'],
  ['half a page', () => truncateSync(files.database, PAGE / 2), 'none'],
  ['half a head', () => truncateSync(files.database, 50), 'none'],
];

/** Everything that must be true of the files once they were set aside. */
function expectRescued(thread: Thread): void {
  expect(thread.opened).toEqual({ rebuilt: true, rescued: UNSENT.length, indexed: true });
  expect(waiting(thread)).toEqual(WAITING);
  expect(ask(thread, 'outboxHeads', {})).toMatchObject([
    { localId: 'under-way', state: 'unknown' },
    { localId: 'with-files', state: 'unknown' },
  ]);
}

/** A clean end and a start change nothing, and then all of it is sent: each once, in its order, and nothing else. */
function expectLasting(thread: Thread): void {
  files.end(thread);
  const again = files.start();
  expect(again.opened).toEqual({ rebuilt: false, rescued: 0, indexed: true });
  expect(waiting(again)).toEqual(WAITING);
  expect(sendAll(again)).toEqual(UNSENT);
  expect(waiting(again)).toEqual([]);
  files.end(again);
  const last = files.start();
  expect(ask(last, 'outboxHeads', {})).toEqual([]);
  expect(waiting(last)).toEqual([]);
}

describe('a damaged database', () => {
  it.each(DAMAGES)('%s: is set aside, and what was not sent waits again', (_name, damage, what) => {
    damage();
    const damaged = readFileSync(files.database);
    const thread = files.start();
    expectRescued(thread);
    expect(files.setAside().map((path) => readFileSync(path).equals(damaged))).toEqual([true]);
    expect(files.logged).toContain('store.set_aside');
    expect(choices(thread)).toEqual(kept(what));
    expectLasting(thread);
    expect(files.setAside()).toHaveLength(1);
  });

  it('does not take a message that the old one had for the one that waits with the same words', () => {
    overwriteRoot('messages');
    const thread = files.start();
    tellChats(thread);
    tellHistory(thread);
    expect(ask(thread, 'reconcile', { localId: 'edited', now: NOW }).bound).toBe(false);
    expect(waiting(thread)).toEqual(WAITING);
    expect(ask(thread, 'details', { key: ACKNOWLEDGED })).toMatchObject({ key: ACKNOWLEDGED, state: 'sent' });
  });

  it('whatever page is overwritten and wherever it is cut, nothing unsent is lost or doubled', () => {
    const pages = size() / PAGE;
    // A file of one byte counts as an empty one: see rescue-behind.
    const harm = fc.oneof(
      fc.record({ page: fc.nat(pages - 1), seed: fc.nat() }),
      fc.record({ length: fc.integer({ min: 2, max: pages * PAGE - 1 }) }),
    );
    fc.assert(
      fc.property(harm, (one) => {
        files.remove();
        files = new AccountFiles(template);
        if ('length' in one) truncateSync(files.database, one.length);
        else overwrite(files.database, one.page * PAGE, noise(PAGE, one.seed));
        const thread = files.start();
        // A free page may be anything: then there was nothing to find.
        const { rebuilt, rescued } = thread.opened;
        expect(rescued).toBe(rebuilt ? UNSENT.length : 0);
        expect(files.setAside()).toHaveLength(Number(rebuilt));
        expect(waiting(thread)).toEqual(WAITING);
        expect(sendAll(thread)).toEqual(UNSENT);
      }),
      { numRuns: 30 },
    );
  });

  it('found damaged in use says so, and is set aside by the next thread', () => {
    files.sql((db) => db.exec("UPDATE meta SET value = '1' WHERE name = 'clean'"));
    overwriteRoot('messages');
    const first = files.start();
    expect(first.opened.rebuilt).toBe(false);
    const reply = first.answer({ id: 7, name: 'page', input: { chatId: CHAT, anchor: { at: 'latest' }, limit: 50 } });
    expect(reply).toMatchObject({ kind: 'error', id: 7, problem: 'damaged' });
    files.end(first);
    const second = files.start({ setAside: true });
    expectRescued(second);
    expect(choices(second)).toEqual(kept('all'));
    expectLasting(second);
  });

  it('damaged where the outbox is, after a clean end, is set aside too', () => {
    files.sql((db) => db.exec("UPDATE meta SET value = '1' WHERE name = 'clean'"));
    overwriteRoot('outbox');
    expectRescued(files.start());
  });
});

describe('setting aside', () => {
  it('is done on demand, with what belongs to the file, and never over an earlier one', () => {
    for (let n = 1; n <= 3; n += 1) {
      const thread = files.start({ setAside: true });
      expectRescued(thread);
      expect(choices(thread)).toEqual(kept('all'));
      expect(files.setAside()).toHaveLength(n);
      files.end(thread);
    }
    const counts = files
      .setAside()
      .map((path) =>
        files.sql((db) => db.prepare('SELECT count(*) AS n FROM messages WHERE id IS NOT NULL').get()?.['n'], path),
      );
    expect(counts.map(Number).sort((a, b) => a - b)).toEqual([0, 0, 301]);
  });

  it('takes the write-ahead log along', () => {
    const thread = files.start();
    ask(thread, 'saveDraft', { chatId: CHAT, text: 'only in the log', replyTo: null, now: NOW });
    const crashed = new AccountFiles(files);
    try {
      expect(existsSync(`${crashed.database}-wal`)).toBe(true);
      const next = crashed.start({ setAside: true });
      expectRescued(next);
      expect(choices(next)).toEqual(
        expect.arrayContaining([expect.objectContaining({ id: CHAT, draft: 'only in the log' })]),
      );
      const [aside = ''] = crashed.setAside();
      expect(readdirSync(crashed.folder)).toContain(`${aside.split(/[\\/]/).at(-1)}-wal`);
    } finally {
      crashed.remove();
    }
  });

  it('of a newer version’s database leaves it as it is', () => {
    files.sql((db) => db.exec(`PRAGMA user_version = ${MIGRATIONS.length + 1}`));
    const before = readFileSync(files.database);
    const thread = files.start();
    expectRescued(thread);
    expect(files.setAside().map((path) => readFileSync(path).equals(before))).toEqual([true]);
    expectLasting(thread);
  });
});

describe('an end in the middle', () => {
  it('loses nothing, doubles nothing, and counts what was under way as unanswered', () => {
    const thread = files.start();
    const crashed = new AccountFiles(files);
    files.end(thread);
    try {
      const next = crashed.start();
      expect(next.opened).toEqual({ rebuilt: false, rescued: 0, indexed: true });
      expect(crashed.setAside()).toEqual([]);
      ask(next, 'recoverOutbox', { now: NOW, settleMs: 100 });
      expect(ask(next, 'outboxHeads', {})).toMatchObject([
        { localId: 'under-way', state: 'unknown', unanswered: 1, nextAt: NOW + 100 },
        { localId: 'with-files', state: 'queued' },
      ]);
      expect(waiting(next)).toEqual(WAITING);
      expect(choices(next)).toEqual(kept('all'));
      expect(sendAll(next)).toEqual(UNSENT);
    } finally {
      crashed.remove();
    }
  });
});
