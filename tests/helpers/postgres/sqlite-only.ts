/** Tests of what only SQLite has: its file, what is beside it, and its own steps of migration. */
import { beforeEach } from 'vitest';
import { databaseChoice } from './chosen.ts';

/** Leaves out the tests of this file or `describe` when the run's relays live on PostgreSQL; the report names the reason. */
export function sqliteOnly(reason: string): void {
  beforeEach(({ skip }) => skip(databaseChoice() !== 'sqlite', reason));
}
