import { beforeEach, describe, expect, it } from 'vitest';
import type { StoredFrame } from '../../../../electron/main/services/store/ops/event-operations.ts';
import { EchoGate } from '../../../../electron/main/services/sync/echo-gate.ts';
import { ManualClock } from '../../../helpers/main-parts.ts';
import { CHAT, ME, message, OTHER } from '../store/open-store.ts';

let clock: ManualClock;
let requests: Map<string, PromiseWithResolvers<void>>;
let released: StoredFrame[][];
let gate: EchoGate;
beforeEach(() => {
  clock = new ManualClock();
  requests = new Map([[CHAT, Promise.withResolvers<void>()]]);
  released = [];
  gate = new EchoGate({
    clock,
    me: ME,
    inFlight: (chatId) => requests.get(chatId)?.promise ?? null,
    release: (frames) => released.push(frames),
  });
});

type Message = ReturnType<typeof message>;
const echo = (n: number, more: Partial<Message> = {}, seq?: number): StoredFrame => ({
  type: 'message:new',
  data: message(n, { senderId: ME, ...more }),
  ...(seq === undefined ? {} : { seq }),
});
const answered = async (): Promise<void> => {
  requests.get(CHAT)?.resolve();
  await Promise.resolve();
  await Promise.resolve();
};

describe('an echo of one’s own message', () => {
  it('waits for the answer of the request under way, and is let go with it', async () => {
    const own = echo(1);
    expect(gate.holds(own)).toBe(true);
    expect(released).toEqual([]);
    await answered();
    expect(released).toEqual([[own]]);
    expect(clock.pending).toBe(0);
    // It does not wait a second time, though another request may be under way.
    requests.set(CHAT, Promise.withResolvers());
    expect(gate.holds(own)).toBe(false);
  });

  it('waits two seconds at most', () => {
    const own = echo(1);
    gate.holds(own);
    clock.advance(1_999);
    expect(released).toEqual([]);
    clock.advance(1);
    expect(released).toEqual([[own]]);
  });

  it('tells its sender as a person or as an id', () => {
    expect(gate.holds(echo(1, { senderId: null, sender: { id: ME, username: 'me' } }))).toBe(true);
  });

  it.each<[string, StoredFrame]>([
    ['it carries our key', echo(1, { clientId: 'key-1' })],
    ['somebody else wrote it', echo(1, { senderId: OTHER })],
    ['somebody else wrote it, told as a person', echo(1, { sender: { id: OTHER, username: 'o' } })],
    ['nothing is under way in its chat', echo(1, { chatId: 'chat2' })],
    ['it is no message', { type: 'message:status', data: { chatId: CHAT, messageId: 'm1', status: 'read' } }],
    ['it is of no chat', { type: 'presence', data: { userId: ME, online: true } }],
  ])('does not wait where %s', (_what, frame) => {
    expect(gate.holds(frame)).toBe(false);
    expect(clock.pending).toBe(0);
  });
});

describe('what comes behind an echo that waits', () => {
  const status: StoredFrame = { type: 'message:status', data: { chatId: CHAT, messageId: 'm1', status: 'read' } };

  it('waits too in its chat, whatever it is, and nowhere else; their order stays', async () => {
    const frames = [echo(1), echo(2, { senderId: OTHER }), status, echo(3, { clientId: 'key-3' })];
    expect(frames.map((frame) => gate.holds(frame))).toEqual([true, true, true, true]);
    expect(gate.holds(echo(4, { chatId: 'chat2', senderId: OTHER }))).toBe(false);
    expect(clock.pending).toBe(1);
    await answered();
    expect(released).toEqual([frames]);
    expect(frames.map((frame) => gate.holds(frame))).toEqual([false, false, false, false]);
  });
});

describe('the lowest number that waits', () => {
  it('is told over all chats, as long as they wait', async () => {
    requests.set('chat2', Promise.withResolvers());
    expect(gate.lowestHeld()).toBeNull();
    gate.holds(echo(1, {}, 15));
    gate.holds(echo(2, {}, 16));
    gate.holds(echo(3, { chatId: 'chat2' }, 12));
    expect(gate.lowestHeld()).toBe(12);
    requests.get('chat2')?.resolve();
    await Promise.resolve();
    await Promise.resolve();
    expect(gate.lowestHeld()).toBe(15);
    gate.clear();
    expect(gate.lowestHeld()).toBeNull();
  });

  it('is none where nothing that waits has one', () => {
    gate.holds(echo(1));
    expect(gate.lowestHeld()).toBeNull();
  });
});

describe('forgetting', () => {
  it('lets nothing go any more, neither with the answer nor with the time', async () => {
    gate.holds(echo(1));
    gate.clear();
    expect(clock.pending).toBe(0);
    await answered();
    clock.advance(10_000);
    expect(released).toEqual([]);
  });
});
