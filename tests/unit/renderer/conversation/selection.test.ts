import { describe, expect, it } from 'vitest';
import {
  extended,
  reactionTargets,
  reactionChanges,
  sharedReactions,
  toggled,
} from '../../../../renderer/src/features/conversation/selection.ts';
import { pending, stored } from './message.ts';

const items = [1, 2, 3, 4, 5].map((number) => stored(number));
const waiting = pending(1);
const [first, second, , fourth] = items;
if (!first || !second || !fourth) throw new Error('no messages');

describe('Shift and a click', () => {
  const keys = (last: string | null, message = fourth, chosen = toggled(null, first), among = items): string[] =>
    [...extended(chosen, among, last, message).keys()].sort();

  it.each([
    ['chooses what lies between', keys(second.key), ['m00001', 'm00002', 'm00003', 'm00004']],
    ['the other way round too', keys(fourth.key, second, undefined), ['m00001', 'm00002', 'm00003', 'm00004']],
    ['from nowhere this one alone', keys(null), ['m00001', 'm00004']],
    ['from what is not loaded any more, this one alone', keys('m09999'), ['m00001', 'm00004']],
    ['leaves out what has not been sent', keys(first.key, waiting, toggled(null, first), [first, waiting]), ['m00001']],
  ])('%s', (_name, found, expected) => {
    expect(found).toEqual(expected);
  });

  it('a click alone adds and takes out, and never what has not been sent', () => {
    expect([...toggled(toggled(null, first), first).keys()]).toEqual([]);
    expect([...toggled(null, waiting).keys()]).toEqual([]);
  });
});

describe('reactions on selected messages', () => {
  const like = { emoji: '👍', mine: true, users: [] };
  const liked = stored(7, { reactions: [like] });
  const others = stored(8, { reactions: [{ ...like, mine: false }] });

  it.each([
    ['goes under those that lack it', [liked, others], [{ id: 'm00008', on: true }]],
    ['goes away where all have it', [liked], [{ id: 'm00007', on: false }]],
    ['never under what the server does not have', [waiting], []],
  ])('an emoji %s', (_name, messages, expected) => {
    expect(reactionChanges(messages, '👍')).toEqual(expected);
  });

  it.each([
    ['this one', first, [], [first]],
    ['all that are chosen, this one first', second, [first, second], [second, first]],
    ['all that are chosen, at another one too', fourth, [first, second], [first, second]],
    ['nothing that has not been sent', waiting, [], []],
  ])('a key is for %s', (_name, at, chosen, expected) => {
    expect(reactionTargets(at, chosen)).toEqual(expected);
  });

  it('shows as chosen what all of them have', () => {
    expect([sharedReactions([liked]), sharedReactions([liked, others]), sharedReactions([])]).toEqual([['👍'], [], []]);
  });
});
