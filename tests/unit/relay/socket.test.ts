/** A socket whose database takes its time: nothing overtakes, and nothing is said before `auth:success`. */
import { EventEmitter } from 'node:events';
import { beforeEach, describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { createHub } from '../../../relay/delivery/local-hub.ts';
import { DEFAULT_LIMITS } from '../../../relay/limits.ts';
import type { UserRow } from '../../../relay/records.ts';
import type { Caller } from '../../../relay/services/accounts.ts';
import { createBudgets } from '../../../relay/services/budgets.ts';
import { createTokenBuckets } from '../../../relay/services/token-bucket.ts';
import type { SocketServices } from '../../../relay/ws/services.ts';
import { attachSocket, type LiveSocket } from '../../../relay/ws/socket.ts';

/** The library's side: what was sent and what became of it. */
class Line extends EventEmitter {
  readonly OPEN = 1;
  readyState = 1;
  bufferedAmount = 0;
  readonly heard: string[] = [];
  closed: number | null = null;
  send(text: string, done: () => void): void {
    const { type, data } = JSON.parse(text) as { type: string; data: { content?: string } };
    this.heard.push(data.content ?? type);
    done();
  }
  ping(): void {
    this.heard.push('ping');
  }
  pong(): void {
    this.heard.push('pong');
  }
  pause(): void {}
  resume(): void {}
  terminate(): void {}
  close(code: number): void {
    this.closed = code;
    this.readyState = 2;
    this.emit('close');
  }
  /** A frame from the person. */
  says(frame: object): void {
    this.emit('message', Buffer.from(JSON.stringify(frame)), false);
  }
}

/** An answer that comes when the test says so. */
function later<T>() {
  const waiting: ((value: T) => void)[] = [];
  return {
    ask: (): Promise<T> => new Promise((resolve) => waiting.push(resolve)),
    answer: (value: T): void => waiting.shift()?.(value),
    get asked() {
      return waiting.length;
    },
  };
}
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const user: UserRow = {
  ...{ id: 'anna', username: 'anna', firstName: 'A', lastName: 'B', age: 1, bio: '', avatarUrl: '', passwordHash: '' },
  ...{ role: 'user', tokenVersion: 1, seq: 0, createdAt: 1, lastSeenAt: null },
};
const caller: Caller = { user, scope: 'user', expiresAt: Number.MAX_SAFE_INTEGER };

let line: Line;
let socket: LiveSocket;
let hub: ReturnType<typeof createHub>;
let number: ReturnType<typeof later<number>>;
let good: ReturnType<typeof later<boolean>>;
let others: ReturnType<typeof later<string[]>>;
let done: string[];
let faults: unknown[];
beforeEach(() => {
  line = new Line();
  hub = createHub(5);
  [number, good, others, done, faults] = [later(), later(), later(), [], []];
  const services = {
    limits: DEFAULT_LIMITS,
    capabilities: [],
    has: () => true,
    epoch: 'e1',
    hub,
    accounts: { isStillGood: good.ask },
    budgets: createBudgets(DEFAULT_LIMITS, (_kind, rate) => createTokenBuckets({ ...rate, now: () => 0 })),
    log: { current: number.ask },
    receipts: { receivedAll: async () => undefined },
    calls: { connected: async () => undefined },
    messaging: {
      async send(_user: UserRow, { content }: { content: string }) {
        done.push(content);
        return { value: {}, created: true };
      },
      othersIn: others.ask,
    },
    typing: {
      start: () => void done.push('typing'),
      left: () => void done.push('left'),
    },
  };
  socket = attachSocket(
    line as unknown as WebSocket,
    services as unknown as SocketServices,
    { address: 'home', admission: caller },
    { onSignedIn: () => undefined, onClosed: () => undefined, onFault: (error) => faults.push(error) },
  );
});
const send = (content: string): void => line.says({ type: 'message:send', data: { chatId: 'chat', content } });
async function opened(): Promise<void> {
  socket.start();
  await settled();
  number.answer(7);
  await settled();
}

describe('signing in', () => {
  it('comes before what others send meanwhile, which is taken only when it is sent', async () => {
    socket.start();
    await settled();
    const taken: string[] = [];
    hub.send('anna', JSON.stringify({ type: 'message:new', data: { content: 'early' } }), () => taken.push('early'));
    await settled();
    expect([line.heard, taken]).toEqual([[], []]);
    number.answer(7);
    await settled();
    expect([line.heard, taken]).toEqual([['auth:success', 'early'], ['early']]);
  });

  it('comes before what the person says meanwhile', async () => {
    socket.start();
    send('one');
    await settled();
    expect([done, good.asked]).toEqual([[], 0]);
    number.answer(7);
    await settled();
    good.answer(true);
    await settled();
    expect([line.heard, done]).toEqual([['auth:success'], ['one']]);
  });

  it('holds so much back and no more', async () => {
    socket.start();
    await settled();
    for (let n = 0; n <= 1000; n += 1) hub.send('anna', JSON.stringify({ type: 'presence', data: {} }));
    expect(line.closed).toBe(1008);
    number.answer(7);
    await settled();
    expect(line.heard).toEqual([]);
    expect(hub.has('anna')).toBe(false);
  });
});

describe('frames', () => {
  it('are handled one after the other, and a ping is answered after those before it', async () => {
    await opened();
    for (const content of ['one', 'two']) send(content);
    line.emit('ping', Buffer.alloc(0));
    await settled();
    expect([done, good.asked, line.heard]).toEqual([[], 1, ['auth:success']]);
    good.answer(true);
    await settled();
    expect([done, good.asked]).toEqual([['one'], 1]);
    good.answer(true);
    await settled();
    expect([done, line.heard]).toEqual([
      ['one', 'two'],
      ['auth:success', 'pong'],
    ]);
  });

  it('that came before the end of the connection count', async () => {
    await opened();
    for (const content of ['one', 'two']) send(content);
    await settled();
    line.close(1000);
    for (let n = 0; n < 2; n += 1) {
      good.answer(true);
      await settled();
    }
    expect(done).toEqual(['left', 'one', 'two']);
  });

  it('that came with a token that has ended do not, nor those after them', async () => {
    await opened();
    for (const content of ['one', 'two', 'three']) send(content);
    await settled();
    good.answer(true);
    await settled();
    good.answer(false);
    await settled();
    expect([done, line.closed]).toEqual([['one', 'left'], 4401]);
    expect(good.asked).toBe(0);
    expect(line.heard).toEqual(['auth:success', 'auth:error']);
  });

  it('of typing begin nothing once the connection is gone', async () => {
    await opened();
    for (let n = 0; n < 2; n += 1) line.says({ type: 'typing:start', data: { chatId: 'chat' } });
    await settled();
    good.answer(true);
    await settled();
    others.answer(['boris']);
    await settled();
    good.answer(true);
    await settled();
    line.close(1000);
    others.answer(['boris']);
    await settled();
    expect(done).toEqual(['typing', 'left']);
  });
});

it('a heartbeat asks whether the token is still good before it pings, and ends the connection when it is not', async () => {
  await opened();
  socket.heartbeat();
  await settled();
  expect(line.heard).toEqual(['auth:success']);
  good.answer(true);
  await settled();
  expect([line.heard, line.closed]).toEqual([['auth:success', 'ping'], null]);
  line.emit('pong');
  socket.heartbeat();
  good.answer(false);
  await settled();
  expect([line.closed, faults]).toEqual([4401, []]);
});
