/** Token versions in memory: asked for once, and never older than the last commit. */
import { beforeEach, describe, expect, it } from 'vitest';
import { createLocalBus } from '../../../relay/delivery/local.ts';
import { createHub } from '../../../relay/delivery/local-hub.ts';
import type { Bus } from '../../../relay/delivery/ports.ts';
import type { UserRow } from '../../../relay/records.ts';
import { createTokenVersions, type TokenVersions } from '../../../relay/services/token-versions.ts';

let stored: Map<string, number>;
let reads: string[];
/** Delays the answer of a read, which has read by then. */
let hold: Promise<void>;
let bus: Bus;
let versions: TokenVersions;
/** Milliseconds. */
let time: number;

beforeEach(() => {
  stored = new Map([
    ['anna', 1],
    ['boris', 7],
  ]);
  reads = [];
  hold = Promise.resolve();
  time = 0;
  bus = createLocalBus(createHub(1));
  versions = createTokenVersions({
    async find(userId) {
      reads.push(userId);
      const tokenVersion = stored.get(userId);
      await hold;
      return tokenVersion === undefined ? null : ({ id: userId, tokenVersion } as UserRow);
    },
    bus,
    most: 2,
    now: () => time,
  });
});

function gate(): { promise: Promise<void>; open: () => void } {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  return { promise: promise.then(() => undefined), open: () => resolve(undefined) };
}

describe('a version', () => {
  it('is read once, by whoever needs it first', async () => {
    expect([await versions.current('anna'), await versions.current('anna')]).toEqual([1, 1]);
    expect((await versions.load('boris'))?.tokenVersion).toBe(7);
    expect(await versions.current('boris')).toBe(7);
    expect(reads).toEqual(['anna', 'boris']);
  });

  it('of nobody is asked for each time: they may come to be', async () => {
    expect([await versions.current('clara'), await versions.load('clara')]).toEqual([null, null]);
    stored.set('clara', 1);
    expect(await versions.current('clara')).toBe(1);
  });

  it('is read with the user, who is remembered for a second', async () => {
    await versions.load('anna');
    time = 999;
    expect((await versions.load('anna'))?.id).toBe('anna');
    expect(reads).toEqual(['anna']);
    time = 1000;
    await versions.load('anna');
    expect(reads).toEqual(['anna', 'anna']);
  });

  it('that was not read for the longest time makes room', async () => {
    stored.set('clara', 3);
    for (const userId of ['anna', 'boris']) await versions.load(userId);
    time = 1000;
    await versions.load('anna');
    await versions.load('clara');
    reads = [];
    for (const userId of ['anna', 'clara', 'boris']) await versions.current(userId);
    expect(reads).toEqual(['boris']);
  });
});

describe('a change', () => {
  it('counts from its commit on, and nothing older is believed before or after', async () => {
    await versions.current('anna');
    const commit = gate();
    const changed = versions.change('anna', async () => {
      await commit.promise;
      stored.set('anna', 2);
      return 'done';
    });
    expect(await versions.current('anna'), 'not committed yet').toBe(1);
    commit.open();
    expect(await changed).toBe('done');
    expect(await versions.current('anna')).toBe(2);
    expect(await versions.current('anna')).toBe(2);
    expect(reads).toHaveLength(3);
  });

  it('is seen by whoever loads the user, at once and on every node', async () => {
    await versions.load('anna');
    const commit = gate();
    const changed = versions.change('anna', async () => {
      await commit.promise;
      stored.set('anna', 2);
    });
    expect((await versions.load('anna'))?.tokenVersion, 'not committed yet').toBe(1);
    commit.open();
    await changed;
    expect((await versions.load('anna'))?.tokenVersion).toBe(2);
    stored.set('anna', 3);
    bus.invalidate('anna');
    expect((await versions.load('anna'))?.tokenVersion).toBe(3);
  });

  it('that storage refused changes nothing, and is no longer waited for', async () => {
    await expect(versions.change('anna', () => Promise.reject(new Error('full')))).rejects.toThrow('full');
    reads = [];
    expect([await versions.current('anna'), await versions.current('anna')]).toEqual([1, 1]);
    expect(reads).toHaveLength(1);
  });

  it('is waited for until the last of several is done', async () => {
    const [first, second] = [gate(), gate()];
    const one = versions.change('anna', () => first.promise);
    const two = versions.change('anna', () => second.promise);
    first.open();
    await one;
    await versions.current('anna');
    stored.set('anna', 2);
    expect(await versions.current('anna')).toBe(2);
    second.open();
    await two;
  });

  it('is not undone by a read that began before it', async () => {
    const late = gate();
    hold = late.promise;
    const old = versions.current('anna');
    hold = Promise.resolve();
    await versions.change('anna', async () => void stored.set('anna', 2));
    late.open();
    expect(await old).toBe(1);
    expect(await versions.current('anna')).toBe(2);
  });

  it('is told to all nodes when it is committed, and heard of from the others', async () => {
    const told: number[] = [];
    bus.onInvalidate(() => told.push(stored.get('anna') ?? 0));
    await versions.change('anna', async () => void stored.set('anna', 2));
    expect(told).toEqual([2]);
    await versions.current('anna');
    stored.set('anna', 3);
    expect(await versions.current('anna'), 'not told of yet').toBe(2);
    bus.invalidate('anna');
    expect(await versions.current('anna')).toBe(3);
  });
});
