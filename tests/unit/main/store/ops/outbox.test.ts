import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { storedPosition } from '../../../../../contract/model/message-order.ts';
import { chat } from '../../../../../electron/main/services/store/ops/chat-operations.ts';
import { beginAttempt, endAttempt } from '../../../../../electron/main/services/store/ops/outbox/attempts.ts';
import { cancel, discard, edit, resend } from '../../../../../electron/main/services/store/ops/outbox/commands.ts';
import { details } from '../../../../../electron/main/services/store/ops/outbox/details.ts';
import {
  enqueue,
  outboxHeads,
  recoverOutbox,
  switchAuth,
} from '../../../../../electron/main/services/store/ops/outbox/queue.ts';
import { acknowledge, reconcile } from '../../../../../electron/main/services/store/ops/outbox/reconcile.ts';
import { page } from '../../../../../electron/main/services/store/ops/page-operations.ts';
import {
  arrive,
  CHAT,
  knowChat,
  ME,
  message,
  NOW,
  openStore,
  OTHER,
  read,
  tell,
  type OpenStore,
} from '../open-store.ts';

let store: OpenStore;
beforeEach(() => void (store = openStore()));
afterEach(() => store.close());

const write = (localId: string, text = 'hello', state: 'queued' | 'waiting_auth' = 'queued') =>
  enqueue(store.context, { localId, chatId: CHAT, text, replyTo: null, files: [], state, now: NOW });
const latest = (limit = 50) => page(store.context, { chatId: CHAT, anchor: { at: 'latest' }, limit });
const texts = () => latest(200)?.items.map((item) => item.text);
/** Lets a send go and end without an answer. */
function loseAnswer(localId: string): void {
  beginAttempt(store.context, { localId, now: NOW });
  endAttempt(store.context, { localId, end: 'no_answer', nextAt: NOW, problem: 'server_timeout', now: NOW });
}

describe('the outbox', () => {
  beforeEach(() => void knowChat(store.context));

  it('writes message and job together, keeps their order and shows them last', () => {
    expect(write('l1', 'one')?.view).toMatchObject({ key: 'l1', id: null, state: 'queued', mine: true });
    write('l2', 'two');
    arrive(store.context, message(1));
    expect(texts()).toEqual(['message 1', 'one', 'two']);
    expect(outboxHeads(store.context, {})).toMatchObject([{ localId: 'l1', chatId: CHAT, state: 'queued' }]);
    expect(chat(store.context, { chatId: CHAT, now: NOW })).toMatchObject({ waiting: 2, failed: 0 });
  });

  it('writes nothing for a chat that is not known', () => {
    expect(
      enqueue(store.context, {
        localId: 'l1',
        chatId: 'nowhere',
        text: 'x',
        replyTo: null,
        files: [],
        state: 'queued',
        now: NOW,
      }),
    ).toBeNull();
    expect(store.context.sql.all('SELECT * FROM outbox')).toEqual([]);
  });

  it('writes all or nothing when the disk is full', () => {
    store.context.sql.db.exec(
      `PRAGMA max_page_count = ${store.context.sql.get<{ page_count: number }>('PRAGMA page_count')?.page_count ?? 1}`,
    );
    let error: unknown;
    for (let n = 0; n < 200 && !error; n += 1) {
      try {
        write(`l${n}`, 'x'.repeat(3000));
      } catch (caught) {
        error = caught;
      }
    }
    expect(error).toMatchObject({ errcode: 13 });
    const count = (table: string) => store.context.sql.get<{ n: number }>(`SELECT count(*) AS n FROM ${table}`)?.n;
    expect(count('outbox')).toBe(count('messages'));
  });

  it('keeps the bubble by its key when the answer comes, and moves it once', () => {
    write('l1');
    expect(beginAttempt(store.context, { localId: 'l1', now: NOW }).outgoing).toMatchObject({
      content: 'hello',
      attempt: 1,
    });
    const own = message(7, { senderId: ME, content: 'hello', clientId: 'l1' });
    const { bound, changes } = acknowledge(store.context, { localId: 'l1', message: own, now: NOW });
    expect(bound).toBe(true);
    expect(changes.messages[0]?.upserts).toMatchObject([
      { key: 'l1', id: own.id, state: 'sent', position: storedPosition(Date.parse(own.createdAt), own.id) },
    ]);
    // The echo, whenever it comes, changes nothing.
    expect(arrive(store.context, own).changes.messages).toEqual([]);
    expect(latest()?.items).toHaveLength(1);
  });

  it.each([{ clientId: 'l1' }, {}])('merges the echo that came first (%j)', (key) => {
    write('l1');
    beginAttempt(store.context, { localId: 'l1', now: NOW });
    const own = message(7, { senderId: ME, content: 'hello', ...key });
    arrive(store.context, own);
    acknowledge(store.context, { localId: 'l1', message: own, now: NOW });
    expect(latest()?.items).toMatchObject([{ key: 'l1', id: own.id, state: 'sent' }]);
  });

  it('binds an unanswered send to the message that says the same and is newer', () => {
    arrive(store.context, message(1, { senderId: ME, content: 'hello' }));
    write('l1');
    loseAnswer('l1');
    expect(reconcile(store.context, { localId: 'l1', now: NOW }).bound).toBe(false);
    arrive(
      store.context,
      message(2, { senderId: ME, content: 'other' }),
      message(3, { senderId: OTHER, content: 'hello' }),
      message(4, { senderId: ME, content: 'hello' }),
    );
    expect(latest()?.items.map(({ key }) => key)).toEqual([message(1).id, message(2).id, message(3).id, 'l1']);
    expect(outboxHeads(store.context, {})).toEqual([]);
  });

  it('binds the oldest candidate when several say the same, and marks the other as its double', () => {
    write('l1');
    loseAnswer('l1');
    endAttempt(store.context, { localId: 'l1', end: 'may_resend', nextAt: NOW, problem: null, now: NOW });
    beginAttempt(store.context, { localId: 'l1', now: NOW });
    // The first request arrives late, beside the second.
    const [first, second] = [
      message(5, { senderId: ME, content: 'hello' }),
      message(6, { senderId: ME, content: 'hello' }),
    ];
    acknowledge(store.context, { localId: 'l1', message: second, now: NOW });
    arrive(store.context, first);
    expect(latest()?.items.map(({ key, doubleOf }) => ({ key, doubleOf }))).toEqual([
      { key: first.id, doubleOf: second.id },
      { key: 'l1', doubleOf: first.id },
    ]);
  });

  it('does not take what was said twice for a double', () => {
    write('l1');
    beginAttempt(store.context, { localId: 'l1', now: NOW });
    const [first, second] = [
      message(5, { senderId: ME, content: 'hello' }),
      message(6, { senderId: ME, content: 'hello' }),
    ];
    acknowledge(store.context, { localId: 'l1', message: first, now: NOW });
    arrive(store.context, second);
    // The history proves that the two are neighbours, so that one page shows both.
    read(store.context, [second, first]);
    expect(latest()?.items.map(({ doubleOf }) => doubleOf)).toEqual([null, null]);
  });

  it('does not believe an answer that names somebody else', () => {
    write('l1');
    beginAttempt(store.context, { localId: 'l1', now: NOW });
    expect(
      acknowledge(store.context, { localId: 'l1', message: message(5, { content: 'hello' }), now: NOW }).bound,
    ).toBe(false);
    expect(latest()?.items.find(({ key }) => key === 'l1')).toMatchObject({ id: null, state: 'sending' });
  });

  it('after a crash counts what was on its way as unanswered', () => {
    write('l1');
    write('l2');
    beginAttempt(store.context, { localId: 'l1', now: NOW });
    recoverOutbox(store.context, { now: NOW + 5, settleMs: 100 });
    expect(outboxHeads(store.context, {})).toMatchObject([
      { localId: 'l1', state: 'unknown', nextAt: NOW + 105, unanswered: 1 },
    ]);
  });

  it('a failed message lets later ones pass, an unanswered one does not', () => {
    write('l1');
    write('l2');
    loseAnswer('l1');
    expect(outboxHeads(store.context, {})).toMatchObject([{ localId: 'l1', state: 'unknown' }]);
    const changes = endAttempt(store.context, {
      localId: 'l1',
      end: 'undecidable',
      nextAt: NOW,
      problem: 'server_timeout',
      now: NOW,
    });
    expect(changes.failed).toEqual([{ localId: 'l1', code: 'server_timeout' }]);
    expect(latest()?.items[0]).toMatchObject({ state: 'failed', undecided: true, problem: 'server_timeout' });
    expect(outboxHeads(store.context, {})).toMatchObject([{ localId: 'l2', state: 'queued' }]);
  });

  it('waits for a sign-in without failing', () => {
    write('l1');
    switchAuth(store.context, { lost: true, now: NOW });
    write('l2', 'two', 'waiting_auth');
    expect(latest()?.items.map(({ state }) => state)).toEqual(['waiting_auth', 'waiting_auth']);
    switchAuth(store.context, { lost: false, now: NOW });
    expect(latest()?.items.map(({ state, problem }) => ({ state, problem }))).toEqual([
      { state: 'queued', problem: null },
      { state: 'queued', problem: null },
    ]);
  });

  it('never sends a row of another account', () => {
    write('l1');
    store.context.sql.run("UPDATE outbox SET account = 'somebody else'");
    expect(outboxHeads(store.context, {})).toEqual([]);
    expect(beginAttempt(store.context, { localId: 'l1', now: NOW }).outgoing).toBeNull();
  });

  it('takes back, changes, gives up and sends again only where that is true', () => {
    write('l1');
    expect(edit(store.context, { localId: 'l1', text: 'better', now: NOW })).toMatchObject({
      done: true,
      view: { text: 'better' },
    });
    beginAttempt(store.context, { localId: 'l1', now: NOW });
    for (const wish of [cancel, discard, resend])
      expect(wish(store.context, { localId: 'l1', now: NOW })).toEqual({ done: false, reason: 'too_late' });
    expect(edit(store.context, { localId: 'l1', text: 'late', now: NOW })).toEqual({ done: false, reason: 'too_late' });
    endAttempt(store.context, { localId: 'l1', end: 'refused', nextAt: NOW, problem: 'validation', now: NOW });
    expect(edit(store.context, { localId: 'l1', text: 'shorter', now: NOW })).toMatchObject({
      done: true,
      view: { text: 'shorter', state: 'queued', problem: null },
    });
    endAttempt(store.context, { localId: 'l1', end: 'expired', nextAt: NOW, problem: 'server_unreachable', now: NOW });
    expect(resend(store.context, { localId: 'l1', now: NOW })).toMatchObject({ done: true, view: { state: 'queued' } });
    expect(cancel(store.context, { localId: 'l1', now: NOW })).toMatchObject({
      done: true,
      changes: { messages: [{ removed: ['l1'] }] },
    });
    expect(cancel(store.context, { localId: 'l1', now: NOW })).toEqual({ done: false, reason: 'not_found' });
    expect(latest()?.items).toEqual([]);
  });

  it('does not let a message be taken back once an attempt may have arrived', () => {
    write('l1');
    loseAnswer('l1');
    endAttempt(store.context, { localId: 'l1', end: 'may_resend', nextAt: NOW, problem: null, now: NOW });
    expect(cancel(store.context, { localId: 'l1', now: NOW })).toEqual({ done: false, reason: 'too_late' });
  });

  it('tells when each state was reached', () => {
    write('l1');
    beginAttempt(store.context, { localId: 'l1', now: NOW + 1 });
    acknowledge(store.context, {
      localId: 'l1',
      message: message(5, { senderId: ME, content: 'hello' }),
      now: NOW + 2,
    });
    tell(store.context, { type: 'message:status', data: { messageId: message(5).id, chatId: CHAT, status: 'read' } });
    const told = details(store.context, { key: message(5).id });
    expect(told?.history.map(({ state }) => state).sort()).toEqual(['queued', 'read', 'sending', 'sent']);
    expect(told).toMatchObject({ key: 'l1', state: 'read', attempts: 1, nextTryAt: null });
  });
});
