/** Databases that are sound but are not what they should be: gone, older than their journal, or somebody else's. */
import { rmSync, truncateSync, writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Thread } from '../../../../electron/main/services/store/thread.ts';
import {
  AccountFiles,
  ask,
  fill,
  sendAll,
  tellChats,
  tellHistory,
  UNSENT,
  waiting,
  WAITING,
  write,
  type Unsent,
} from './account-files.ts';
import { CHAT, NOW } from './open-store.ts';

/** A filled account, ended cleanly. */
let template: AccountFiles;
/** The same in the middle of its first run: all but the head of the file is still in the write-ahead log. */
let running: AccountFiles;
let files: AccountFiles;
beforeAll(() => {
  running = new AccountFiles();
  const thread = running.start();
  fill(thread);
  template = new AccountFiles(running);
  template.end(template.start());
});
afterAll(() => {
  template.remove();
  running.remove();
});
beforeEach(() => void (files = new AccountFiles(template)));
afterEach(() => files.remove());

const one = (localId: string, content: string): Unsent => ({
  localId,
  chatId: CHAT,
  content,
  replyTo: null,
  files: [],
});

/** The files as a crash leaves them, without the write-ahead log. */
function loseLog(like: AccountFiles): AccountFiles {
  const lost = new AccountFiles(like);
  for (const suffix of ['-wal', '-shm']) rmSync(`${lost.database}${suffix}`, { force: true });
  return lost;
}

/** Runs a test on other files. */
function replace(next: AccountFiles): void {
  files.remove();
  files = next;
}

describe('a first start', () => {
  it('sets nothing aside and rescues nothing', () => {
    replace(new AccountFiles());
    expect(files.start().opened).toEqual({ rebuilt: false, rescued: 0, indexed: true });
    expect(files.setAside()).toEqual([]);
    expect(files.logged).toEqual([]);
  });
});

describe('a database that knows less than its journal', () => {
  const GONE: [string, () => void][] = [
    ['missing', () => rmSync(files.database)],
    ['empty', () => truncateSync(files.database, 0)],
    ['one byte long', () => truncateSync(files.database, 1)],
    ['without the log that held all of it', () => replace(loseLog(running))],
    [
      'with a log of garbage',
      () => {
        replace(loseLog(running));
        writeFileSync(`${files.database}-wal`, 'garbage '.repeat(10_000));
      },
    ],
  ];
  it.each(GONE)('%s: what was not sent waits again', (_name, lose) => {
    lose();
    const thread = files.start();
    expect(waiting(thread)).toEqual(WAITING);
    expect(thread.opened.rescued).toBe(UNSENT.length);
    files.end(thread);
    const again = files.start();
    expect(again.opened).toEqual({ rebuilt: false, rescued: 0, indexed: true });
    expect(sendAll(again)).toEqual(UNSENT);
  });

  /** Loses a run's log after the run has done something. */
  function loseRun(work: (thread: Thread) => void): Thread {
    const thread = files.start();
    work(thread);
    replace(loseLog(files));
    const next = files.start();
    ask(next, 'recoverOutbox', { now: NOW, settleMs: 0 });
    return next;
  }

  it('keeps what it has when the log of a run that wrote nothing is lost', () => {
    const thread = loseRun(() => undefined);
    expect(waiting(thread)).toEqual(WAITING);
    expect(sendAll(thread)).toEqual(UNSENT);
  });

  it('gets back what was written in a run whose log is lost', () => {
    const newer = one('newer', 'written last');
    const thread = loseRun((run) => write(run, newer));
    expect(waiting(thread).map(({ localId }) => localId)).toContain('newer');
    expect(sendAll(thread)).toContainEqual(newer);
  });

  it('does not send at once what was stored in a run whose log is lost', () => {
    const thread = loseRun((run) => {
      ask(run, 'beginAttempt', { localId: 'with-files', now: NOW });
      const answer = { id: 'm-stored', chatId: 'chat2', content: '', senderId: 'me' };
      ask(run, 'acknowledge', {
        localId: 'with-files',
        message: { ...answer, createdAt: new Date(NOW).toISOString() },
        now: NOW,
      });
    });
    // Unanswered, so that history is asked first, or known as stored: both keep it from being said twice.
    expect(ask(thread, 'outboxHeads', {})).not.toContainEqual(
      expect.objectContaining({ localId: 'with-files', state: 'queued' }),
    );
  });

  it('does not send what was taken back in a run whose log is lost', () => {
    const thread = loseRun((run) => expect(ask(run, 'cancel', { localId: 'last', now: NOW }).done).toBe(true));
    expect(waiting(thread).map(({ localId }) => localId)).not.toContain('last');
  });
});

describe('a file of another program', () => {
  const FOREIGN: [string, string][] = [
    ['with other tables', 'CREATE TABLE theirs (x)'],
    ['with tables of the same names', 'CREATE TABLE theirs (x); CREATE TABLE messages (x); CREATE TABLE meta (x)'],
    ['with a version like ours', 'CREATE TABLE theirs (x); PRAGMA user_version = 1'],
    ['with a version far from ours', 'CREATE TABLE theirs (x); PRAGMA user_version = 4711'],
  ];
  it.each(FOREIGN)('%s is set aside as it was, and what was not sent waits again', (_name, tables) => {
    rmSync(files.database);
    files.sql((db) => db.exec(`${tables}; INSERT INTO theirs VALUES ('not ours')`));
    const thread = files.start();
    expect(thread.opened).toEqual({ rebuilt: true, rescued: UNSENT.length, indexed: true });
    expect(waiting(thread)).toEqual(WAITING);
    const [aside = ''] = files.setAside();
    const left = files.sql(
      (db) => ({
        names: db.prepare('SELECT name FROM sqlite_master ORDER BY name').all().length,
        row: db.prepare('SELECT x FROM theirs').get()?.['x'],
      }),
      aside,
    );
    expect(left).toEqual({ names: tables.split('CREATE TABLE').length - 1, row: 'not ours' });
    expect(sendAll(thread)).toEqual(UNSENT);
  });
});

describe('a database of another account', () => {
  const open = (): Thread => files.start({ account: 'another', me: 'other' });

  it('is set aside, and none of its messages is ever sent', () => {
    const thread = open();
    expect(thread.opened).toEqual({ rebuilt: true, rescued: 0, indexed: true });
    expect(files.setAside()).toHaveLength(1);
    tellChats(thread);
    expect(waiting(thread)).toEqual([]);
    expect(sendAll(thread)).toEqual([]);
  });

  it('lends nobody its drafts and marks', () => {
    const thread = open();
    tellChats(thread);
    for (const chat of ask(thread, 'snapshot', { now: NOW, limit: 10 }).chats) {
      expect(chat).toMatchObject({ draft: '', pinned: false, archived: false, muted: null, markedUnread: false });
    }
  });
});

describe('a database that is lost a second time', () => {
  it('still tells the messages of the first one from those that wait', () => {
    files.end(files.start({ setAside: true }));
    const thread = files.start({ setAside: true });
    tellHistory(thread);
    expect(ask(thread, 'reconcile', { localId: 'edited', now: NOW }).bound).toBe(false);
    expect(waiting(thread)).toEqual(WAITING);
  });

  it('keeps the order of writing, also where the clock was set back in between', () => {
    const thread = files.start();
    write(thread, one('before', 'before'), NOW + 60_000);
    write(thread, one('after', 'after'), NOW - 60_000);
    files.end(thread);
    const order = [...WAITING.filter(({ chatId }) => chatId === CHAT).map(({ localId }) => localId), 'before', 'after'];
    const places = (from: Thread): string[] =>
      waiting(from)
        .filter(({ chatId }) => chatId === CHAT)
        .map(({ localId }) => localId);
    // The first start writes the journal anew, the second one has only the journal.
    const again = files.start();
    expect(places(again)).toEqual(order);
    files.end(again);
    expect(places(files.start({ setAside: true }))).toEqual(order);
  });
});

describe('a row that makes no sense', () => {
  it.each(['{', '', 'null', '{}', '[1]'])('of files, %j, does not keep the store from opening', (json) => {
    files.sql((db) => db.prepare('UPDATE outbox SET files = ?').run(json));
    const thread = files.start();
    expect(waiting(thread)).toEqual(WAITING);
    expect(sendAll(thread)).toEqual(UNSENT.map((message) => ({ ...message, files: [] })));
  });
});
