import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { isListReply, listChunks } from '../../../relay/http/list-answer.ts';

const answer = z.object({
  things: z.array(z.object({ id: z.string() })).max(3),
  events: z.array(z.number()).optional(),
  total: z.number(),
  next: z.string().optional(),
});
const things = (count: number) => Array.from({ length: count }, (_, index) => ({ id: `t${index}` }));

async function* later<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

let turnsTaken = 0;
const turns = {
  next: () => {
    turnsTaken += 1;
    return Promise.resolve();
  },
};

async function collect(chunks: AsyncIterable<string>): Promise<string[]> {
  const all: string[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return all;
}

async function chunksOf(reply: object, now = (): number => 0): Promise<string[]> {
  turnsTaken = 0;
  if (!isListReply(reply)) throw new Error('no list');
  return collect(listChunks(answer, reply, turns, now));
}

describe('a list is written as JSON.stringify would write it', () => {
  test.each([
    ['nothing', { list: 'things', items: [], rest: () => ({ total: 0 }) }, { things: [], total: 0 }],
    ['some', { list: 'things', items: things(3), rest: () => ({ total: 9 }) }, { things: things(3), total: 9 }],
    [
      'one that is read as it is sent',
      { list: 'things', items: later(things(3)), rest: async () => ({ total: 9 }) },
      { things: things(3), total: 9 },
    ],
    [
      'an optional list',
      { list: 'events', items: [1, 2], rest: () => ({ things: [], total: 1 }) },
      { events: [1, 2], things: [], total: 1 },
    ],
    [
      'more than a schema’s own list may hold',
      { list: 'things', items: things(4), rest: () => ({ total: 4 }) },
      { things: things(4), total: 4 },
    ],
    [
      'what the schema does not know is left out',
      { list: 'things', items: [{ id: 'a', secret: 1 }], rest: () => ({ total: 1, secret: 2 }) },
      { things: [{ id: 'a' }], total: 1 },
    ],
  ])('%s', async (_what, reply, expected) => {
    const chunks = await chunksOf({ status: 200, ...reply });
    expect(chunks).toHaveLength(1);
    expect(JSON.parse(chunks.join(''))).toEqual(expected);
  });

  test('nothing beside the list', async () => {
    const only = z.object({ list: z.array(z.number()) });
    const chunks = await collect(listChunks(only, { list: 'list', items: [1], rest: () => ({}) }, turns, () => 0));
    expect(chunks).toEqual(['{"list":[1]}']);
  });
});

test('a slice ends when its time is over, the next begins with a turn, and the rest is asked for at the end', async () => {
  let clock = 0;
  let built = 0;
  function* slow(): Generator<{ id: string }> {
    for (const thing of things(6)) {
      built += 1;
      clock += 2;
      yield thing;
    }
  }
  const chunks = await chunksOf(
    { status: 200, list: 'things', items: slow(), rest: () => ({ total: built }) },
    () => clock,
  );
  expect(chunks.length, 'three items of 2 ms each').toBe(3);
  expect(turnsTaken).toBe(3);
  expect(JSON.parse(chunks.join(''))).toEqual({ things: things(6), total: 6 });
});

test('a chunk is no longer than what the next station can bear', async () => {
  const items = Array.from({ length: 10 }, () => ({ id: 'x'.repeat(40_000) }));
  const chunks = await chunksOf({ status: 200, list: 'things', items, rest: () => ({ total: 1 }) }, () => 0);
  expect(Math.max(...chunks.map((chunk) => chunk.length))).toBeLessThan(110_000);
  expect(JSON.parse(chunks.join(''))).toMatchObject({ things: items });
});

test('an item or a rest outside the schema breaks the answer off', async () => {
  const bad = { status: 200, list: 'things', items: [{ id: 1 }], rest: () => ({ total: 1 }) };
  await expect(chunksOf(bad)).rejects.toThrow(z.ZodError);
  await expect(chunksOf({ ...bad, items: [], rest: () => ({}) })).rejects.toThrow(z.ZodError);
  await expect(chunksOf({ ...bad, list: 'total' })).rejects.toThrow('no list of this row');
});
