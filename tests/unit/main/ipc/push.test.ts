import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AccountEvent, PushBatch, type PushEvent } from '../../../../contract/ipc/push.ts';
import type { AccountSnapshot, Snapshot } from '../../../../contract/ipc/views.ts';
import { isOfAccount } from '../../../../contract/ipc/coalesce.ts';
import { createPushQueue, MOST_WAITING } from '../../../../electron/main/ipc/push.ts';
import { DEFAULT_SETTINGS } from '../../../../electron/main/services/settings/settings-service.ts';
import { ManualClock, recordingLogger } from '../../../helpers/main-parts.ts';
import { stored } from '../../renderer/conversation/message.ts';

const of = (event: AccountEvent): PushEvent => ({ accountId: 'a', event });
const typing = (chatId: string): PushEvent => of({ kind: 'typing', chatId, users: [] });
const unread = (messages: number): PushEvent => of({ kind: 'unread', unread: { messages, chats: 0 } });
const open = (chatId: string): PushEvent => of({ kind: 'open', chatId, messageId: null });

const message = (chatId: string, mine: boolean, number = 1): PushEvent =>
  of({ kind: 'messages', chatId, upserts: [stored(number, { chatId, mine })], removed: [] });

const PARTS: Omit<Snapshot, 'seq'> = {
  accounts: {
    open: [],
    current: null,
    secretStorage: 'strong',
    tellWeakStorage: false,
    defaultServer: 'https://relay.example',
    last: null,
  },
  states: [],
  unread: { messages: 0, chats: 0 },
  settings: DEFAULT_SETTINGS,
  platform: 'linux',
  version: '0.0.0',
  systemLocale: 'en',
};
const read = async (): Promise<Omit<Snapshot, 'seq'>> => PARTS;

function queue() {
  const clock = new ManualClock();
  const logger = recordingLogger();
  const batches: PushBatch[] = [];
  const push = createPushQueue({ clock, logger, send: (batch) => batches.push(PushBatch.parse(batch)) });
  return { clock, logger, batches, push };
}

describe('what main tells the page', () => {
  it('waits for the snapshot and then comes in numbered batches', async () => {
    const { clock, batches, push } = queue();
    push.emit(typing('c0'));
    clock.advance(1000);
    expect(batches).toEqual([]);
    const snapshot = await push.snapshot(read);
    expect(snapshot.seq).toBe(0);
    push.emit(typing('c1'));
    push.emit(typing('c2'));
    clock.advance(15);
    expect(batches).toEqual([]);
    clock.advance(1);
    expect(batches).toEqual([{ seq: 2, events: [typing('c1'), typing('c2')] }]);
    expect(clock.pending).toBe(0);
  });

  it('tells what somebody wrote at once after a pause, with all that waits, and otherwise a frame apart', async () => {
    const { clock, batches, push } = queue();
    await push.snapshot(read);
    push.emit(typing('c1'));
    clock.advance(3);
    push.emit(message('c1', false));
    await Promise.resolve();
    expect(batches.map(({ seq }) => seq)).toEqual([2]);
    push.emit(message('c1', false));
    clock.advance(15);
    push.emit(message('c2', false));
    expect(batches).toHaveLength(1);
    clock.advance(1);
    expect(batches.map(({ seq }) => seq)).toEqual([2, 4]);
    // How one's own message gets on waits for its frame.
    clock.advance(1000);
    push.emit(message('c1', true));
    clock.advance(15);
    expect(batches).toHaveLength(2);
    clock.advance(1);
    expect(batches).toHaveLength(3);
    expect(clock.pending).toBe(0);
  });

  it('keeps what happens while the snapshot is made, and what no snapshot tells', async () => {
    const { clock, batches, push } = queue();
    push.emit(open('c9'));
    push.emit(typing('gone'));
    const snapshot = await push.snapshot(async () => {
      push.emit(typing('meanwhile'));
      return PARTS;
    });
    clock.advance(16);
    expect(snapshot.seq).toBe(0);
    expect(batches).toEqual([{ seq: 2, events: [open('c9'), typing('meanwhile')] }]);
  });

  it('tells nothing to a page that went away, and starts the next one without a gap', async () => {
    const { clock, batches, push } = queue();
    await push.snapshot(read);
    push.emit(typing('c1'));
    clock.advance(16);
    push.emit(typing('lost, but in the next snapshot'));
    push.pageGone();
    clock.advance(100);
    expect(batches).toHaveLength(1);
    const again = await push.snapshot(read);
    expect(again.seq).toBe(1);
    push.emit(typing('c2'));
    clock.advance(16);
    expect(batches[1]).toEqual({ seq: 2, events: [typing('c2')] });
  });

  it('lets a newer question decide when two snapshots are made at once', async () => {
    const { clock, batches, push } = queue();
    let letFirst = (): void => undefined;
    const first = push.snapshot(() => new Promise<typeof PARTS>((resolve) => (letFirst = () => resolve(PARTS))));
    push.pageGone();
    await push.snapshot(read);
    push.emit(typing('c1'));
    letFirst();
    expect((await first).seq).toBe(0);
    clock.advance(16);
    expect(batches).toEqual([{ seq: 1, events: [typing('c1')] }]);
  });

  it('does not tell the list that a snapshot has just read a second time, and tells every other one', async () => {
    const { clock, batches, push } = queue();
    const chats: AccountSnapshot['chats'] = [];
    const state: AccountSnapshot = {
      accountId: 'a',
      connection: { phase: 'idle', retryAt: null, reason: null },
      chats,
      moreChats: false,
      lastChatId: null,
      unread: { messages: 0, chats: 0 },
      call: null,
    };
    const other = of({ kind: 'chats:reset', chats: [], more: true });
    // The same list, of another account: that one has not been read.
    const elsewhere: PushEvent = { accountId: 'b', event: { kind: 'chats:reset', chats, more: false } };
    await push.snapshot(async () => {
      push.emit(of({ kind: 'chats:reset', chats, more: false }));
      push.emit(other);
      push.emit(elsewhere);
      return { ...PARTS, states: [state] };
    });
    clock.advance(16);
    expect(batches).toEqual([{ seq: 2, events: [other, elsewhere] }]);
  });

  it('makes the snapshot anew instead of keeping more than it can', async () => {
    const { clock, logger, batches, push } = queue();
    let readings = 0;
    await push.snapshot(async () => {
      readings++;
      if (readings === 1) for (let n = 0; n <= MOST_WAITING; n++) push.emit(typing(`c${String(n)}`));
      return PARTS;
    });
    clock.advance(16);
    expect(readings).toBe(2);
    expect(batches).toEqual([]);
    expect(logger.of('push.snapshot_again')).toHaveLength(1);
  });

  it('is bounded while no page is there: the newest are kept', async () => {
    const { clock, batches, push } = queue();
    for (let n = 0; n < MOST_WAITING + 5; n++) push.emit(open(`c${String(n)}`));
    await push.snapshot(read);
    clock.advance(16);
    const told = batches.flatMap(({ events }) => events);
    expect(told).toHaveLength(MOST_WAITING);
    expect(told[0]).toEqual(open('c5'));
  });

  it('tells the last of states that are told as a whole, once per batch', async () => {
    const { clock, batches, push } = queue();
    await push.snapshot(read);
    for (const event of [unread(1), typing('c1'), unread(2), typing('c2'), unread(3)]) push.emit(event);
    clock.advance(16);
    expect(batches).toEqual([{ seq: 3, events: [typing('c1'), typing('c2'), unread(3)] }]);
  });

  it('tells the messages of a chat that come in one frame as one change', async () => {
    const { clock, batches, push } = queue();
    await push.snapshot(read);
    push.emit(message('c1', false, 1));
    await Promise.resolve();
    for (let n = 2; n < 40; n++) push.emit(message(n % 2 ? 'c1' : 'c2', false, n));
    clock.advance(16);
    expect(batches.map(({ seq }) => seq)).toEqual([1, 3]);
    expect(
      batches[1]?.events.map(
        (push) => isOfAccount(push) && push.event.kind === 'messages' && push.event.upserts.length,
      ),
    ).toEqual([19, 19]);
  });

  it('cuts a burst into batches that follow each other', async () => {
    const { clock, batches, push } = queue();
    await push.snapshot(read);
    for (let n = 0; n < 2500; n++) push.emit(typing(`c${String(n)}`));
    clock.advance(16);
    expect(batches.map(({ seq, events }) => [seq, events.length])).toEqual([
      [1000, 1000],
      [2000, 1000],
      [2500, 500],
    ]);
  });

  it('never leaves a gap or a repetition in its numbers, whatever happens', async () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant('emit' as const), event: fc.constantFrom(typing('c'), unread(1), open('c')) }),
      fc.record({ do: fc.constantFrom('snapshot' as const, 'gone' as const, 'wait' as const) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const { clock, batches, push } = queue();
        let known = 0;
        for (const at of steps) {
          if (at.do === 'emit') push.emit(at.event);
          else if (at.do === 'gone') push.pageGone();
          else if (at.do === 'wait') clock.advance(16);
          else known = (await push.snapshot(read)).seq;
          for (const batch of batches.splice(0)) {
            expect(batch.seq - batch.events.length).toBe(known);
            known = batch.seq;
          }
        }
      }),
    );
  });

  it('leaves no timer behind', async () => {
    const { clock, batches, push } = queue();
    await push.snapshot(read);
    push.emit(typing('c'));
    push.close();
    expect(clock.pending).toBe(0);
    push.emit(typing('c'));
    clock.advance(1000);
    expect(batches).toEqual([]);
  });
});
