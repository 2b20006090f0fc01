/** Files of each test's own: made before it, removed after it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import type { JournalContents } from '../../../../../electron/main/services/store/recovery/journal.ts';
import type { Thread } from '../../../../../electron/main/services/store/thread.ts';
import { AccountFiles, ask, loseLog } from '../account-files.ts';
import { NOW } from '../open-store.ts';

/** What is promised of a journal's contents. */
export type Told = Pick<JournalContents, 'open' | 'stored' | 'skipped'>;
export const told = ({ open, stored, skipped }: JournalContents): Told => ({ open, stored, skipped });

/** A folder, and the journal that a test may put there. */
export interface JournalFolder {
  readonly folder: string;
  readonly path: string;
}

/** An empty folder for a journal, a new one for each test of the calling file. */
export function journalFolder(): JournalFolder {
  let folder = '';
  beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'relay-journal-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  return {
    get folder() {
      return folder;
    },
    get path() {
      return join(folder, 'outbox.journal');
    },
  };
}

/** An account's files, the same at the beginning of every test. */
export interface Copies {
  /** What each test begins with; made once. */
  readonly template: AccountFiles;
  /** The running test's. */
  readonly files: AccountFiles;
  /** Goes on with other files; those before are removed. */
  replace(next: AccountFiles): void;
}

/** Makes files once, and gives each test of the calling file a copy. */
export function copiesOf(make: () => AccountFiles): Copies {
  let template: AccountFiles;
  let files: AccountFiles;
  beforeAll(() => void (template = make()));
  afterAll(() => template.remove());
  beforeEach(() => void (files = new AccountFiles(template)));
  afterEach(() => files.remove());
  return {
    get template() {
      return template;
    },
    get files() {
      return files;
    },
    replace(next) {
      files.remove();
      files = next;
    },
  };
}

/** The run after one that did something and whose write-ahead log was lost, at its beginning. */
export function loseRun(own: Copies, work: (thread: Thread) => void): Thread {
  work(own.files.start());
  own.replace(loseLog(own.files));
  const next = own.files.start();
  ask(next, 'recoverOutbox', { now: NOW, settleMs: 0 });
  return next;
}
