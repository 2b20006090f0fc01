/** Databases that are sound but are not what they should be: gone, older than their journal, or somebody else's. */
import { rmSync, truncateSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import type { Thread } from '../../../../../electron/main/services/store/thread.ts';
import {
  AccountFiles,
  ask,
  fill,
  loseLog,
  sendAll,
  tellChats,
  tellHistory,
  UNSENT,
  waiting,
  WAITING,
  write,
  type Unsent,
} from '../account-files.ts';
import { CHAT, NOW } from '../open-store.ts';
import { copiesOf, loseRun } from './own-files.ts';

/** An account in the middle of its first run: all but the head of the file is still in the write-ahead log. */
let running: AccountFiles;
/** The same, ended cleanly. */
const own = copiesOf(() => {
  running = new AccountFiles();
  fill(running.start());
  const ended = new AccountFiles(running);
  ended.end(ended.start());
  return ended;
});
afterAll(() => running.remove());

const one = (localId: string, content: string): Unsent => ({
  localId,
  chatId: CHAT,
  content,
  replyTo: null,
  files: [],
});

describe('a first start', () => {
  it('sets nothing aside and rescues nothing', () => {
    own.replace(new AccountFiles());
    expect(own.files.start().opened).toEqual({ rebuilt: false, rescued: 0, indexed: true });
    expect(own.files.quarantine()).toEqual([]);
    expect(own.files.logged).toEqual([]);
  });
});

describe('a database that knows less than its journal', () => {
  const GONE: [string, () => void][] = [
    ['missing', () => rmSync(own.files.database)],
    ['empty', () => truncateSync(own.files.database, 0)],
    ['one byte long', () => truncateSync(own.files.database, 1)],
    ['without the log that held all of it', () => own.replace(loseLog(running))],
    [
      'with a log of garbage',
      () => {
        own.replace(loseLog(running));
        writeFileSync(`${own.files.database}-wal`, 'garbage '.repeat(10_000));
      },
    ],
  ];
  it.each(GONE)('%s: what was not sent waits again', (_name, lose) => {
    lose();
    const thread = own.files.start();
    expect(waiting(thread)).toEqual(WAITING);
    expect(thread.opened.rescued).toBe(UNSENT.length);
    own.files.end(thread);
    const again = own.files.start();
    expect(again.opened).toEqual({ rebuilt: false, rescued: 0, indexed: true });
    expect(sendAll(again)).toEqual(UNSENT);
  });

  it('keeps what it has when the log of a run that wrote nothing is lost', () => {
    const thread = loseRun(own, () => undefined);
    expect(waiting(thread)).toEqual(WAITING);
    expect(sendAll(thread)).toEqual(UNSENT);
  });

  it('gets back what was written in a run whose log is lost', () => {
    const newer = one('newer', 'written last');
    const thread = loseRun(own, (run) => write(run, newer));
    expect(waiting(thread).map(({ localId }) => localId)).toContain('newer');
    expect(sendAll(thread)).toContainEqual(newer);
  });

  it('does not send at once what was stored in a run whose log is lost', () => {
    const thread = loseRun(own, (run) => {
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
    const thread = loseRun(own, (run) => expect(ask(run, 'cancel', { localId: 'last', now: NOW }).done).toBe(true));
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
    rmSync(own.files.database);
    own.files.sql((db) => db.exec(`${tables}; INSERT INTO theirs VALUES ('not ours')`));
    const thread = own.files.start();
    expect(thread.opened).toEqual({ rebuilt: true, rescued: UNSENT.length, indexed: true });
    expect(waiting(thread)).toEqual(WAITING);
    const [aside = ''] = own.files.quarantine();
    const left = own.files.sql(
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
  const open = (): Thread => own.files.start({ account: 'another', me: 'other' });

  it('is set aside, and none of its messages is ever sent', () => {
    const thread = open();
    expect(thread.opened).toEqual({ rebuilt: true, rescued: 0, indexed: true });
    expect(own.files.quarantine()).toHaveLength(1);
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
    own.files.end(own.files.start({ quarantine: true }));
    const thread = own.files.start({ quarantine: true });
    tellHistory(thread);
    expect(ask(thread, 'reconcile', { localId: 'edited', now: NOW }).bound).toBe(false);
    expect(waiting(thread)).toEqual(WAITING);
  });

  it('keeps the order of writing, also where the clock was set back in between', () => {
    const thread = own.files.start();
    write(thread, one('before', 'before'), NOW + 60_000);
    write(thread, one('after', 'after'), NOW - 60_000);
    own.files.end(thread);
    const order = [...WAITING.filter(({ chatId }) => chatId === CHAT).map(({ localId }) => localId), 'before', 'after'];
    const places = (from: Thread): string[] =>
      waiting(from)
        .filter(({ chatId }) => chatId === CHAT)
        .map(({ localId }) => localId);
    // The first start writes the journal anew, the second one has only the journal.
    const again = own.files.start();
    expect(places(again)).toEqual(order);
    own.files.end(again);
    expect(places(own.files.start({ quarantine: true }))).toEqual(order);
  });
});

describe('a row that makes no sense', () => {
  it.each(['{', '', 'null', '{}', '[1]'])('of files, %j, does not keep the store from opening', (json) => {
    own.files.sql((db) => db.prepare('UPDATE outbox SET files = ?').run(json));
    const thread = own.files.start();
    expect(waiting(thread)).toEqual(WAITING);
    expect(sendAll(thread)).toEqual(UNSENT.map((message) => ({ ...message, files: [] })));
  });
});
