import { expect, test } from 'vitest';
import { createStrangers } from '../../../relay/ws/strangers.ts';

test('an address at its limit and one past it; a place that was left is free, and leaving twice frees one', () => {
  const strangers = createStrangers(100, 2);
  const stay = (): void => expect.unreachable('nobody has to go');
  const leave = strangers.enter('a', stay);
  expect(strangers.enter('a', () => undefined)).not.toBeNull();
  expect(strangers.enter('a', stay)).toBeNull();
  expect(strangers.enter('b', stay)).not.toBeNull();
  leave?.();
  leave?.();
  expect(strangers.enter('a', stay)).not.toBeNull();
  expect(strangers.enter('a', stay)).toBeNull();
});

test('when all places are taken, the longest waiting of the fullest address goes', () => {
  const strangers = createStrangers(5, 3);
  const gone: string[] = [];
  const enter = (name: string) => strangers.enter(name[0] ?? '', () => gone.push(name));
  for (const name of ['b1', 'a1', 'a2', 'a3', 'b2']) enter(name);
  expect(gone).toEqual([]);
  enter('c1');
  expect(gone).toEqual(['a1']);
  enter('d1');
  expect(gone).toEqual(['a1', 'b1']);
});
