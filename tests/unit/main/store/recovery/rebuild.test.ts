/** Rebuilds that fail, or that the program's end interrupts: the next one has everything that the first one had. */
import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Thread } from '../../../../../electron/main/services/store/thread.ts';
import { AccountFiles, ask, sendAll, UNSENT, waiting, WAITING } from '../account-files.ts';
import { afterUncleanEnd, choices, expectRescued, kept, overwriteRoot } from './damage.ts';
import { CHAT, NOW } from '../open-store.ts';
import { FIRST_STEP, LAST_STEP, MIDDLE_STEP, OBSTACLES } from './obstacles.ts';
import { copiesOf } from './own-files.ts';

const own = copiesOf(() => {
  const files = afterUncleanEnd();
  overwriteRoot(files.database, 'messages');
  return files;
});

const names = (): string[] => readdirSync(own.files.folder).sort();

/** All of it is back: the messages that wait, the drafts, the marks; and the damaged file is kept once, as it was. */
function expectAll(thread: Thread, damaged: Buffer): void {
  expectRescued(thread);
  expect(choices(thread)).toEqual(kept('all'));
  expect(own.files.quarantine().map((path) => readFileSync(path).equals(damaged))).toEqual([true]);
  expect(names().filter((name) => name.includes('rebuilding'))).toEqual([]);
  own.files.end(thread);
  const again = own.files.start();
  expect(again.opened).toEqual({ rebuilt: false, rescued: 0, indexed: true });
  expect(waiting(again)).toEqual(WAITING);
  expect(sendAll(again)).toEqual(UNSENT);
}

describe.each(OBSTACLES)('a rebuild that fails: $name', ({ problem, put, take }) => {
  it.each([
    ['found at the start', false],
    ['found in use', true],
  ])('loses nothing, however often it fails; the damage was %s', (_name, quarantine) => {
    const damaged = readFileSync(own.files.database);
    put(own.files.folder);
    for (let n = 0; n < 3; n += 1) {
      expect(own.files.tryToStart({ quarantine })).toBe(problem);
      expect(own.files.quarantine()).toEqual([]);
    }
    take(own.files.folder);
    expectAll(own.files.start({ quarantine }), damaged);
  });

  it('is ended by the next start of the program, which need not know of it', () => {
    const damaged = readFileSync(own.files.database);
    put(own.files.folder);
    expect(own.files.tryToStart({ quarantine: true })).toBe(problem);
    take(own.files.folder);
    expectAll(own.files.start(), damaged);
  });
});

it('a rebuild that fails in one way after the other loses nothing', () => {
  const damaged = readFileSync(own.files.database);
  for (const { put, take, problem } of [FIRST_STEP, LAST_STEP, MIDDLE_STEP, LAST_STEP]) {
    put(own.files.folder);
    expect(own.files.tryToStart()).toBe(problem);
    take(own.files.folder);
  }
  expectAll(own.files.start(), damaged);
});

describe('a rebuild that the program’s end interrupts', () => {
  const held = (suffix = ''): string => `${own.files.database}.rebuilding${suffix}`;
  const hold = (...suffixes: string[]): void => {
    for (const suffix of suffixes) renameSync(`${own.files.database}${suffix}`, held(suffix));
  };
  /** A database as a rebuild leaves it in the place of the old one, when it does not get as far as to its messages. */
  const halfMade = (): void => {
    const other = new AccountFiles();
    other.end(other.start());
    cpSync(other.database, own.files.database);
    other.remove();
  };
  const STEPS: [string, () => void][] = [
    ['when the old file was taken away', () => hold('')],
    ['when the new file was begun', () => (hold(''), writeFileSync(own.files.database, ''))],
    ['when the new file had its tables', () => (hold(''), halfMade())],
    [
      'when the new file had a log',
      () => {
        hold('');
        halfMade();
        writeFileSync(`${own.files.database}-wal`, 'half a log');
        writeFileSync(`${own.files.database}-shm`, '');
      },
    ],
  ];
  it.each(STEPS)('%s is done again', (_name, interrupt) => {
    const damaged = readFileSync(own.files.database);
    interrupt();
    expectAll(own.files.start(), damaged);
  });

  /** A crash while a draft is in the log alone. */
  function crash(): void {
    own.replace(afterUncleanEnd());
    const thread = own.files.start();
    ask(thread, 'saveDraft', { chatId: CHAT, text: 'only in the log', replyTo: null, now: NOW });
    own.replace(new AccountFiles(own.files));
  }
  const drafts = (thread: Thread): string[] => {
    expectRescued(thread);
    choices(thread);
    return ask(thread, 'snapshot', { now: NOW, limit: 10 }).chats.map(({ draft }) => draft);
  };

  it.each([
    ['before its log was taken away too', ['']],
    ['after that', ['', '-wal', '-shm']],
  ])('still knows what only the old log had, %s', (_name, suffixes) => {
    crash();
    hold(...suffixes);
    expect(drafts(own.files.start({ quarantine: true }))).toContain('only in the log');
    const [aside = ''] = own.files.quarantine();
    expect(names()).toContain(`${basename(aside)}-wal`);
  });

  it('when the old file had its last name, but not yet its log, is done', () => {
    crash();
    const thread = own.files.start({ quarantine: true });
    own.files.end(thread);
    writeFileSync(held('-wal'), 'of the file that was set aside');
    const again = own.files.start();
    expect(again.opened.rebuilt).toBe(false);
    own.files.end(again);
    const third = own.files.start({ quarantine: true });
    expect(drafts(third)).toContain('only in the log');
    expect(own.files.quarantine()).toHaveLength(2);
    expect(names().filter((name) => name.includes('rebuilding'))).toEqual([]);
  });
});

describe('a database that is not there', () => {
  it('is begun in the ordinary way, after a failure too', () => {
    rmSync(own.files.database);
    mkdirSync(`${own.files.database}-journal`);
    expect(own.files.tryToStart()).toBe('failed');
    rmSync(`${own.files.database}-journal`, { recursive: true });
    const thread = own.files.start();
    expect(thread.opened).toEqual({ rebuilt: false, rescued: UNSENT.length, indexed: true });
    expect(waiting(thread)).toEqual(WAITING);
  });
});
