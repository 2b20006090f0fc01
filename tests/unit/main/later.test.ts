/** Messages that are sent later, over a real store, on clocks that the test moves. */
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AccountEvent } from '../../../contract/ipc/push.ts';
import { Later } from '../../../electron/main/services/later/later.ts';
import { WRITER_OPERATIONS as ops } from '../../../electron/main/services/store/operations.ts';
import { outboxHeads } from '../../../electron/main/services/store/ops/outbox/queue.ts';
import { chat, saveDraft } from '../../../electron/main/services/store/ops/chat-operations.ts';
import { ManualClock, recordingLogger } from '../../helpers/main-parts.ts';
import { rescueChoices } from '../../../electron/main/services/store/recovery/rescue.ts';
import type { ChangeSet } from '../../../electron/main/services/store/protocol.ts';
import { uploadsIn } from './store/ops/upload-world.ts';
import { CHAT, knowChat, NOW, openStore, OTHER, type OpenStore } from './store/open-store.ts';

const HOUR = 3_600_000;
let store: OpenStore;
let clock: ManualClock;
let later: Later;
/** How far the server's time is ahead of the clock that only counts; null: it has not answered. */
let ahead: number | null;
let asked: number;
let online: boolean | null;
let isConnected: boolean;
let events: AccountEvent[];
let released: number;
let onAsked: () => void;

function start(): Later {
  const { context } = store;
  return new Later({
    store: {
      laterMessages: async (input) => ops.laterMessages(context, input),
      addLater: async (input) => ops.addLater(context, input),
      changeLater: async (input) => ops.changeLater(context, input),
      removeLater: async (input) => ops.removeLater(context, input),
      releaseLater: async (input) => ops.releaseLater(context, input),
    },
    clock,
    logger: recordingLogger(),
    push: { emit: (event) => events.push(event) },
    publish: (changes) => void published.push(changes),
    connection: () =>
      isConnected
        ? {
            api: {
              call: async () => {
                asked += 1;
                onAsked();
                return { ok: false, error: { code: 'offline', message: '' }, effect: 'not_stored' };
              },
              upload: async () => ({ ok: false, error: { code: 'offline', message: '' }, effect: 'not_stored' }),
              download: async () => ({ ok: false, error: { code: 'offline', message: '' }, effect: 'not_stored' }),
            },
          }
        : null,
    serverNow: () => (ahead === null ? null : clock.monotonic() + ahead),
    peerOf: async (chatId) => (chatId === CHAT ? { id: OTHER, online } : null),
    newId: () => `l${String((count += 1))}`,
    onReleased: () => (released += 1),
  });
}
let count = 0;
let published: ChangeSet[] = [];

beforeEach(async () => {
  store = openStore();
  knowChat(store.context);
  clock = new ManualClock(NOW);
  [ahead, asked, online, isConnected, events, released, count] = [0, 0, null, true, [], 0, 0];
  onAsked = () => undefined;
  published = [];
  later = start();
  await later.open();
});
afterEach(() => {
  later.stop();
  store.close();
});

async function settle(): Promise<void> {
  for (let n = 0; n < 20; n += 1) await turn();
}
async function pass(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 30_000) {
    clock.advance(Math.min(left, 30_000));
    await settle();
  }
}
const queued = (): string[] =>
  store.context.sql.all<{ content: string }>('SELECT content FROM outbox ORDER BY seq').map(({ content }) => content);
const add = (text: string, when: Parameters<Later['add']>[0]['when']) =>
  later.add({ chatId: CHAT, text, replyTo: null, when });

describe('a message for later', () => {
  it('goes to the outbox when its time has come, once, under the id that it had', async () => {
    const added = await add('good morning', { kind: 'at', at: NOW + HOUR });
    expect(added).toMatchObject({ ok: true, value: { localId: 'l1', at: NOW + HOUR } });
    await pass(HOUR - 1000);
    expect(queued()).toEqual([]);
    await pass(2000);
    expect(queued()).toEqual(['good morning']);
    expect(outboxHeads(store.context, {})).toMatchObject([{ localId: 'l1', state: 'queued' }]);
    expect(later.list()).toEqual([]);
    await pass(HOUR);
    expect(queued()).toEqual(['good morning']);
    expect(released).toBe(1);
  });

  it('takes the draft with it, and leaves the next one alone', async () => {
    saveDraft(store.context, { chatId: CHAT, text: 'good morning', replyTo: null, now: NOW });
    await add('good morning', { kind: 'after', ms: HOUR });
    expect(chat(store.context, { chatId: CHAT, now: NOW })?.draft).toBe('');
    saveDraft(store.context, { chatId: CHAT, text: 'half a', replyTo: null, now: NOW });
    await pass(HOUR + 1000);
    expect(queued()).toEqual(['good morning']);
    expect(chat(store.context, { chatId: CHAT, now: NOW })?.draft).toBe('half a');
  });

  it('follows the server’s clock, whatever this computer says', async () => {
    ahead = -5 * HOUR;
    await add('by the server', { kind: 'after', ms: HOUR });
    expect(later.list()[0]?.at).toBe(NOW - 4 * HOUR);
    await pass(HOUR / 2);
    expect(queued()).toEqual([]);
    // The computer's clock is corrected: the server's time goes on as before.
    clock.set(-5 * HOUR);
    await pass(HOUR / 2 + 1000);
    expect(queued()).toEqual(['by the server']);
  });

  it('is not due before the server has told its time', async () => {
    ahead = null;
    await add('patience', { kind: 'at', at: NOW - HOUR });
    await pass(HOUR);
    expect(queued()).toEqual([]);
    ahead = 0;
    later.look();
    await settle();
    expect(queued()).toEqual(['patience']);
  });

  it('is sent at the wake-up when it was due in the sleep, by the time that the server says then', async () => {
    await add('slept over', { kind: 'at', at: NOW + HOUR });
    // The clock that counts stood still, so the time that is known is an old one.
    ahead = 0;
    onAsked = () => (ahead = 2 * HOUR);
    await later.wake();
    await settle();
    expect(asked).toBe(1);
    expect(queued()).toEqual(['slept over']);
  });

  it('outlives a restart', async () => {
    await add('next', { kind: 'at', at: NOW + HOUR });
    later.stop();
    await pass(2 * HOUR);
    expect(queued()).toEqual([]);
    later = start();
    await later.open();
    await settle();
    expect(queued()).toEqual(['next']);
  });

  it('waits until the other one is online', async () => {
    await add('when you are there', { kind: 'online' });
    await pass(HOUR);
    expect(queued()).toEqual([]);
    later.seen('somebody', true);
    await settle();
    expect(queued()).toEqual([]);
    later.seen(OTHER, true);
    await settle();
    expect(queued()).toEqual(['when you are there']);
  });

  it('goes at once when the other one is online already, and never by what was known before the line broke', async () => {
    online = true;
    isConnected = false;
    await add('hello', { kind: 'online' });
    await settle();
    expect(queued()).toEqual([]);
    isConnected = true;
    later.look();
    await settle();
    expect(queued()).toEqual(['hello']);
  });

  it('waits for the sign-in while the token is not valid', async () => {
    isConnected = false;
    await add('expired', { kind: 'after', ms: 0 });
    await settle();
    expect(outboxHeads(store.context, {})).toMatchObject([{ state: 'waiting_auth' }]);
  });

  it('can be changed, sent now and removed, until it has gone', async () => {
    await add('one', { kind: 'at', at: NOW + HOUR });
    await add('two', { kind: 'at', at: NOW + 2 * HOUR });
    await add('three', { kind: 'at', at: NOW + 3 * HOUR });
    expect(await later.change('l1', 'ONE', { kind: 'at', at: NOW + 4 * HOUR })).toEqual({ ok: true, value: null });
    expect(await later.change('l2', 'TWO', null)).toEqual({ ok: true, value: null });
    expect(later.list().map(({ text, at }) => [text, at])).toEqual([
      ['TWO', NOW + 2 * HOUR],
      ['three', NOW + 3 * HOUR],
      ['ONE', NOW + 4 * HOUR],
    ]);
    expect(await later.sendNow('l3')).toEqual({ ok: true, value: null });
    expect(await later.remove('l2')).toEqual({ ok: true, value: null });
    expect(queued()).toEqual(['three']);
    for (const result of [later.sendNow('l3'), later.remove('l2'), later.change('l3', 'x', null)])
      expect(await result).toMatchObject({ ok: false, error: { code: 'too_late' } });
    expect(events.findLast(({ kind }) => kind === 'later')).toMatchObject({ messages: [{ localId: 'l1' }] });
    await pass(5 * HOUR);
    expect(queued()).toEqual(['three', 'ONE']);
  });

  it('keeps its files from the server until its time has come, also over a restart', async () => {
    const uploads = uploadsIn(store);
    for (const id of ['a', 'b', 'c']) uploads.add(id);
    uploads.stored('b');
    uploads.move('c', 'refused', 'file_gone');
    const added = await later.add({
      ...{ chatId: CHAT, text: '', replyTo: null },
      ...{ uploads: ['b', 'c', 'a'], when: { kind: 'after', ms: HOUR } },
    });
    expect(added).toMatchObject({
      ok: true,
      value: { files: [{ id: 'b', name: 'b.png', kind: 'image', size: 1000 }, { id: 'c' }, { id: 'a' }] },
    });
    // None of them is in the composer, and what had not arrived stops.
    const states = (): string[] => uploads.all().map(({ id, localId, state }) => `${id} ${String(localId)} ${state}`);
    expect(states().sort()).toEqual(['a l1 paused', 'b l1 ready', 'c l1 paused']);
    later.stop();
    later = start();
    await later.open();
    expect(later.list()).toMatchObject([{ localId: 'l1', files: [{ id: 'b' }, { id: 'c' }, { id: 'a' }] }]);
    expect(states().sort()).toEqual(['a l1 paused', 'b l1 ready', 'c l1 paused']);
    expect(later.hasFiles('l1')).toBe(true);
    await pass(HOUR + 1000);
    expect(queued()).toEqual(['']);
    expect(states().sort()).toEqual(['a l1 waiting', 'b l1 ready', 'c l1 waiting']);
    // It waits for them, as any message does.
    expect(outboxHeads(store.context, {})).toEqual([]);
    for (const id of ['a', 'c']) uploads.stored(id);
    expect(outboxHeads(store.context, {})).toMatchObject([{ localId: 'l1' }]);
  });

  it('sends a file anew that the server has had for too long without a message', async () => {
    const uploads = uploadsIn(store);
    uploads.add('a');
    uploads.stored('a');
    await later.add({
      ...{ chatId: CHAT, text: 'Look', replyTo: null, uploads: ['a'] },
      when: { kind: 'after', ms: 25 * HOUR },
    });
    await pass(25 * HOUR + 1000);
    expect(uploads.find('a')).toMatchObject({ state: 'waiting', localId: 'l1', fileId: null });
  });

  it('comes out of a damaged store with its files', async () => {
    const uploads = uploadsIn(store);
    for (const id of ['a', 'b']) uploads.add(id);
    await later.add({ ...{ chatId: CHAT, text: '', replyTo: null, uploads: ['b'] }, when: { kind: 'online' } });
    uploads.send('sent', ['a']);
    const held = store.context.sql.get<{ file: string }>('PRAGMA database_list')?.file ?? '';
    const fresh = openStore();
    try {
      rescueChoices(fresh.context, held);
      expect(ops.laterMessages(fresh.context, {})).toEqual(later.list());
      expect(later.list()).toMatchObject([{ files: [{ id: 'b' }] }]);
      // The file of a message that was sent comes with it, from the journal.
      expect(uploadsIn(fresh).ids()).toEqual(['b']);
    } finally {
      fresh.close();
    }
  });

  it('takes its files with it when it is removed, and none that are not in the composer', async () => {
    const uploads = uploadsIn(store);
    for (const id of ['a', 'b']) uploads.add(id);
    await later.add({ ...{ chatId: CHAT, text: '', replyTo: null, uploads: ['a'] }, when: { kind: 'online' } });
    for (const taken of [['a'], ['nothing'], ['b', 'b']]) {
      const again = await later.add({
        ...{ chatId: CHAT, text: 'x', replyTo: null, uploads: taken },
        when: { kind: 'online' },
      });
      expect(again).toMatchObject({ ok: false, error: { code: 'not_found' } });
    }
    expect(later.list()).toHaveLength(1);
    expect(await later.remove('l1')).toEqual({ ok: true, value: null });
    expect(uploads.ids()).toEqual(['b']);
    expect(published.at(-1)?.uploads).toEqual([CHAT]);
  });

  it('is refused for a chat that is not there', async () => {
    const answer = await later.add({ chatId: 'nowhere', text: 'x', replyTo: null, when: { kind: 'online' } });
    expect(answer).toMatchObject({ ok: false, error: { code: 'not_found' } });
  });

  it('is not sent twice by a store that came back as it was', async () => {
    await add('once', { kind: 'after', ms: HOUR });
    const row = store.context.sql.get<Record<string, string | number | null>>('SELECT * FROM later');
    await pass(HOUR + 1000);
    expect(queued()).toEqual(['once']);
    store.context.sql.run(
      'INSERT INTO later (local_id, chat_id, text, due_at) VALUES (?, ?, ?, ?)',
      ...[row?.['local_id'] ?? '', CHAT, 'once', NOW],
    );
    await later.open();
    await settle();
    expect(queued()).toEqual(['once']);
    expect(ops.laterMessages(store.context, {})).toEqual([]);
  });
});
