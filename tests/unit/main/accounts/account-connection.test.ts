/** The life of one account's connection, without the account: which one it has, whether it may be used, what is told. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { ConnectionView } from '../../../../contract/ipc/views.ts';
import { AccountConnection } from '../../../../electron/main/services/accounts/account-connection.ts';
import type { AccountContext } from '../../../../electron/main/services/ports.ts';
import { connectionView, sameConnection } from '../../../../electron/main/services/sync/connection.ts';
import { recordingLogger } from '../../../helpers/main-parts.ts';
import { HandSocket } from './accounts-world.ts';

/** What was told and asked, in its order. */
let told: string[];
let line: AccountConnection;
let first: ReturnType<typeof given>;

/** As sign-in hands it over; the name stands in what it was asked. */
function given(name: string) {
  const socket = new HandSocket(recordingLogger());
  const context = {
    account: { id: 'anna', server: 'http://one.test', user: { id: name } },
    socket,
    api: { call: async () => name },
    serverTime: { now: () => 7, aheadMs: () => 0 },
    has: (capability: string) => capability === 'sync',
    tokenRefused: () => told.push(`sign-in: ${name} refused`),
    meChanged: ({ id }: { id: string }) => told.push(`sign-in: ${name} is ${id}`),
  } as unknown as AccountContext;
  return { context, socket };
}

const attach = ({ context }: { context: AccountContext }, online = true) =>
  line.attach(context, online, ({ state }) => {
    told.push(`listens to one that is ${state}`);
    return () => told.push('left');
  });

beforeEach(() => {
  told = [];
  first = given('first');
  line = new AccountConnection(first.context, {
    look: (isExpired, socket) =>
      connectionView({ account: isExpired ? 'expired' : 'ready', socket, isLive: socket.state === 'open' }),
    isSame: sameConnection,
    tell: ({ phase }: ConnectionView) => told.push(phase),
    onExpired: () => told.push('expired'),
  });
});

describe('before anything is attached', () => {
  it('is there to be looked at and not to be used', async () => {
    expect(line.given).toBe(first.context);
    expect(line.usable).toBeNull();
    expect(line.view.phase).toBe('connecting');
    expect(line.context.socket).toBe(first.socket);
    line.leave();
    line.expired();
    expect(told).toEqual([]);
  });
});

describe('a connection', () => {
  it('is what sign-in gave, part by part', async () => {
    attach(first);
    const { context } = line;
    expect(context.account).toBe(first.context.account);
    expect(context.api).toBe(first.context.api);
    expect(context.serverTime.now()).toBe(7);
    expect([context.has('sync'), context.has('cursors')]).toEqual([true, false]);
    expect(line.usable).toBe(context);
    told = [];
    context.meChanged({ id: 'ada', username: 'ada' });
    expect(told).toEqual(['sign-in: first is ada']);
  });

  it('tells what its socket comes to, each state once', () => {
    attach(first);
    told = [];
    for (const state of ['open', 'open', 'connecting'] as const) first.socket.become(state);
    expect(told).toEqual(['live', 'connecting']);
    expect(line.view.phase).toBe('connecting');
  });

  it('is given up for the next one: the old socket says nothing any more, neither in words nor in states', () => {
    attach(first);
    const second = given('second');
    told = [];
    attach(second);
    expect(told).toEqual(['left', 'listens to one that is connecting']);
    told = [];
    first.socket.become('open');
    first.socket.become('closed', 'unauthenticated');
    expect(told).toEqual([]);
    expect(line.usable?.socket).toBe(second.socket);
    second.socket.become('open');
    expect(told).toEqual(['live']);
  });

  it('that is left says nothing any more', () => {
    attach(first);
    told = [];
    line.leave();
    first.socket.become('open');
    expect(told).toEqual(['left']);
  });
});

describe('a token', () => {
  it('that is not there: the connection cannot be used, and is said to wait for a sign-in', () => {
    attach(first, false);
    line.tell();
    expect(line.usable).toBeNull();
    expect(line.view).toEqual({ phase: 'waiting_auth', retryAt: null, reason: 'unauthenticated' });
    // It has ended long ago.
    first.socket.become('closed', 'unauthenticated');
    expect(told).toEqual(['listens to one that is connecting', 'waiting_auth']);
  });

  it('that one of the services finds refused: everybody hears of it, the screens first, and once', () => {
    attach(first);
    told = [];
    line.context.tokenRefused();
    line.expired();
    expect(told).toEqual(['waiting_auth', 'expired', 'sign-in: first refused']);
    expect(line.usable).toBeNull();
  });

  it('that the socket finds refused: everybody hears of it, and once', () => {
    attach(first);
    told = [];
    first.socket.become('closed', 'unauthenticated');
    first.socket.become('closed', 'unauthenticated');
    expect(told).toEqual(['waiting_auth', 'expired']);
  });

  it('of an earlier connection may be refused without harm to this one', () => {
    attach(first);
    const early = line.context;
    attach(given('second'));
    told = [];
    early.tokenRefused();
    expect(told).toEqual([]);
    expect(line.usable).not.toBeNull();
  });

  it('of the next connection is believed again', () => {
    attach(first);
    line.expired();
    told = [];
    attach(given('second'));
    line.tell();
    expect(told).toEqual(['left', 'listens to one that is connecting', 'connecting']);
  });
});

describe('the end', () => {
  it('begins with silence, while the connection can still be used', () => {
    attach(first);
    told = [];
    line.ending();
    first.socket.become('open');
    first.socket.become('closed');
    line.tell();
    expect(told).toEqual([]);
    expect(line.view.phase).toBe('connecting');
    expect(line.usable).not.toBeNull();
  });
});
