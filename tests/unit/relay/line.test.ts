import { beforeEach, expect, it } from 'vitest';
import { createLine, type Line } from '../../../relay/ws/line.ts';

let calls: string[];
let faults: unknown[];
let line: Line;
beforeEach(() => {
  calls = [];
  faults = [];
  line = createLine({
    most: 3,
    pause: () => calls.push('pause'),
    resume: () => calls.push('resume'),
    onFault: (error) => faults.push(error),
  });
});

/** A task that begins and ends when the test says so. */
function task(name: string): () => void {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  line.push(async () => {
    calls.push(`${name} begins`);
    await promise;
    calls.push(`${name} ends`);
  });
  return () => resolve(undefined);
}
const turn = () => new Promise<void>((resolve) => void setImmediate(resolve));

it('one at a time, in the order they came, the first at once', async () => {
  const [endA, endB] = [task('a'), task('b')];
  expect(calls).toEqual(['a begins']);
  endB();
  await turn();
  expect(calls).toEqual(['a begins']);
  endA();
  await turn();
  const endC = task('c');
  endC();
  await turn();
  expect(calls).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
});

it('one that fails is reported, and the next one runs', async () => {
  line.push(() => Promise.reject(new Error('bad')));
  line.push(() => {
    throw new Error('worse');
  });
  task('a')();
  await turn();
  expect([faults, calls]).toEqual([
    [new Error('bad'), new Error('worse')],
    ['a begins', 'a ends'],
  ]);
});

it('reading stops while more wait than may, and goes on once all are done', async () => {
  const ends = ['a', 'b', 'c', 'd'].map(task);
  expect(calls, 'one runs, three wait').toEqual(['a begins']);
  ends.push(task('e'), task('f'));
  expect(calls.filter((call) => call === 'pause')).toHaveLength(1);
  for (const end of ends.slice(0, 5)) end();
  await turn();
  expect(calls).not.toContain('resume');
  ends.at(-1)?.();
  await turn();
  expect(calls.at(-1)).toBe('resume');
  task('g')();
  await turn();
  expect(calls.filter((call) => call === 'resume')).toHaveLength(1);
});

it('after the end nothing begins', async () => {
  const end = task('a');
  task('b');
  line.end();
  task('c');
  end();
  await turn();
  expect(calls).toEqual(['a begins', 'a ends']);
});
