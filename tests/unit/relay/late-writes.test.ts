import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { RelayError } from '../../../relay/errors.ts';
import { isStorageFailure } from '../../../relay/repositories/failures.ts';
import { createLateWrites, type RetriedLateWrites } from '../../../relay/storage/late-writes.ts';

let disk: 'works' | 'is full' | 'breaks';
let written: string[];
let failures: boolean[];
let late: RetriedLateWrites;
beforeEach(() => {
  vi.useFakeTimers();
  disk = 'works';
  written = [];
  failures = [];
  late = createLateWrites((_error, again) => failures.push(again), 5000);
});
afterEach(() => {
  late.close();
  expect(vi.getTimerCount(), 'nothing is left running').toBe(0);
  vi.useRealTimers();
});

const write = (name: string) => (): Promise<void> => {
  if (disk === 'is full') return Promise.reject(new RelayError('quota_exceeded', 'full'));
  if (disk === 'breaks') return Promise.reject(new TypeError('a mistake'));
  written.push(name);
  return Promise.resolve();
};

test('a write that works is written once', async () => {
  await late.attempt('a', 1, write('a'));
  late.retry();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(written).toEqual(['a']);
});

test('what a full disk refused is tried again until it is taken, in its order, and nobody hears of it', async () => {
  disk = 'is full';
  await late.attempt('a', 1, write('a'));
  await late.attempt('b', 1, write('b'));
  await vi.advanceTimersByTimeAsync(5000);
  expect([written, failures]).toEqual([[], [true, true, true, true]]);
  disk = 'works';
  await vi.advanceTimersByTimeAsync(4999);
  expect(written).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(written).toEqual(['a', 'b']);
});

test('another write that succeeded is the sign to try at once', async () => {
  disk = 'is full';
  await late.attempt('a', 1, write('a'));
  disk = 'works';
  late.retry();
  await vi.advanceTimersByTimeAsync(0);
  expect(written).toEqual(['a']);
});

test('of one key the furthest is kept', async () => {
  disk = 'is full';
  for (const order of [2, 3, 1]) await late.attempt('a', order, write(`a${order}`));
  disk = 'works';
  late.retry();
  await vi.advanceTimersByTimeAsync(0);
  expect(written).toEqual(['a3']);
});

test('a mistake of ours is reported and not tried again', async () => {
  disk = 'breaks';
  await late.attempt('a', 1, write('a'));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(failures).toEqual([false]);
});

test('no more than ten thousand are kept: the oldest go first', async () => {
  disk = 'is full';
  for (let index = 0; index < 10_001; index += 1) await late.attempt(`k${index}`, 1, write(`k${index}`));
  disk = 'works';
  late.retry();
  await vi.advanceTimersByTimeAsync(0);
  expect([written.length, written[0]]).toEqual([10_000, 'k1']);
});

test.each<[string, unknown, boolean]>([
  ['a full disk', { code: 'ERR_SQLITE_ERROR', errcode: 13 }, true],
  ['input and output, with details', { code: 'ERR_SQLITE_ERROR', errcode: 10 + 19 * 256 }, true],
  ['locked by another program', { code: 'ERR_SQLITE_ERROR', errcode: 5 }, true],
  ['a full disk as it is told', new RelayError('quota_exceeded', ''), true],
  ['a full disk of PostgreSQL', { code: '53100' }, true],
  ['a row that was locked for too long', { code: '55P03' }, true],
  ['a server that stops', { code: '57P01' }, true],
  ['a server that is not there', { code: 'ECONNREFUSED' }, true],
  ['a pool without a free connection', new Error('timeout exceeded when trying to connect'), true],
  ['a connection that broke before', new Error('Client was closed and is not queryable'), true],
  ['an error that says something else', new Error('Connection terminated by me'), false],
  ['a mistake in a statement', { code: '42601' }, false],
  ['a constraint of PostgreSQL', { code: '23503' }, false],
  ['a constraint', { code: 'ERR_SQLITE_ERROR', errcode: 19 + 8 * 256 }, false],
  ['another refusal', new RelayError('forbidden', ''), false],
  ['a number of somebody else', { errcode: 13 }, false],
  ['nothing', null, false],
])('may pass by itself: %s', (_what, error, expected) => expect(isStorageFailure(error)).toBe(expected));
