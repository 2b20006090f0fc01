/** Files that wait, when the database is lost: their messages come back with them, and are sent once. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Thread } from '../../../../../electron/main/services/store/thread.ts';
import { AccountFiles, ask, loseLog, tellChats } from '../account-files.ts';
import { CHAT, ME, message, NOW } from '../open-store.ts';
import { fileOf, staged } from '../ops/upload-world.ts';

let files: AccountFiles;
beforeEach(() => void (files = new AccountFiles()));
afterEach(() => files.remove());

const add = (thread: Thread, id: string): unknown =>
  ask(thread, 'addUpload', { upload: staged(id), replaces: null, now: NOW });
const send = (thread: Thread, localId: string, uploads: string[]): unknown =>
  ask(thread, 'enqueue', {
    localId,
    chatId: CHAT,
    text: '',
    replyTo: null,
    files: [],
    uploads,
    state: 'queued',
    now: NOW,
  });
const stored = (thread: Thread, id: string): unknown =>
  ask(thread, 'uploadStored', { id, file: fileOf(`file-${id}`), now: NOW });
const left = (thread: Thread): string[] =>
  ask(thread, 'uploads', {}).map(({ id, localId }) => `${id} of ${String(localId)}`);

describe('a lost database', () => {
  it('gives back the messages with the files that they wait for', () => {
    const thread = files.start();
    tellChats(thread);
    for (const id of ['a', 'b', 'draft']) add(thread, id);
    stored(thread, 'a');
    send(thread, 'l1', ['b', 'a']);
    files.end(thread);
    const again = files.start({ quarantine: true });
    expect(again.opened).toMatchObject({ rebuilt: true, rescued: 1 });
    // The draft's file comes from the damaged database, those of the message from the journal.
    expect(left(again).sort()).toEqual(['a of l1', 'b of l1', 'draft of null']);
    expect(ask(again, 'uploads', {}).find(({ id }) => id === 'b')).toMatchObject({
      ...staged('b'),
      n: 0,
      state: 'waiting',
      fileId: null,
    });
    tellChats(again);
    const page = ask(again, 'page', { chatId: CHAT, anchor: { at: 'latest' }, limit: 10 });
    expect(page?.items).toMatchObject([{ localId: 'l1', attachments: [{ id: 'b' }, { id: 'a' }] }]);
  });

  it('does not send the files of a message again that has left with them', () => {
    const thread = files.start();
    tellChats(thread);
    add(thread, 'a');
    stored(thread, 'a');
    send(thread, 'l1', ['a']);
    expect(ask(thread, 'beginAttempt', { localId: 'l1', now: NOW }).outgoing?.files).toEqual(['file-a']);
    files.end(thread);
    const again = files.start({ quarantine: true });
    expect(left(again)).toEqual([]);
    const [head] = ask(again, 'outboxHeads', {});
    expect(head).toMatchObject({ localId: 'l1', state: 'unknown' });
    ask(again, 'endAttempt', { localId: 'l1', end: 'may_resend', nextAt: NOW, problem: null, now: NOW });
    // The same key must come with the same files.
    expect(ask(again, 'beginAttempt', { localId: 'l1', now: NOW }).outgoing).toMatchObject({ files: ['file-a'] });
    const answer = message(900, { senderId: ME, content: '', attachments: [fileOf('file-a')] });
    ask(again, 'acknowledge', { localId: 'l1', message: answer, now: NOW });
    expect(ask(again, 'outboxHeads', {})).toEqual([]);
  });

  it('that lost only its newest part gets the message from the journal', () => {
    const thread = files.start();
    tellChats(thread);
    files.end(thread);
    const running = files.start();
    add(running, 'a');
    send(running, 'l1', ['a']);
    const lost = loseLog(files);
    const again = lost.start();
    expect(again.opened).toMatchObject({ rebuilt: false, rescued: 1 });
    expect(left(again)).toEqual(['a of l1']);
    lost.remove();
  });

  it('does not bring back the files of a message that was withdrawn', () => {
    const thread = files.start();
    tellChats(thread);
    add(thread, 'a');
    send(thread, 'l1', ['a']);
    ask(thread, 'cancel', { localId: 'l1', now: NOW });
    files.end(thread);
    expect(left(files.start({ quarantine: true }))).toEqual([]);
  });
});
