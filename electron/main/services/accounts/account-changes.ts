/** What an operation of the store brings about: the page is told, and each service whose part has changed. */
import { LIBRARY_PLACE } from '#contract/model/limits.ts';
import type { AccountSink } from '../ports.ts';
import type { ChangeSet } from '../store/protocol.ts';

/** Who hears of changes, besides the page. */
export interface ChangeHearers {
  backfill: { wake(): void };
  unread: { offer(unread: NonNullable<ChangeSet['unread']>): void };
  files: { changed(): void };
  music: { uploadsChanged(): void };
  outbox: { wake(): void };
  later: { peopleChanged(): void };
}

/** Tells the page and the services of changes, each only of what has changed. */
export function spreadChanges(changes: ChangeSet, push: AccountSink, hearers: ChangeHearers): void {
  if (changes.chats.length > 0) {
    push.emit({ kind: 'chats', upserts: changes.chats, removed: [] });
    // Somebody may be online for whom a message waits.
    hearers.later.peopleChanged();
  }
  for (const { chatId, upserts, removed } of changes.messages) {
    if (upserts.length > 0 || removed.length > 0) push.emit({ kind: 'messages', chatId, upserts, removed });
  }
  if (changes.stale.length > 0) hearers.backfill.wake();
  for (const chatId of changes.stale) push.emit({ kind: 'messages:stale', chatId });
  if (changes.unread) hearers.unread.offer(changes.unread);
  if (changes.uploads.length > 0) {
    hearers.files.changed();
    if (changes.uploads.includes(LIBRARY_PLACE)) hearers.music.uploadsChanged();
    // A message may have been waiting for them.
    hearers.outbox.wake();
  }
  for (const { code } of changes.failed) push.emit({ kind: 'notice', notice: 'send_failed', code });
}
