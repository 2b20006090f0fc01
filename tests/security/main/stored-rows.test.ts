/**
 * Rows that no version of ours wrote, of every table that a screen reads: each store opens without being set aside, every
 * list is told within its contract, and what lies beside the bad row is shown.
 */
import { afterEach, beforeAll, afterAll, describe, expect, it } from 'vitest';
import { LaterView } from '../../../contract/ipc/later-schemas.ts';
import { NoteView } from '../../../contract/ipc/note-schemas.ts';
import { AlbumView, ArtistView, PlaylistView, TrackView } from '../../../contract/ipc/music-views.ts';
import { SharedFileView, SharedLinkView } from '../../../contract/ipc/file-views.ts';
import { ChatView, MessagePage, SearchHit, UnreadView } from '../../../contract/ipc/views.ts';
import { parseQuery } from '../../../electron/main/lib/search-query.ts';
import type { Thread } from '../../../electron/main/services/store/thread.ts';
import { AccountFiles, ask, fill, SECOND_CHAT } from '../../unit/main/store/account-files.ts';
import { CHAT, ME, message, NOW } from '../../unit/main/store/open-store.ts';
import { queryOf, trackOf } from '../../unit/main/music/track-world.ts';

/** A whole account as it was left: copied for each row. */
let whole: AccountFiles;
let files: AccountFiles | null = null;
beforeAll(() => {
  whole = new AccountFiles();
  const thread = whole.start();
  fill(thread);
  const attachments = [{ id: 'f9', name: 'a.png', mimeType: 'image/png', size: 10, width: 5, height: 5 }];
  ask(thread, 'applyEvents', {
    frames: [
      { type: 'message:new', data: message(950, { attachments, content: 'look https://example.org/ here' }) },
      {
        type: 'reaction:new',
        data: { messageId: message(3).id, chatId: CHAT, reaction: { id: 'r', emoji: '👍', userId: ME } },
      },
    ],
    seq: 7,
    epoch: 'e',
    now: NOW,
  });
  ask(thread, 'takeTracks', { tracks: [trackOf('t1', { album: 'Album', artist: 'Band' }), trackOf('t2')], now: NOW });
  ask(thread, 'savePlaylist', { id: 'p', isNew: true, name: 'List', ids: ['t1', 't2'], now: NOW });
  ask(thread, 'addNote', { id: 'n1', text: 'a note', source: null, most: 9, now: NOW });
  ask(thread, 'addLater', {
    localId: 'later',
    chatId: CHAT,
    text: 'x',
    replyTo: null,
    at: NOW + 9e6,
    most: 9,
    now: NOW,
  });
  while (thread.work());
  whole.end(thread);
});
afterAll(() => whole.remove());
afterEach(() => files?.remove());

const BLOB = `x'00ff80'`;
const HUGE = `9223372036854775807`;
/** A row of the filled account that the change is made to. */
const MESSAGE = `id = '${message(950).id}'`;
const OF_MESSAGE = `row = (SELECT row FROM messages WHERE ${MESSAGE})`;

/** Each makes one row what it cannot be: its table, the column, the value as SQL, and which row. */
const ROWS: readonly (readonly [table: string, column: string, value: string, where: string])[] = [
  ['messages', 'content', BLOB, MESSAGE],
  ['messages', 'content', `'a' || char(0) || 'b'`, MESSAGE],
  ['messages', 'content', `printf('%.*c', 1000000, 'x')`, MESSAGE],
  ['messages', 'content', `cast(x'eda080' AS TEXT)`, MESSAGE],
  ['messages', 'content', HUGE, MESSAGE],
  ['messages', 'created_at', `'yesterday'`, MESSAGE],
  ['messages', 'created_at', HUGE, MESSAGE],
  ['messages', 'created_at', `-1e300`, MESSAGE],
  ['messages', 'created_at', BLOB, MESSAGE],
  ['messages', 'at', `9e999`, MESSAGE],
  ['messages', 'at', `-9e999`, MESSAGE],
  ['messages', 'at', `'soon'`, MESSAGE],
  ['messages', 'tie', BLOB, MESSAGE],
  ['messages', 'sender_id', BLOB, MESSAGE],
  ['messages', 'sender_id', `''`, MESSAGE],
  ['messages', 'sender_id', `'__proto__'`, MESSAGE],
  ['messages', 'mine', `7`, MESSAGE],
  ['messages', 'mine', `'yes'`, MESSAGE],
  ['messages', 'state', `'flying'`, MESSAGE],
  ['messages', 'state', BLOB, MESSAGE],
  ['messages', 'problem', `'constructor'`, MESSAGE],
  ['messages', 'undecided', BLOB, MESSAGE],
  ['messages', 'reply_to', BLOB, MESSAGE],
  ['messages', 'reply_to', `id`, MESSAGE],
  ['messages', 'quote_text', BLOB, MESSAGE],
  ['messages', 'double_of', BLOB, MESSAGE],
  ['messages', 'files', HUGE, MESSAGE],
  ['messages', 'kinds', `'all'`, MESSAGE],
  ['messages', 'local_id', BLOB, MESSAGE],
  ['attachments', 'id', `'../../etc/passwd'`, OF_MESSAGE],
  ['attachments', 'id', `''`, OF_MESSAGE],
  ['attachments', 'id', BLOB, OF_MESSAGE],
  ['attachments', 'name', BLOB, OF_MESSAGE],
  ['attachments', 'mime_type', BLOB, OF_MESSAGE],
  ['attachments', 'size', HUGE, OF_MESSAGE],
  ['attachments', 'size', `-1`, OF_MESSAGE],
  ['attachments', 'size', `'big'`, OF_MESSAGE],
  ['attachments', 'width', `9e999`, OF_MESSAGE],
  ['attachments', 'height', `'tall'`, OF_MESSAGE],
  ['attachments', 'duration', BLOB, OF_MESSAGE],
  ['attachments', 'thumbhash', BLOB, OF_MESSAGE],
  ['attachments', 'peaks', `'[1,'`, OF_MESSAGE],
  ['attachments', 'peaks', `'[{"a":1},null,"x",1e400]'`, OF_MESSAGE],
  ['attachments', 'peaks', BLOB, OF_MESSAGE],
  ['attachments', 'variants', `'{"thumb":true}'`, OF_MESSAGE],
  ['attachments', 'variants', HUGE, OF_MESSAGE],
  ['reactions', 'emoji', BLOB, '1'],
  ['reactions', 'user_id', BLOB, '1'],
  ['reactions', 'at', `'then'`, '1'],
  ['chats', 'participants', `'["me"'`, `id = '${CHAT}'`],
  ['chats', 'participants', `'{"length":1e9}'`, `id = '${CHAT}'`],
  ['chats', 'participants', `'[[[["me"]]],7,null]'`, `id = '${CHAT}'`],
  ['chats', 'participants', BLOB, `id = '${CHAT}'`],
  ['chats', 'activity_at', `9e999`, `id = '${CHAT}'`],
  ['chats', 'activity_at', `'late'`, `id = '${CHAT}'`],
  ['chats', 'unread', `-5`, `id = '${CHAT}'`],
  ['chats', 'unread', `'many'`, `id = '${CHAT}'`],
  ['chats', 'unread', `0.5`, `id = '${CHAT}'`],
  ['chats', 'read_at', `'x'`, `id = '${CHAT}'`],
  ['chats', 'read_tie', BLOB, `id = '${CHAT}'`],
  ['chats', 'preview', `'{"id":7}'`, `id = '${CHAT}'`],
  ['chats', 'preview', `'{"id":"p","senderId":"me","text":"x","at":1e400}'`, `id = '${CHAT}'`],
  ['chats', 'preview', BLOB, `id = '${CHAT}'`],
  ['chats', 'last_row', HUGE, `id = '${CHAT}'`],
  ['flags', 'muted_until', `'for ever'`, '1'],
  ['flags', 'pinned', BLOB, '1'],
  ['drafts', 'text', BLOB, '1'],
  ['drafts', 'reply_to', BLOB, '1'],
  ['users', 'first_name', BLOB, '1'],
  ['users', 'username', `''`, '1'],
  ['users', 'bio', HUGE, '1'],
  ['users', 'avatar_url', `'javascript:alert(1)'`, '1'],
  ['users', 'avatar_url', BLOB, '1'],
  ['users', 'last_seen_at', `'never'`, '1'],
  ['users', 'folded', BLOB, '1'],
  ['ranges', 'to_at', `'x'`, '1'],
  ['ranges', 'to_tie', BLOB, '1'],
  ['outbox', 'files', `'["f1"'`, `local_id = 'with-files'`],
  ['outbox', 'files', BLOB, `local_id = 'with-files'`],
  ['outbox', 'state', `'flying'`, `local_id = 'last'`],
  ['outbox', 'next_at', `'x'`, `local_id = 'last'`],
  ['outbox', 'content', BLOB, `local_id = 'last'`],
  ['tracks', 'title', BLOB, `id = 't2'`],
  ['tracks', 'duration', `9e999`, `id = 't2'`],
  ['tracks', 'size', `'big'`, `id = 't2'`],
  ['tracks', 'said', `'{'`, `id = 't2'`],
  ['tracks', 'year', `'MMXX'`, `id = 't2'`],
  ['tracks', 'gain', `1e300`, `id = 't2'`],
  ['playlists', 'name', BLOB, '1'],
  ['playlists', 'changed_at', `'x'`, '1'],
  ['notes', 'text', BLOB, '1'],
  ['notes', 'created_at', `9e999`, '1'],
  ['notes', 'chat_id', BLOB, '1'],
  ['later', 'text', BLOB, '1'],
  ['later', 'due_at', `'soon'`, '1'],
  ['meta', 'value', `'x'`, `name = 'seq'`],
];

/** Asks for everything that a screen shows, each by its contract. */
function lookAtAll(writer: Thread, reader: Thread): void {
  const { chats, unread } = ask(writer, 'snapshot', { now: NOW, limit: 50 });
  UnreadView.parse(unread);
  expect(chats.map(({ id }) => id).sort()).toEqual([CHAT, SECOND_CHAT].sort());
  for (const chat of chats) {
    ChatView.parse(chat);
    for (const at of ['latest', 'unread'] as const) {
      const page = MessagePage.parse(ask(writer, 'page', { chatId: chat.id, anchor: { at }, limit: 200 }));
      expect(page.items.length).toBeGreaterThan(0);
    }
    for (const tab of ['media', 'files', 'music'] as const)
      for (const item of ask(reader, 'sharedFiles', { chatId: chat.id, tab, before: null, limit: 50 }).items)
        SharedFileView.parse(item);
    for (const item of ask(reader, 'sharedLinks', { chatId: chat.id, before: null, limit: 50 }).items)
      SharedLinkView.parse(item);
  }
  for (const q of ['words', 'look', 'from:otto', 'has:file', ''])
    for (const hit of ask(reader, 'search', { query: parseQuery(q), chatId: null, offset: 0, limit: 50 }).hits)
      SearchHit.parse(hit);
  const { tracks } = ask(reader, 'tracks', { ...queryOf(), offset: 0, limit: 50, now: NOW, mayRemove: 'own' });
  expect(tracks.map(({ id }) => id)).toContain('t1');
  for (const one of tracks) TrackView.parse(one);
  for (const one of ask(reader, 'albums', { q: '', sort: 'title', offset: 0, limit: 9 }).albums) AlbumView.parse(one);
  for (const one of ask(reader, 'artists', { q: '', offset: 0, limit: 9 }).artists) ArtistView.parse(one);
  for (const one of ask(writer, 'playlists', {})) PlaylistView.parse(one);
  for (const one of ask(writer, 'notes', {})) NoteView.parse(one);
  for (const one of ask(writer, 'laterMessages', {})) LaterView.parse(one);
  ask(writer, 'uploads', {});
  ask(writer, 'outboxHeads', {});
  ask(writer, 'syncPoint', {});
}

describe('a stored row that makes no sense', () => {
  it('is one of these', () => {
    expect(new Set(ROWS.map((row) => row.join(' '))).size).toBe(ROWS.length);
    expect(new Set(ROWS.map(([table]) => table)).size).toBeGreaterThanOrEqual(12);
  });

  it('is none in an account as we write it', () => {
    files = new AccountFiles(whole);
    const writer = files.start();
    lookAtAll(writer, files.start({ role: 'reader' }));
    expect(files.logged).toEqual([]);
  });

  it.each(ROWS)('%s.%s = %s', (table, column, value, where) => {
    const own = new AccountFiles(whole);
    files = own;
    own.sql((db) => {
      const { changes } = db.prepare(`UPDATE ${table} SET ${column} = ${value} WHERE ${where}`).run();
      expect(Number(changes), 'there was such a row').toBeGreaterThan(0);
    });
    const writer = own.start();
    expect(writer.opened.rebuilt, 'not set aside for one row').toBe(false);
    lookAtAll(writer, own.start({ role: 'reader' }));
    // And what comes is stored all the same.
    ask(writer, 'applyEvents', {
      frames: [{ type: 'message:new', data: message(990, { content: 'the next one' }) }],
      seq: null,
      epoch: null,
      now: NOW,
    });
    const page = ask(writer, 'page', { chatId: CHAT, anchor: { at: 'latest' }, limit: 200 });
    expect(page?.items.map(({ text }) => text)).toContain('the next one');
    expect(own.logged.filter((event) => event === 'store.operation_failed')).toEqual([]);
  });
});
