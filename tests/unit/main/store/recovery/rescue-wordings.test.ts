/** What a person said last of a message that has not been sent outlives the database's newest part. */
import fc from 'fast-check';
import { existsSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { SendState } from '../../../../../contract/model/send-state.ts';
import type { Thread } from '../../../../../electron/main/services/store/thread.ts';
import { AccountFiles, ask, fill, loseLog, sendAll, waiting, write, type Unsent } from '../account-files.ts';
import { CHAT, ME, message, NOW } from '../open-store.ts';
import { copiesOf, loseRun } from './own-files.ts';

const one = (localId: string, content: string): Unsent => ({
  localId,
  chatId: CHAT,
  content,
  replyTo: null,
  files: [],
});

/** The server says no. */
function refuse(thread: Thread, localId: string): void {
  ask(thread, 'beginAttempt', { localId, now: NOW });
  ask(thread, 'endAttempt', { localId, end: 'refused', nextAt: NOW, problem: 'validation', now: NOW });
}

/** A filled account with a message that the server refused and one that only the person can decide on, ended cleanly. */
const own = copiesOf(() => {
  const files = new AccountFiles();
  const thread = files.start();
  fill(thread);
  write(thread, one('refused', 'too much'));
  write(thread, one('undecided', 'did it come?'));
  refuse(thread, 'refused');
  for (let n = 0; n < 3; n += 1) {
    ask(thread, 'beginAttempt', { localId: 'undecided', now: NOW });
    ask(thread, 'endAttempt', { localId: 'undecided', end: 'no_answer', nextAt: NOW, problem: null, now: NOW });
    const end = n < 2 ? 'may_resend' : 'undecidable';
    ask(thread, 'endAttempt', { localId: 'undecided', end, nextAt: NOW, problem: 'server_timeout', now: NOW });
  }
  files.end(thread);
  return files;
});

const edit = (thread: Thread, localId: string, text: string): void =>
  expect(ask(thread, 'edit', { localId, text, now: NOW }).done).toBe(true);
const cancel = (thread: Thread, localId: string): void =>
  expect(ask(thread, 'cancel', { localId, now: NOW }).done).toBe(true);
const discard = (thread: Thread, localId: string): void =>
  expect(ask(thread, 'discard', { localId, now: NOW }).done).toBe(true);
const resend = (thread: Thread, localId: string): void =>
  expect(ask(thread, 'resend', { localId, now: NOW }).done).toBe(true);

const textOf = (thread: Thread, localId: string): string | undefined =>
  waiting(thread).find((item) => item.localId === localId)?.content;
const stateOf = (thread: Thread, localId: string): SendState | null | undefined =>
  ask(thread, 'details', { key: localId })?.state;
const sentOf = (thread: Thread, localId: string): string[] =>
  sendAll(thread).flatMap((item) => (item.localId === localId ? [item.content] : []));
const found = (word: string): number =>
  own.files.sql((db) => db.prepare('SELECT rowid FROM message_index(?)').all(word).length);

describe('an edit in a run whose log is lost', () => {
  it('is what waits, what is found and what is sent, once', () => {
    const thread = loseRun(own, (run) => {
      edit(run, 'last', 'first thought');
      edit(run, 'last', 'second https://example.org/thought');
    });
    expect(textOf(thread, 'last')).toBe('second https://example.org/thought');
    expect([found('елка'), found('first'), found('second')]).toEqual([0, 0, 1]);
    expect(sentOf(thread, 'last')).toEqual(['second https://example.org/thought']);
    expect(found('tags : haslink')).toBe(1);
    own.files.end(thread);
    expect(sendAll(own.files.start())).toEqual([]);
  });

  it('is known in the list of chats too', () => {
    const thread = loseRun(own, (run) => edit(run, 'last', 'in the list'));
    const texts = ask(thread, 'snapshot', { now: NOW, limit: 10 }).chats.map((chat) => chat.last?.text);
    expect(texts).toContain('in the list');
  });

  it('counts as unanswered: nobody knows whether it had left since', () => {
    const thread = loseRun(own, (run) => edit(run, 'with-files', 'see these'));
    expect(ask(thread, 'outboxHeads', {})).toContainEqual(
      expect.objectContaining({ localId: 'with-files', state: 'unknown', unanswered: 1 }),
    );
  });

  it('is what is looked for in the history, where the same run sent it', () => {
    const stored = message(901, { content: 'as it was sent', senderId: ME });
    const thread = loseRun(own, (run) => {
      edit(run, 'edited', 'as it was sent');
      ask(run, 'beginAttempt', { localId: 'edited', now: NOW });
      ask(run, 'acknowledge', { localId: 'edited', message: stored, now: NOW });
    });
    expect(stateOf(thread, 'edited')).toBe('unknown');
    ask(thread, 'storeOne', { message: stored, now: NOW });
    expect(stateOf(thread, 'edited')).toBe('sent');
    expect(sentOf(thread, 'edited')).toEqual([]);
  });

  it('is not undone by what an earlier run has sent', () => {
    const run = own.files.start();
    edit(run, 'edited', 'as it was sent');
    ask(run, 'beginAttempt', { localId: 'edited', now: NOW });
    const stored = message(901, { content: 'as it was sent', senderId: ME });
    ask(run, 'acknowledge', { localId: 'edited', message: stored, now: NOW });
    own.replace(new AccountFiles(own.files));
    const thread = loseRun(own, () => undefined);
    expect(stateOf(thread, 'edited')).toBe('sent');
    expect(sentOf(thread, 'edited')).toEqual([]);
  });

  it('of a refused message is sent, and not what the server refused', () => {
    const thread = loseRun(own, (run) => edit(run, 'refused', 'less'));
    expect(sentOf(thread, 'refused')).toEqual(['less']);
  });

  it('is still known when the log of a later run is lost', () => {
    // The main file keeps the older words: only the log has been told of the edit, in one run after the other.
    const first = own.files.start();
    edit(first, 'last', 'kept');
    own.replace(new AccountFiles(own.files));
    own.files.start();
    own.replace(loseLog(own.files));
    const thread = own.files.start();
    expect(textOf(thread, 'last')).toBe('kept');
  });

  it('is newer than an edit of an earlier run', () => {
    edit(own.files.start(), 'last', 'older');
    own.replace(new AccountFiles(own.files));
    const thread = loseRun(own, (run) => edit(run, 'last', 'newer'));
    expect(sentOf(thread, 'last')).toEqual(['newer']);
  });
});

describe('a start while somebody reads an older state', () => {
  it('leaves in the journal what it cannot bring into the main file', () => {
    const run = own.files.start();
    edit(run, 'last', 'older');
    own.files.sql((reader) => {
      reader.exec('BEGIN');
      reader.prepare('SELECT count(*) FROM outbox').get();
      edit(run, 'last', 'newer');
      own.files.end(run);
      own.files.start();
      expect(own.files.logged).toContain('store.journal_not_renewed');
      own.replace(loseLog(own.files));
    });
    const thread = own.files.start();
    expect(sentOf(thread, 'last')).toEqual(['newer']);
    expect(own.files.logged).not.toContain('store.journal_not_renewed');
  });
});

describe('an edit that the journal has not heard of', () => {
  it.each([0, 1])('is kept: the database knows it better (journal behind after %i edits)', (known) => {
    const run = own.files.start();
    let journal = readFileSync(own.files.journal);
    ['one', 'two'].forEach((text, n) => {
      edit(run, 'last', text);
      if (n + 1 === known) journal = readFileSync(own.files.journal);
    });
    own.replace(new AccountFiles(own.files));
    writeFileSync(own.files.journal, journal);
    const thread = own.files.start();
    expect(textOf(thread, 'last')).toBe('two');
    expect(sentOf(thread, 'last')).toEqual(['two']);
  });

  it('of an earlier version, which did not count them, neither', () => {
    const files = own.files;
    files.sql((db) => db.exec("UPDATE outbox SET content = 'newest' WHERE local_id = 'last'"));
    writeFileSync(files.journal, `${JSON.stringify({ kind: 'changed', localId: 'last', text: 'old' })}\n`, {
      flag: 'a',
    });
    expect(sentOf(files.start(), 'last')).toEqual(['newest']);
  });
});

describe('a message that was given up in a run whose log is lost', () => {
  const GIVEN_UP: [string, string, (run: Thread) => void][] = [
    ['taken back', 'last', (run) => cancel(run, 'last')],
    [
      'taken back after an edit',
      'last',
      (run) => {
        edit(run, 'last', 'changed');
        cancel(run, 'last');
      },
    ],
    ['discarded', 'refused', (run) => discard(run, 'refused')],
    ['discarded, undecided', 'undecided', (run) => discard(run, 'undecided')],
    [
      'discarded after it was sent again and refused again',
      'refused',
      (run) => {
        resend(run, 'refused');
        refuse(run, 'refused');
        discard(run, 'refused');
      },
    ],
    [
      'written and refused only then, and discarded',
      'newer',
      (run) => {
        write(run, one('newer', 'never mind'));
        refuse(run, 'newer');
        discard(run, 'newer');
      },
    ],
  ];
  it.each(GIVEN_UP)('%s: does not come back', (_name, localId, work) => {
    const thread = loseRun(own, work);
    expect(waiting(thread).map((item) => item.localId)).not.toContain(localId);
    expect(sentOf(thread, localId)).toEqual([]);
  });

  it.each(GIVEN_UP)('%s: nor without the whole database', (_name, localId, work) => {
    work(own.files.start());
    own.replace(loseLog(own.files));
    rmSync(own.files.database);
    const thread = own.files.start();
    expect(thread.opened.rescued).toBeGreaterThan(0);
    expect(waiting(thread).map((item) => item.localId)).not.toContain(localId);
    expect(sentOf(thread, localId)).toEqual([]);
  });
});

describe('a message that was sent again in a run whose log is lost', () => {
  it.each(['refused', 'undecided'])('is sent, not %s any more', (localId) => {
    const thread = loseRun(own, (run) => resend(run, localId));
    expect(stateOf(thread, localId)).toBe('unknown');
    expect(sentOf(thread, localId)).toHaveLength(1);
  });

  it('is looked for in the history first, and tried before the person is asked anew', () => {
    const thread = loseRun(own, (run) => resend(run, 'undecided'));
    const row = own.files.sql((db) => db.prepare("SELECT unanswered FROM outbox WHERE local_id = 'undecided'").get());
    expect(row).toMatchObject({ unanswered: 1 });
    ask(thread, 'storeOne', { message: message(901, { content: 'did it come?', senderId: ME }), now: NOW });
    expect(stateOf(thread, 'undecided')).toBe('sent');
  });

  it('and failed again waits for the person, where the log is not lost', () => {
    const run = own.files.start();
    resend(run, 'refused');
    refuse(run, 'refused');
    own.replace(new AccountFiles(own.files));
    const thread = own.files.start();
    expect(stateOf(thread, 'refused')).toBe('failed');
    expect(sentOf(thread, 'refused')).toEqual([]);
  });

  it('is not sent again by a start after it was', () => {
    const thread = loseRun(own, (run) => resend(run, 'refused'));
    expect(sentOf(thread, 'refused')).toHaveLength(1);
    own.files.end(thread);
    expect(sentOf(own.files.start(), 'refused')).toEqual([]);
  });
});

describe('a log that is cut anywhere', () => {
  it('changes nothing of what the person said last', () => {
    const run = own.files.start();
    for (const text of ['a', 'b', 'the last word']) edit(run, 'last', text);
    edit(run, 'reply', 'an edit');
    cancel(run, 'reply');
    discard(run, 'refused');
    resend(run, 'undecided');
    write(run, one('newer', 'written'));
    edit(run, 'newer', 'written better');
    const cut = new AccountFiles(own.files);
    own.files.end(run);
    const log = `${cut.database}-wal`;
    expect(existsSync(log)).toBe(true);
    const { size } = statSync(log);
    fc.assert(
      fc.property(fc.nat(size), (length) => {
        own.replace(new AccountFiles(cut));
        truncateSync(`${own.files.database}-wal`, length);
        rmSync(`${own.files.database}-shm`, { force: true });
        const sent = sendAll(own.files.start());
        expect(sent.map(({ localId, content }) => [localId, content]).sort()).toEqual(
          [
            ['edited', 'again'],
            ['last', 'the last word'],
            ['newer', 'written better'],
            ['undecided', 'did it come?'],
            ['under-way', 'did it leave?'],
            ['with-files', ''],
          ].sort(),
        );
      }),
      { numRuns: 25 },
    );
    cut.remove();
  });
});
