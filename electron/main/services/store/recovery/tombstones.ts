/**
 * Tombstones: the messages that were canceled or discarded since the journal was last rewritten. The journal learns of
 * them only after the commit. Without tombstones, a crash in between would leave a journal with a message that the
 * database no longer has, and the replay would bring it back and send it.
 */
import type { StoreContext } from '../context.ts';
import { readMeta, writeMeta } from '../meta.ts';
import { storedIds } from '../stored-ids.ts';

/** The name under which databases of every version store them: renaming it would lose the stored ones. */
const STORED_AS = 'taken_back';

/** The local ids of all tombstones. */
export function tombstones(context: StoreContext): string[] {
  const json = readMeta(context.sql, STORED_AS);
  return json === null ? [] : storedIds(context, json, 'store.tombstones_unreadable');
}

/** Adds one. Call it in the transaction that removes the message. */
export function addTombstone(context: StoreContext, localId: string): void {
  writeMeta(context.sql, STORED_AS, JSON.stringify([...tombstones(context), localId]));
}

/** Removes all of them, once a rewritten journal has them. */
export function clearTombstones(context: StoreContext): void {
  context.sql.run('DELETE FROM meta WHERE name = ?', STORED_AS);
}
