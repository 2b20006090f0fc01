import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ServerFrame } from '../../../contract/ws/server-frames.ts';
import { createPresence } from '../../../relay/services/presence.ts';
import { createTyping } from '../../../relay/services/typing.ts';

const parse = (text: string): ServerFrame => ServerFrame.parse(JSON.parse(text));

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('typing', () => {
  const anna = { id: 'anna', username: 'anna' };
  function scene() {
    const heard: string[] = [];
    const typing = createTyping(6000, (userId, text) => heard.push(`${userId} ${parse(text).type}`));
    return { heard, typing, connection: {} };
  }

  test('starts, is renewed, and ends by itself once', () => {
    const { heard, typing, connection } = scene();
    typing.start(connection, anna, 'chat', ['boris']);
    vi.advanceTimersByTime(5000);
    typing.start(connection, anna, 'chat', ['boris']);
    vi.advanceTimersByTime(5999);
    expect(heard).toEqual(['boris typing:start', 'boris typing:start']);
    vi.advanceTimersByTime(1);
    expect(heard.at(-1)).toBe('boris typing:stop');
    vi.advanceTimersByTime(60_000);
    expect(heard).toHaveLength(3);
  });

  test('is told with who types where', () => {
    const told: [string, ServerFrame][] = [];
    const typing = createTyping(6000, (userId, text) => told.push([userId, parse(text)]));
    typing.start({}, anna, 'chat', ['boris', 'clara']);
    typing.stop('anna', 'other chat');
    typing.stop('anna', 'chat');
    typing.stop('anna', 'chat');
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

  test('the end of all tells nobody anything more', () => {
    const { heard, typing, connection } = scene();
    typing.start(connection, anna, 'chat', ['boris']);
    typing.close();
    typing.stop('anna', 'chat');
    vi.advanceTimersByTime(60_000);
    expect(heard).toEqual(['boris typing:start']);
  });

  test('stop without a start tells nobody', () => {
    const { heard, typing } = scene();
    typing.stop('anna', 'chat');
    expect(heard).toEqual([]);
  });

  test('the end of the connection ends what came from it, and nothing else', () => {
    const { heard, typing, connection } = scene();
    typing.start(connection, anna, 'one', ['boris']);
    typing.start({}, anna, 'two', ['clara']);
    typing.left(connection);
    expect(heard).toEqual(['boris typing:start', 'clara typing:start', 'boris typing:stop']);
    typing.close();
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('presence', () => {
  /** What was begun has found out whom to tell. */
  const told = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);
  function scene() {
    const heard: string[] = [];
    const connected = new Set<string>();
    const presence = createPresence({
      graceMs: 3000,
      isConnected: (userId) => connected.has(userId),
      peersOf: async () => ['boris', 'clara'],
      send: (userId, text) => {
        const frame = parse(text);
        if (frame.type === 'presence') heard.push(`${userId} ${frame.data.online ? 'on' : 'off'}`);
      },
      saveSeen: (userId) => heard.push(`seen ${userId}`),
      onError: (error) => expect.unreachable(String(error)),
      now: () => Date.now(),
    });
    const set = async (userId: string, online: boolean): Promise<void> => {
      if (online) connected.add(userId);
      else connected.delete(userId);
      presence.changed(userId, online);
      await told();
    };
    return { heard, presence, set };
  }

  test('those who are connected hear of a coming and, after the grace, of a going', async () => {
    const { heard, presence, set } = scene();
    await set('boris', true);
    heard.length = 0;
    await set('anna', true);
    expect(heard).toEqual(['boris on']);
    await set('anna', false);
    expect(presence.isOnline('anna')).toBe(true);
    await vi.advanceTimersByTimeAsync(3000);
    expect(heard).toEqual(['boris on', 'seen anna', 'boris off']);
    expect(presence.isOnline('anna')).toBe(false);
  });

  test('the word says when they were there last: when the last connection went, not when the grace was over', async () => {
    vi.setSystemTime(1_800_000_000_000);
    const heard: ServerFrame[] = [];
    const seen: [string, number][] = [];
    const presence = createPresence({
      graceMs: 3000,
      isConnected: (userId) => userId === 'boris',
      peersOf: async () => ['boris'],
      send: (_userId, text) => heard.push(parse(text)),
      saveSeen: (userId, at) => seen.push([userId, at]),
      onError: (error) => expect.unreachable(String(error)),
      now: () => Date.now(),
    });
    presence.changed('anna', true);
    await told();
    await vi.advanceTimersByTimeAsync(1000);
    presence.changed('anna', false);
    await vi.advanceTimersByTimeAsync(2999);
    expect(heard).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(heard).toEqual([
      { type: 'presence', data: { userId: 'anna', online: true, lastSeenAt: '2027-01-15T08:00:00.000Z' } },
      { type: 'presence', data: { userId: 'anna', online: false, lastSeenAt: '2027-01-15T08:00:01.000Z' } },
    ]);
    expect(seen).toEqual([['anna', 1_800_000_001_000]]);
    presence.changed('anna', true);
    await told();
    expect(heard).toHaveLength(3);
  });

  test('at the end nobody leaves any more', async () => {
    const { heard, presence, set } = scene();
    await set('boris', true);
    await set('anna', true);
    await set('anna', false);
    presence.close();
    expect(presence.isOnline('anna')).toBe(false);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(heard.at(-1)).toBe('seen anna');
  });

  test('a reconnect within the grace is no news', async () => {
    const { heard, presence, set } = scene();
    await set('boris', true);
    await set('anna', true);
    heard.length = 0;
    await set('anna', false);
    await vi.advanceTimersByTimeAsync(2999);
    await set('anna', true);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(heard).toEqual(['seen anna']);
    presence.close();
    expect(vi.getTimerCount()).toBe(0);
  });
});
