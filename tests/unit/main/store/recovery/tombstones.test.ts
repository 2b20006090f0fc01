/** A canceled message stays canceled, wherever a crash falls in between and whatever is lost with it. */
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Thread } from '../../../../../electron/main/services/store/thread.ts';
import { AccountFiles, ask, fill, sendAll, waiting } from '../account-files.ts';
import { NOW } from '../open-store.ts';

let files: AccountFiles;
let crashed: AccountFiles | null;
let thread: Thread;
beforeEach(() => {
  crashed = null;
  files = new AccountFiles();
  thread = files.start();
  fill(thread);
});
afterEach(() => {
  crashed?.remove();
  files.remove();
});

function takeBack(): void {
  expect(ask(thread, 'cancel', { localId: 'last', now: NOW }).done).toBe(true);
}

/** The files as they lie on the disk now, as a crash leaves them. */
function crash(like = files): AccountFiles {
  const next = new AccountFiles(like);
  crashed?.remove();
  crashed = next;
  return next;
}

function expectGone(from: AccountFiles): void {
  for (let n = 0; n < 2; n += 1) {
    const next = from.start();
    expect(next.opened.rescued).toBe(0);
    expect(waiting(next).map(({ localId }) => localId)).not.toContain('last');
    from.end(next);
  }
  const last = from.start();
  expect(sendAll(last).map(({ localId }) => localId)).not.toContain('last');
}

describe('a message that was taken back', () => {
  it('does not come back where the journal had not heard of it yet', () => {
    const before = readFileSync(files.journal);
    takeBack();
    const next = crash();
    writeFileSync(next.journal, before);
    expectGone(next);
  });

  it('does not come back with a database that had not heard of it, also when the journal was begun anew since', () => {
    // All of it in the main file, so that only what follows is in the log.
    files.end(thread);
    const before = crash();
    thread = files.start();
    takeBack();
    files.end(thread);
    thread = files.start();
    rmSync(`${before.database}-wal`, { force: true });
    cpSync(files.journal, before.journal);
    expectGone(before);
  });

  it('is found by no search any more, when only the journal knew of it', () => {
    files.end(thread);
    const before = crash();
    thread = files.start();
    takeBack();
    cpSync(files.journal, before.journal);
    const next = before.start();
    before.end(next);
    const inIndex = before.sql((db) => db.prepare("SELECT rowid FROM message_index('елка')").all());
    expect(inIndex).toEqual([]);
  });
});
