/**
 * Messages that were taken back or given up since the journal was last written anew. The journal hears of them only
 * after the commit: without this list, an end in between would leave a journal that knows a message which the database
 * does not, and it would come back and be sent.
 */
import type { StoreContext } from './context.ts';
import { readMeta, writeMeta } from './meta.ts';
import { storedIds } from './stored-ids.ts';

/** Their local ids. */
export function takenBack(context: StoreContext): string[] {
  const json = readMeta(context.sql, 'taken_back');
  return json === null ? [] : storedIds(context, json, 'store.taken_back_unreadable');
}

/** Adds one, in the transaction that takes it away. */
export function noteTakenBack(context: StoreContext, localId: string): void {
  writeMeta(context.sql, 'taken_back', JSON.stringify([...takenBack(context), localId]));
}

/** The journal has been told of all of them. */
export function forgetTakenBack(context: StoreContext): void {
  context.sql.run("DELETE FROM meta WHERE name = 'taken_back'");
}
