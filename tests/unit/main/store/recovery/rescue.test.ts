import fc from 'fast-check';
import { existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MIGRATIONS } from '../../../../../electron/main/services/store/migrations.ts';
import type { Thread } from '../../../../../electron/main/services/store/thread.ts';
import {
  AccountFiles,
  ACKNOWLEDGED,
  ask,
  sendAll,
  tellChats,
  tellHistory,
  UNSENT,
  waiting,
  WAITING,
} from '../account-files.ts';
import {
  afterUncleanEnd,
  choices,
  expectRescued,
  kept,
  noise,
  overwrite,
  overwriteRoot,
  PAGE,
  type Kept,
} from './damage.ts';
import { CHAT, NOW } from '../open-store.ts';
import { copiesOf } from './own-files.ts';

const own = copiesOf(afterUncleanEnd);

const size = (): number => readFileSync(own.files.database).length;

const DAMAGES: [string, () => void, Kept][] = [
  ['garbage from end to end', () => writeFileSync(own.files.database, noise(size())), 'none'],
  ['a text', () => writeFileSync(own.files.database, 'This is not a database.\n'.repeat(1000)), 'none'],
  ['zeros', () => writeFileSync(own.files.database, Buffer.alloc(size())), 'none'],
  ['a head of garbage', () => overwrite(own.files.database, 0, noise(100)), 'none'],
  ['a first page of garbage', () => overwrite(own.files.database, 100, noise(PAGE - 100)), 'none'],
  ...['messages', 'messages_place', 'outbox', 'outbox_open', 'chats', 'users', 'meta', 'attachments', 'ranges'].map(
    (name): [string, () => void, 'all'] => [
      `garbage in place of ${name}`,
      () => overwriteRoot(own.files.database, name),
      'all',
    ],
  ),
  ['garbage in place of the drafts', () => overwriteRoot(own.files.database, 'drafts'), 'flags'],
  ['garbage in place of the flags', () => overwriteRoot(own.files.database, 'flags'), 'drafts'],
  ['half a file', () => truncateSync(own.files.database, Math.floor(size() / PAGE / 2) * PAGE), 'none'],
  ['a file cut inside a page', () => truncateSync(own.files.database, size() - PAGE - 7), 'none'],
  ['a file without its last page', () => truncateSync(own.files.database, size() - PAGE), 'none'],
  ['one page', () => truncateSync(own.files.database, PAGE), 'none'],
  ['half a page', () => truncateSync(own.files.database, PAGE / 2), 'none'],
  ['half a head', () => truncateSync(own.files.database, 50), 'none'],
];

/** A clean end and a start change nothing, and then all of it is sent: each once, in its order, and nothing else. */
function expectLasting(thread: Thread): void {
  own.files.end(thread);
  const again = own.files.start();
  expect(again.opened).toEqual({ rebuilt: false, rescued: 0, indexed: true });
  expect(waiting(again)).toEqual(WAITING);
  expect(sendAll(again)).toEqual(UNSENT);
  expect(waiting(again)).toEqual([]);
  own.files.end(again);
  const last = own.files.start();
  expect(ask(last, 'outboxHeads', {})).toEqual([]);
  expect(waiting(last)).toEqual([]);
}

describe('a damaged database', () => {
  it.each(DAMAGES)('%s: is set aside, and what was not sent waits again', (_name, damage, what) => {
    damage();
    const damaged = readFileSync(own.files.database);
    const thread = own.files.start();
    expectRescued(thread);
    expect(own.files.quarantine().map((path) => readFileSync(path).equals(damaged))).toEqual([true]);
    expect(own.files.logged).toContain('store.set_aside');
    expect(choices(thread)).toEqual(kept(what));
    expectLasting(thread);
    expect(own.files.quarantine()).toHaveLength(1);
  });

  it('does not take a message that the old one had for the one that waits with the same words', () => {
    overwriteRoot(own.files.database, 'messages');
    const thread = own.files.start();
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
        own.replace(new AccountFiles(own.template));
        if ('length' in one) truncateSync(own.files.database, one.length);
        else overwrite(own.files.database, one.page * PAGE, noise(PAGE, one.seed));
        const thread = own.files.start();
        // A free page may be anything: then there was nothing to find.
        const { rebuilt, rescued } = thread.opened;
        expect(rescued).toBe(rebuilt ? UNSENT.length : 0);
        expect(own.files.quarantine()).toHaveLength(Number(rebuilt));
        expect(waiting(thread)).toEqual(WAITING);
        expect(sendAll(thread)).toEqual(UNSENT);
      }),
      { numRuns: 30 },
    );
  });

  it('found damaged in use says so, and is set aside by the next thread', () => {
    own.files.sql((db) => db.exec("UPDATE meta SET value = '1' WHERE name = 'clean'"));
    overwriteRoot(own.files.database, 'messages');
    const first = own.files.start();
    expect(first.opened.rebuilt).toBe(false);
    const reply = first.answer({ id: 7, name: 'page', input: { chatId: CHAT, anchor: { at: 'latest' }, limit: 50 } });
    expect(reply).toMatchObject({ kind: 'error', id: 7, problem: 'damaged' });
    own.files.end(first);
    const second = own.files.start({ quarantine: true });
    expectRescued(second);
    expect(choices(second)).toEqual(kept('all'));
    expectLasting(second);
  });

  it('damaged where the outbox is, after a clean end, is set aside too', () => {
    own.files.sql((db) => db.exec("UPDATE meta SET value = '1' WHERE name = 'clean'"));
    overwriteRoot(own.files.database, 'outbox');
    expectRescued(own.files.start());
  });
});

describe('setting aside', () => {
  it('is done on demand, with what belongs to the file, and never over an earlier one', () => {
    for (let n = 1; n <= 3; n += 1) {
      const thread = own.files.start({ quarantine: true });
      expectRescued(thread);
      expect(choices(thread)).toEqual(kept('all'));
      expect(own.files.quarantine()).toHaveLength(n);
      own.files.end(thread);
    }
    const counts = own.files
      .quarantine()
      .map((path) =>
        own.files.sql((db) => db.prepare('SELECT count(*) AS n FROM messages WHERE id IS NOT NULL').get()?.['n'], path),
      );
    expect(counts.map(Number).sort((a, b) => a - b)).toEqual([0, 0, 301]);
  });

  it('takes the write-ahead log along', () => {
    const thread = own.files.start();
    ask(thread, 'saveDraft', { chatId: CHAT, text: 'only in the log', replyTo: null, now: NOW });
    const crashed = new AccountFiles(own.files);
    try {
      expect(existsSync(`${crashed.database}-wal`)).toBe(true);
      const next = crashed.start({ quarantine: true });
      expectRescued(next);
      expect(choices(next)).toEqual(
        expect.arrayContaining([expect.objectContaining({ id: CHAT, draft: 'only in the log' })]),
      );
      const [aside = ''] = crashed.quarantine();
      expect(readdirSync(crashed.folder)).toContain(`${aside.split(/[\\/]/).at(-1)}-wal`);
    } finally {
      crashed.remove();
    }
  });

  it('of a newer version’s database leaves it as it is', () => {
    own.files.sql((db) => db.exec(`PRAGMA user_version = ${MIGRATIONS.length + 1}`));
    const before = readFileSync(own.files.database);
    const thread = own.files.start();
    expectRescued(thread);
    expect(own.files.quarantine().map((path) => readFileSync(path).equals(before))).toEqual([true]);
    expectLasting(thread);
  });
});

describe('an end in the middle', () => {
  it('loses nothing, doubles nothing, and counts what was under way as unanswered', () => {
    const thread = own.files.start();
    const crashed = new AccountFiles(own.files);
    own.files.end(thread);
    try {
      const next = crashed.start();
      expect(next.opened).toEqual({ rebuilt: false, rescued: 0, indexed: true });
      expect(crashed.quarantine()).toEqual([]);
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
