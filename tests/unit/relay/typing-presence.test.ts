import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ServerFrame } from '../../../contract/ws/server-frames.ts';
import { createLocalBus } from '../../../relay/delivery/local.ts';
import { createHub } from '../../../relay/delivery/local-hub.ts';
import type { Connection } from '../../../relay/delivery/ports.ts';
import { createLeases } from '../../../relay/services/leases.ts';
import type { Leases } from '../../../relay/services/ports.ts';
import { createPresence, type Absence } from '../../../relay/services/presence.ts';
import { createTyping, type Typist } from '../../../relay/services/typing.ts';

const parse = (text: string): ServerFrame => ServerFrame.parse(JSON.parse(text));

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Milliseconds pass, and everything that waits for nothing else is done. */
const pass = async (ms = 0): Promise<void> => void (await vi.advanceTimersByTimeAsync(ms));

describe('typing', () => {
  const anna = { id: 'anna', username: 'anna' };
  function scene(typists: Leases<Typist> = createLeases(6000)) {
    const told: [string, ServerFrame][] = [];
    const faults: unknown[] = [];
    const typing = createTyping({
      bus: {
        publish(userIds, compose) {
          for (const userId of userIds) told.push([userId, parse(compose())]);
        },
      },
      typists,
      onFault: (error) => faults.push(error),
    });
    return { told, faults, typing, heard: () => told.map(([userId, { type }]) => `${userId} ${type}`) };
  }

  test('starts, is renewed, and ends by itself once', async () => {
    const { heard, typing } = scene();
    typing.start('one', anna, 'chat', ['boris']);
    await pass(5000);
    typing.start('one', anna, 'chat', ['boris']);
    await pass(5999);
    expect(heard()).toEqual(['boris typing:start', 'boris typing:start']);
    await pass(1);
    expect(heard().at(-1)).toBe('boris typing:stop');
    await pass(60_000);
    expect(heard()).toHaveLength(3);
  });

  test('is told with who types where, in the order it happened', async () => {
    const { told, typing } = scene();
    typing.start('one', anna, 'chat', ['boris', 'clara']);
    typing.stop('anna', 'other chat');
    typing.stop('anna', 'chat');
    typing.stop('anna', 'chat');
    await pass();
    const start = { type: 'typing:start', data: { chatId: 'chat', userId: 'anna', username: 'anna' } };
    const stop = { type: 'typing:stop', data: { chatId: 'chat', userId: 'anna' } };
    expect(told).toEqual([
      ['boris', start],
      ['clara', start],
      ['boris', stop],
      ['clara', stop],
    ]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('the end of all tells nobody anything more', async () => {
    const { heard, typing } = scene();
    typing.start('one', anna, 'chat', ['boris']);
    await pass();
    typing.close();
    typing.stop('anna', 'chat');
    await pass(60_000);
    expect(heard()).toEqual(['boris typing:start']);
  });

  test('stop without a start tells nobody', async () => {
    const { heard, typing } = scene();
    typing.stop('anna', 'chat');
    await pass();
    expect(heard()).toEqual([]);
  });

  test('the end of the connection ends what came from it, and nothing else', async () => {
    const { heard, typing } = scene();
    typing.start('one', anna, 'one', ['boris']);
    typing.start('two', anna, 'two', ['clara']);
    typing.left('one');
    await pass();
    expect(heard()).toEqual(['boris typing:start', 'clara typing:start', 'boris typing:stop']);
    typing.close();
    expect(vi.getTimerCount()).toBe(0);
  });

  test('a store that fails is reported, and nobody is stopped by it', async () => {
    const fails = () => Promise.reject(new Error('gone'));
    const { heard, faults, typing } = scene({ ...createLeases(1), hold: fails, release: fails, releaseOf: fails });
    typing.start('one', anna, 'chat', ['boris']);
    typing.stop('anna', 'chat');
    typing.left('one');
    await pass();
    expect([heard(), faults]).toEqual([[], Array(3).fill(new Error('gone'))]);
  });
});

describe('presence', () => {
  /** Everybody is a peer of everybody but themselves. */
  function scene(peers: readonly string[] = ['anna', 'boris', 'clara']) {
    const heard: string[] = [];
    const told: ServerFrame[] = [];
    const seen: [string, number][] = [];
    const faults: unknown[] = [];
    const turns: (() => void)[] = [];
    let paced = false;
    const hub = createHub(5);
    const bus = createLocalBus(hub);
    const presence = createPresence({
      bus,
      absences: createLeases<Absence>(3000),
      peersOf: async (userId) => peers.filter((peer) => peer !== userId),
      saveSeen: (userId, at) => seen.push([userId, at]),
      turns: { next: () => (paced ? new Promise((resolve) => turns.push(resolve)) : Promise.resolve()) },
      onFault: (error) => faults.push(error),
      now: () => Date.now(),
    });
    bus.onChange(presence.changed);
    const connect = (userId: string): Connection => {
      const connection: Connection = {
        send(text) {
          const frame = parse(text);
          told.push(frame);
          if (frame.type === 'presence')
            heard.push(`${userId}: ${frame.data.userId} ${frame.data.online ? 'on' : 'off'}`);
        },
        close: () => undefined,
      };
      hub.add(userId, connection);
      return connection;
    };
    const isOnline = async (userId: string): Promise<boolean> => (await presence.online([userId])).has(userId);
    return {
      heard,
      told,
      seen,
      faults,
      turns,
      hub,
      presence,
      connect,
      isOnline,
      /** From here on every slice waits until the test lets it run. */
      pace: () => (paced = true),
    };
  }

  test('those who are connected hear of a coming and, after the grace, of a going', async () => {
    const { heard, hub, connect, isOnline, presence } = scene();
    connect('boris');
    await pass();
    const anna = connect('anna');
    await pass();
    expect(heard).toEqual(['boris: anna on']);
    hub.remove('anna', anna);
    await pass(2999);
    expect(await isOnline('anna')).toBe(true);
    await pass(1);
    expect(heard).toEqual(['boris: anna on', 'boris: anna off']);
    expect(await presence.online(['anna', 'boris', 'clara'])).toEqual(new Set(['boris']));
  });

  test('the word says when they were there last: when the last connection went, not when the grace was over', async () => {
    vi.setSystemTime(1_800_000_000_000);
    const { told, seen, hub, connect } = scene();
    connect('boris');
    await pass();
    const anna = connect('anna');
    await pass(1000);
    hub.remove('anna', anna);
    await pass(3000);
    expect(told).toEqual([
      { type: 'presence', data: { userId: 'anna', online: true, lastSeenAt: '2027-01-15T08:00:00.000Z' } },
      { type: 'presence', data: { userId: 'anna', online: false, lastSeenAt: '2027-01-15T08:00:01.000Z' } },
    ]);
    expect(seen).toEqual([['anna', 1_800_000_001_000]]);
    connect('anna');
    await pass();
    expect(told).toHaveLength(3);
  });

  test('at the end nobody leaves any more, and nothing is said', async () => {
    const { heard, hub, connect, isOnline, presence } = scene();
    connect('boris');
    await pass();
    const anna = connect('anna');
    await pass();
    hub.remove('anna', anna);
    presence.close();
    connect('clara');
    expect(await isOnline('anna')).toBe(false);
    await pass(10_000);
    expect(heard).toEqual(['boris: anna on']);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('a reconnect within the grace is no news', async () => {
    const { heard, hub, connect, presence } = scene();
    connect('boris');
    await pass();
    const anna = connect('anna');
    await pass();
    hub.remove('anna', anna);
    await pass(2999);
    connect('anna');
    await pass(10_000);
    expect(heard).toEqual(['boris: anna on']);
    presence.close();
    expect(vi.getTimerCount()).toBe(0);
  });

  test('two thousand peers are told in slices of a hundred, one per turn, and only those who are connected', async () => {
    const peers = Array.from({ length: 2000 }, (_, index) => `p${String(index)}`);
    const { heard, turns, connect, pace } = scene([...peers, 'anna']);
    for (const peer of peers.filter((_, index) => index % 2 === 0)) connect(peer);
    await pass();
    heard.length = 0;
    pace();
    connect('anna');
    for (let slice = 0; slice < 20; slice += 1) {
      await pass();
      expect([turns.length, heard.length]).toEqual([1, slice * 50]);
      turns.shift()?.();
    }
    await pass();
    expect([turns.length, heard.length]).toEqual([0, 1000]);
  });

  test('the last word is the last to arrive, however long the one before takes', async () => {
    const { heard, turns, hub, connect, pace } = scene();
    connect('boris');
    await pass();
    pace();
    const anna = connect('anna');
    await pass();
    hub.remove('anna', anna);
    await pass(3000);
    expect(turns, 'the going waits behind the coming').toHaveLength(1);
    turns.shift()?.();
    await pass();
    turns.shift()?.();
    await pass();
    expect(heard).toEqual(['boris: anna on', 'boris: anna off']);
  });

  test('whoever is back before their going was announced is not reported gone', async () => {
    const { heard, turns, hub, connect, pace } = scene();
    connect('boris');
    await pass();
    pace();
    const anna = connect('anna');
    await pass();
    hub.remove('anna', anna);
    await pass(3000);
    // The grace is over, but the coming is still being announced.
    connect('anna');
    await pass();
    while (turns.length > 0) {
      turns.shift()?.();
      await pass();
    }
    expect(heard).toEqual(['boris: anna on', 'boris: anna on']);
  });

  test('a failure is reported and ends one announcement only', async () => {
    const faults: unknown[] = [];
    const said: string[] = [];
    let broken = true;
    const presence = createPresence({
      bus: { online: async () => new Set(), publish: (_userIds, compose) => said.push(compose()) },
      absences: createLeases<Absence>(3000),
      peersOf: () => (broken ? Promise.reject(new Error('gone')) : Promise.resolve(['boris'])),
      saveSeen: () => undefined,
      turns: { next: () => Promise.resolve() },
      onFault: (error) => faults.push(error),
      now: () => Date.now(),
    });
    presence.changed('anna', true);
    await pass();
    expect(faults).toEqual([new Error('gone')]);
    broken = false;
    presence.changed('anna', false);
    await pass(3000);
    expect(said.map((text) => parse(text))).toMatchObject([{ data: { userId: 'anna', online: false } }]);
  });
});
