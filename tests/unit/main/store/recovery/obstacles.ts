/** What keeps a database from being made anew, on real files. Each stands for as long as a test wants. */
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { StoreProblem } from '../../../../../electron/main/lib/store-problem.ts';

/** Something that stands in the way, in a folder of an account. */
export interface Obstacle {
  name: string;
  /** As what the store must report it. */
  problem: StoreProblem;
  put: (folder: string) => void;
  take: (folder: string) => void;
}

/** A folder where a file must be made: permissions would not stop a test that runs as the system's owner. */
function folderInPlaceOf(file: string, name: string): Obstacle {
  return {
    name,
    problem: 'failed',
    put: (folder) => mkdirSync(join(folder, file)),
    take: (folder) => rmSync(join(folder, file), { recursive: true }),
  };
}

/** A full disk where the journal is written anew: the last thing that a rebuild writes. */
const FULL_DISK: Obstacle = {
  name: 'a full disk',
  problem: 'full',
  put: (folder) => symlinkSync('/dev/full', join(folder, 'outbox.journal.new')),
  take: (folder) => rmSync(join(folder, 'outbox.journal.new')),
};

/** At a rebuild's first step; an ordinary start does not meet it. */
export const FIRST_STEP = folderInPlaceOf('relay.db.rebuilding-wal', 'no room for the old database');
/** In the midst of it. */
export const MIDDLE_STEP = folderInPlaceOf('relay.db-journal', 'no room for the new database');
/** At its last step, which an ordinary start has too. */
export const LAST_STEP = folderInPlaceOf('outbox.journal.new', 'no room for the new journal');
export const OBSTACLES = [FIRST_STEP, MIDDLE_STEP, LAST_STEP, ...(process.platform === 'linux' ? [FULL_DISK] : [])];
