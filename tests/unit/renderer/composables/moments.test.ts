import { describe, expect, test } from 'vitest';
import { momentIn, momentsOf } from '../../../../renderer/src/composables/moments.ts';

test.each([
  ['1:23 the strings come in', 83, 'the strings come in'],
  ['1:23', 83, ''],
  ['  0:05 — here', 5, 'here'],
  ['01:02:03 the end', 3723, 'the end'],
  ['1:02:03', 3723, ''],
  ['75:10 of a long mix', 4510, 'of a long mix'],
  ['2:00, this', 120, 'this'],
  ['2:00: this', 120, 'this'],
  ['1:23\nsecond line', 83, 'second line'],
  ['1:23вот тут', 83, 'вот тут'],
])('%j starts with a time', (text, at, rest) => {
  expect(momentIn(text)).toEqual({ at, rest });
});

test.each([
  ['at 1:23 it starts'],
  ['1:60 no such second'],
  ['1:2'],
  ['1:234'],
  ['1:23:45:12'],
  ['1:75:00'],
  ['1:23.5'],
  ['2024:10:11'],
  ['half past 12'],
  [''],
  [':30'],
  ['12'],
])('%j starts with none', (text) => {
  expect(momentIn(text)).toBeNull();
});

describe('the moments of a conversation', () => {
  const message = (key: string, text: string, about: string | null) => ({
    key,
    text,
    senderId: 'anna',
    senderName: 'Anna Reed',
    mine: false,
    quote: about === null ? null : { id: about },
  });

  test('belong to the message they answer, in the order of their times', () => {
    const moments = momentsOf([
      message('a', '1:30 later', 'track'),
      message('b', '0:10 sooner', 'track'),
      message('c', '0:20', 'other'),
      message('d', '0:30 answers nothing', null),
      message('e', 'no time', 'track'),
    ]);
    expect([...moments.keys()]).toEqual(['track', 'other']);
    expect(moments.get('track')?.map(({ key, at, text }) => [key, at, text])).toEqual([
      ['b', 10, 'sooner'],
      ['a', 90, 'later'],
    ]);
  });
});
