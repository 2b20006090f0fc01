import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { accountTag } from '../../../../../electron/main/lib/media-id.ts';
import { WRITER_OPERATIONS as ops } from '../../../../../electron/main/services/store/operations.ts';
import { page } from '../../../../../electron/main/services/store/ops/page-operations.ts';
import { arrive, CHAT, knowChat, ME, message, NOW, openStore, type OpenStore } from '../open-store.ts';
import { fileOf, staged, uploadsIn } from './upload-world.ts';

let store: OpenStore;
let world: ReturnType<typeof uploadsIn>;
beforeEach(() => {
  store = openStore();
  knowChat(store.context);
  world = uploadsIn(store);
});
afterEach(() => store.close());

const DAY = 24 * 3_600_000;
const tag = accountTag('account');
const view = (localId: string) =>
  page(store.context, { chatId: CHAT, anchor: { at: 'latest' }, limit: 50 })?.items.find(
    (item) => item.key === localId,
  );
const answer = (localId: string, more: Parameters<typeof message>[1] = {}) =>
  ops.acknowledge(store.context, { localId, message: message(900, { senderId: ME, content: '', ...more }), now: NOW });

describe('a composer', () => {
  it('keeps its files in their order, also a new one, and tells whose they are', () => {
    expect(world.add('a')?.uploads).toEqual([CHAT]);
    world.add('b');
    world.add('c');
    expect(world.find('a')).toEqual({
      ...staged('a'),
      localId: null,
      n: 1,
      state: 'waiting',
      problem: null,
      session: null,
      fileId: null,
      asideFor: null,
      createdAt: NOW,
      readyAt: null,
    });
    ops.arrangeUploads(store.context, { chatId: CHAT, ids: ['c', 'nobody', 'a'], now: NOW });
    expect(world.ids()).toEqual(['c', 'a', 'b']);
    world.add('d');
    expect(world.ids()).toEqual(['c', 'a', 'b', 'd']);
    expect(ops.removeUpload(store.context, { id: 'a', now: NOW })).toMatchObject({ done: true });
    expect(ops.removeUpload(store.context, { id: 'a', now: NOW })).toEqual({ done: false, reason: 'not_found' });
    expect(world.ids()).toEqual(['c', 'b', 'd']);
  });

  it('has a smaller picture in the place of another one, and that one again', () => {
    world.add('a');
    world.add('b');
    world.move('a', 'prepare');
    world.add('small', { reduced: true, size: 10 }, 'a');
    expect(world.ids()).toEqual(['small', 'b']);
    // Another try replaces the first one, not the original.
    world.add('smaller', { reduced: true, size: 5 }, 'small');
    expect(world.all().map(({ id, asideFor }) => [id, asideFor])).toEqual([
      ['a', 'smaller'],
      ['smaller', null],
      ['b', null],
    ]);
    expect(ops.restoreUpload(store.context, { id: 'smaller', now: NOW })).toMatchObject({ done: true });
    expect(world.ids()).toEqual(['a', 'b']);
    expect(world.find('a')).toMatchObject({ state: 'waiting', asideFor: null });
    expect(world.all()).toHaveLength(2);
  });

  it('gets nothing in the place of what is not there', () => {
    expect(world.add('small', {}, 'nobody')).toBeNull();
    world.add('a');
    expect(world.add('small', { chatId: 'another' }, 'a')).toBeNull();
    world.send('l1', ['a']);
    expect(world.add('small', {}, 'a')).toBeNull();
    expect(world.all()).toHaveLength(1);
  });

  it('has the original that no smaller one has come for', () => {
    world.add('a');
    world.move('a', 'prepare');
    expect(world.find('a')?.state).toBe('staging');
    ops.restoreUpload(store.context, { id: 'a', now: NOW });
    expect(world.find('a')?.state).toBe('waiting');
  });

  it('loses the original with the smaller one', () => {
    world.add('a');
    world.add('small', { reduced: true }, 'a');
    ops.removeUpload(store.context, { id: 'small', now: NOW });
    expect(world.all()).toEqual([]);
  });

  it('says what is sent of a picture, until it is sent', () => {
    world.add('a');
    ops.setUploadSession(store.context, { id: 'a', session: 's1' });
    expect(ops.keepUploadTags(store.context, { id: 'a', keep: true, size: 1200, now: NOW })).toMatchObject({
      done: true,
    });
    // What the server had of it were other bytes.
    expect(world.find('a')).toMatchObject({ keepTags: true, size: 1200, session: null });
    world.stored('a');
    const late = { done: false, reason: 'too_late' };
    expect(ops.keepUploadTags(store.context, { id: 'a', keep: false, size: 1000, now: NOW })).toEqual(late);
  });
});

describe('a message with files', () => {
  it('waits until the server has all of them, and leaves with their ids', () => {
    world.add('a');
    world.add('b');
    const queued = world.send('l1', ['b', 'a'], { mayLeave: true });
    expect(queued?.outgoing).toBeNull();
    expect(queued?.changes.uploads).toEqual([CHAT]);
    expect(queued?.view).toMatchObject({ state: 'queued', text: '', attachments: [{ id: 'b' }, { id: 'a' }] });
    expect(world.heads()).toEqual([]);
    expect(ops.beginAttempt(store.context, { localId: 'l1', now: NOW }).outgoing).toBeNull();
    world.stored('a');
    expect(world.heads()).toEqual([]);
    world.stored('b');
    expect(world.heads()).toEqual(['l1']);
    const { outgoing } = ops.beginAttempt(store.context, { localId: 'l1', now: NOW });
    expect(outgoing).toMatchObject({ files: ['file-b', 'file-a'] });
  });

  it('leaves at once when the server has them already', () => {
    world.add('a');
    world.stored('a');
    expect(world.send('l1', ['a'], { mayLeave: true })?.outgoing).toMatchObject({ files: ['file-a'], content: '' });
  });

  it('shows them from this computer, then from the server', () => {
    world.add('a');
    world.add('pdf', { mimeType: 'application/pdf', width: null, height: null });
    world.send('l1', ['a', 'pdf']);
    expect(view('l1')?.attachments).toEqual([
      expect.objectContaining({
        id: 'a',
        uploadId: 'a',
        url: `/media/u${tag}a`,
        thumbUrl: `/media/u${tag}a`,
        kind: 'image',
      }),
      expect.objectContaining({ id: 'pdf', uploadId: 'pdf', thumbUrl: null, kind: 'document', state: 'cached' }),
    ]);
    expect(ops.chat(store.context, { chatId: CHAT, now: NOW })?.last?.files).toBe(2);
    world.stored('a');
    world.stored('pdf');
    ops.beginAttempt(store.context, { localId: 'l1', now: NOW });
    const { changes } = answer('l1', {
      attachments: [fileOf('file-a', { variants: ['thumb'] }), fileOf('file-pdf', { mimeType: 'application/pdf' })],
    });
    expect(changes.uploads).toEqual([CHAT]);
    expect(view('l1')?.attachments).toEqual([
      expect.objectContaining({
        id: 'file-a',
        uploadId: null,
        url: `/media/f${tag}file-a`,
        thumbUrl: `/media/t${tag}file-a`,
      }),
      expect.objectContaining({ id: 'file-pdf', thumbUrl: null }),
    ]);
    expect(world.all()).toEqual([]);
    expect(ops.chat(store.context, { chatId: CHAT, now: NOW })).toMatchObject({ hasFiles: true, last: { files: 2 } });
  });

  it('keeps them when the answer does not name them', () => {
    world.add('a');
    world.stored('a');
    world.send('l1', ['a'], { mayLeave: true });
    answer('l1');
    expect(view('l1')?.attachments).toMatchObject([{ id: 'file-a', width: 40, height: 30 }]);
  });

  it('is not made of files that are not in this composer', () => {
    world.add('a');
    world.add('b', { chatId: 'another' });
    world.add('small', { reduced: true }, 'a');
    for (const ids of [['nobody'], ['b'], ['a'], ['small', 'small'], ['small', 'nobody']]) {
      expect(world.send('l1', ids)).toBeNull();
    }
    expect(world.find('small')).toMatchObject({ localId: null });
    world.send('l1', ['small']);
    // The original has done its part.
    expect(world.all().map(({ id }) => id)).toEqual(['small', 'b']);
    expect(world.send('l2', ['small'])).toBeNull();
    expect(view('l2')).toBeUndefined();
  });

  it('sends on what waited for the user, and anew what has lain for a day', () => {
    for (const id of ['paused', 'failed', 'old']) world.add(id);
    world.move('paused', 'pause');
    world.move('failed', 'refused', 'file_gone');
    world.stored('old', 'gone by now');
    world.send('l1', ['paused', 'failed', 'old'], { now: NOW + DAY + 1 });
    expect(world.all().map(({ state, problem, fileId }) => [state, problem, fileId])).toEqual([
      ['waiting', null, null],
      ['waiting', null, null],
      ['waiting', null, null],
    ]);
    world.add('new');
    world.stored('new');
    world.send('l2', ['new'], { now: NOW + DAY });
    expect(world.find('new')).toMatchObject({ state: 'ready', fileId: 'file-new' });
  });

  it('holds back no text, and another one with files', () => {
    world.add('a');
    world.add('b');
    world.send('album', ['a']);
    const text = ops.enqueue(store.context, {
      localId: 'text',
      chatId: CHAT,
      text: 'beside',
      replyTo: null,
      files: [],
      state: 'queued',
      mayLeave: true,
      now: NOW,
    });
    expect(text?.outgoing).not.toBeNull();
    ops.endAttempt(store.context, { localId: 'text', end: 'no_answer', nextAt: NOW, problem: null, now: NOW });
    world.stored('b');
    world.send('second', ['b'], { mayLeave: true });
    // What may have arrived is settled first, whatever was written before it.
    expect(world.heads()).toEqual(['text']);
    world.stored('a');
    expect(world.heads()).toEqual(['text']);
    ops.acknowledge(store.context, { localId: 'text', message: message(1, { senderId: ME }), now: NOW });
    expect(world.heads()).toEqual(['album']);
    ops.beginAttempt(store.context, { localId: 'album', now: NOW });
    answer('album');
    expect(world.heads()).toEqual(['second']);
  });

  it.each(['pause', 'refused'] as const)('whose file waits for the user (%s) holds nothing back', (event) => {
    world.add('a');
    world.add('b');
    world.send('first', ['a']);
    world.send('second', ['b']);
    world.stored('b');
    expect(world.heads()).toEqual([]);
    world.move('a', event, event === 'refused' ? 'file_gone' : null);
    expect(world.heads()).toEqual(['second']);
  });

  it('fails with its file and says why; either of them may be tried again', () => {
    world.add('a');
    world.send('l1', ['a']);
    const failed = world.move('a', 'refused', 'file_gone');
    expect(failed).toMatchObject({ changes: { failed: [{ localId: 'l1', code: 'file_gone' }] } });
    expect(view('l1')).toMatchObject({ state: 'failed', problem: 'file_gone' });
    ops.resend(store.context, { localId: 'l1', now: NOW });
    expect(view('l1')).toMatchObject({ state: 'queued', problem: null });
    expect(world.find('a')).toMatchObject({ state: 'waiting', problem: null });
    world.move('a', 'refused', 'file_gone');
    world.move('a', 'retry');
    expect(view('l1')).toMatchObject({ state: 'queued', problem: null });
    expect(world.find('a')?.state).toBe('waiting');
  });

  it('that was refused for its files sends them anew, and its text alone does not', () => {
    world.add('a');
    world.stored('a');
    world.send('l1', ['a'], { mayLeave: true });
    const refuse = (problem: 'not_found' | 'rate_limited') =>
      ops.endAttempt(store.context, { localId: 'l1', end: 'refused', nextAt: NOW, problem, now: NOW });
    refuse('rate_limited');
    ops.resend(store.context, { localId: 'l1', now: NOW });
    expect(ops.beginAttempt(store.context, { localId: 'l1', now: NOW }).outgoing?.files).toEqual(['file-a']);
    refuse('not_found');
    ops.resend(store.context, { localId: 'l1', now: NOW });
    expect(world.find('a')).toMatchObject({ state: 'waiting', fileId: null });
    world.stored('a', 'again');
    expect(ops.beginAttempt(store.context, { localId: 'l1', now: NOW }).outgoing?.files).toEqual(['again']);
  });

  it('takes its files with it when it is withdrawn or discarded', () => {
    for (const id of ['a', 'b', 'c']) world.add(id);
    world.send('l1', ['a']);
    expect(ops.cancel(store.context, { localId: 'l1', now: NOW })).toMatchObject({ changes: { uploads: [CHAT] } });
    world.send('l2', ['b']);
    world.move('b', 'refused', 'file_gone');
    ops.discard(store.context, { localId: 'l2', now: NOW });
    expect(world.ids()).toEqual(['c']);
  });

  it('keeps its files when its text is changed', () => {
    world.add('a');
    world.send('l1', ['a'], { text: 'before' });
    expect(ops.edit(store.context, { localId: 'l1', text: 'after', now: NOW })).toMatchObject({
      view: { text: 'after', attachments: [{ id: 'a' }] },
    });
  });

  it('leaves its files alone where they cannot be taken out or changed any more', () => {
    world.add('a');
    world.send('l1', ['a']);
    const late = { done: false, reason: 'too_late' };
    expect(ops.removeUpload(store.context, { id: 'a', now: NOW })).toEqual(late);
    expect(ops.restoreUpload(store.context, { id: 'a', now: NOW })).toEqual(late);
    expect(ops.keepUploadTags(store.context, { id: 'a', keep: true, size: 1, now: NOW })).toEqual(late);
    expect(world.find('a')).toMatchObject({ localId: 'l1', keepTags: false });
  });
});

describe('a forwarded message', () => {
  it('shows the files of the other one while it waits', () => {
    arrive(store.context, message(1, { attachments: [fileOf('f1'), fileOf('f2')] }));
    const queued = ops.enqueue(store.context, {
      localId: 'l1',
      chatId: CHAT,
      text: '',
      replyTo: null,
      files: ['f2'],
      state: 'queued',
      now: NOW,
    });
    expect(queued?.view.attachments).toMatchObject([{ id: 'f2', uploadId: null, width: 40 }]);
  });
});
