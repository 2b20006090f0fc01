import { expect, test } from 'vitest';
import { createUnauthenticatedSockets } from '../../../relay/ws/unauthenticated-sockets.ts';

test('an address at its limit and one past it; a place that was left is free, and leaving twice frees one', () => {
  const unauthenticated = createUnauthenticatedSockets(100, 2);
  const stay = (): void => expect.unreachable('nobody has to go');
  const leave = unauthenticated.enter('a', stay);
  expect(unauthenticated.enter('a', () => undefined)).not.toBeNull();
  expect(unauthenticated.enter('a', stay)).toBeNull();
  expect(unauthenticated.enter('b', stay)).not.toBeNull();
  leave?.();
  leave?.();
  expect(unauthenticated.enter('a', stay)).not.toBeNull();
  expect(unauthenticated.enter('a', stay)).toBeNull();
});

test('when all places are taken, the longest waiting of the fullest address goes', () => {
  const unauthenticated = createUnauthenticatedSockets(5, 3);
  const gone: string[] = [];
  const enter = (name: string) => unauthenticated.enter(name[0] ?? '', () => gone.push(name));
  for (const name of ['b1', 'a1', 'a2', 'a3', 'b2']) enter(name);
  expect(gone).toEqual([]);
  enter('c1');
  expect(gone).toEqual(['a1']);
  enter('d1');
  expect(gone).toEqual(['a1', 'b1']);
});
