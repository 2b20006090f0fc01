import { describe, expect, test } from 'vitest';
import { piecesOf } from '../../../../renderer/src/composables/marks.ts';

describe('marks in an excerpt', () => {
  const text = 'one two three';
  test.each([
    { name: 'none', marks: [], want: ['one two three'] },
    { name: 'one', marks: [{ start: 4, length: 3 }], want: ['one ', '[two]', ' three'] },
    {
      name: 'at both ends',
      marks: [
        { start: 0, length: 3 },
        { start: 8, length: 5 },
      ],
      want: ['[one]', ' two ', '[three]'],
    },
    {
      name: 'out of order',
      marks: [
        { start: 8, length: 5 },
        { start: 0, length: 3 },
      ],
      want: ['[one]', ' two ', '[three]'],
    },
    {
      name: 'overlapping',
      marks: [
        { start: 0, length: 5 },
        { start: 3, length: 4 },
      ],
      want: ['[one two]', ' three'],
    },
    {
      name: 'one within another',
      marks: [
        { start: 0, length: 7 },
        { start: 2, length: 2 },
      ],
      want: ['[one two]', ' three'],
    },
    { name: 'past the end', marks: [{ start: 8, length: 99 }], want: ['one two ', '[three]'] },
    { name: 'wholly outside', marks: [{ start: 50, length: 2 }], want: ['one two three'] },
    {
      name: 'negative',
      marks: [
        { start: -4, length: 7 },
        { start: 4, length: -1 },
      ],
      want: ['[one]', ' two three'],
    },
  ])('$name', ({ marks, want }) => {
    expect(piecesOf(text, marks).map((piece) => (piece.found ? `[${piece.text}]` : piece.text))).toEqual(want);
  });
});
