import { beforeEach, describe, expect, it } from 'vitest';
import { TypingTracker } from '../../../../electron/main/services/sync/typing.ts';
import { ManualClock } from '../../../helpers/main-parts.ts';

let clock: ManualClock;
let told: [chatId: string, names: string][];
let typing: TypingTracker;
beforeEach(() => {
  clock = new ManualClock();
  told = [];
  typing = new TypingTracker(clock, (chatId, users) =>
    told.push([chatId, users.map(({ id, name }) => `${id}:${name}`).join(' ')]),
  );
});

describe('who is typing', () => {
  it('is told when somebody begins and when they stop, chat by chat', () => {
    typing.start('c1', 'a', 'Ann');
    typing.start('c1', 'b', 'Bob');
    typing.start('c2', 'a', 'Ann');
    typing.stop('c1', 'a');
    typing.stop('c1', 'b');
    expect(told).toEqual([
      ['c1', 'a:Ann'],
      ['c1', 'a:Ann b:Bob'],
      ['c2', 'a:Ann'],
      ['c1', 'b:Bob'],
      ['c1', ''],
    ]);
  });

  it('ends by itself after six seconds without a word; each word counts anew and tells nothing new', () => {
    typing.start('c1', 'a', 'Ann');
    clock.advance(4_000);
    typing.start('c1', 'a', 'Ann');
    clock.advance(5_999);
    expect(told).toEqual([['c1', 'a:Ann']]);
    clock.advance(1);
    expect(told).toEqual([
      ['c1', 'a:Ann'],
      ['c1', ''],
    ]);
    expect(clock.pending).toBe(0);
  });

  it('says nothing of somebody who stops without having begun', () => {
    typing.stop('c1', 'a');
    typing.start('c1', 'a', 'Ann');
    typing.stop('c1', 'b');
    typing.stop('c2', 'a');
    expect(told).toEqual([['c1', 'a:Ann']]);
  });

  it('leaves no timer behind one who stopped: the next beginning has its whole time', () => {
    typing.start('c1', 'a', 'Ann');
    clock.advance(3_000);
    typing.stop('c1', 'a');
    expect(clock.pending).toBe(0);
    typing.start('c1', 'a', 'Ann');
    clock.advance(5_999);
    expect(told.at(-1)).toEqual(['c1', 'a:Ann']);
  });

  it('is shown of twenty people in a chat at most; one of them may go on typing', () => {
    for (let n = 0; n < 25; n += 1) typing.start('c1', `u${String(n)}`, 'x');
    expect(told).toHaveLength(20);
    expect(told.at(-1)?.[1].split(' ')).toHaveLength(20);
    typing.start('c1', 'u3', 'x');
    expect(clock.pending).toBe(20);
    typing.stop('c1', 'u3');
    typing.start('c1', 'u24', 'x');
    expect(told.at(-1)?.[1]).toContain('u24:x');
  });

  it('is nobody once the connection is gone', () => {
    typing.start('c1', 'a', 'Ann');
    typing.start('c2', 'b', 'Bob');
    told = [];
    typing.clear();
    expect(told).toEqual([
      ['c1', ''],
      ['c2', ''],
    ]);
    expect(clock.pending).toBe(0);
    typing.start('c1', 'a', 'Ann');
    expect(told.at(-1)).toEqual(['c1', 'a:Ann']);
  });
});
