import { describe, expect, it } from 'vitest';
import {
  answerPart,
  entityTag,
  holdsTag,
  rangeCounts,
  readContentRange,
  readRange,
  resolveRange,
  writeContentRange,
  writeRange,
} from '#contract/api/byte-range.ts';

const TAG = '"abc"';

describe('a Range header', () => {
  it.each<[string | undefined, ReturnType<typeof readRange>]>([
    ['bytes=0-', { start: 0, end: null }],
    ['bytes=5-9', { start: 5, end: 9 }],
    ['bytes=5-5', { start: 5, end: 5 }],
    ['bytes=-500', { last: 500 }],
    ['bytes=-0', { last: 0 }],
    ['BYTES=1-2', { start: 1, end: 2 }],
    ['bytes= 1-2 ', { start: 1, end: 2 }],
    ['bytes=007-9', { start: 7, end: 9 }],
    [`bytes=0-${'9'.repeat(40)}`, { start: 0, end: Number.MAX_SAFE_INTEGER }],
    [`bytes=${'9'.repeat(40)}-`, { start: Number.MAX_SAFE_INTEGER, end: null }],
    // What is no range counts as none: the whole is meant.
    [undefined, null],
    ['', null],
    ['bytes=', null],
    ['bytes=-', null],
    ['bytes=9-5', null],
    ['bytes=1-2,4-5', null],
    [`bytes=${Array.from({ length: 1000 }, (_, index) => `${String(index)}-${String(index)}`).join(',')}`, null],
    ['bytes=a-b', null],
    ['bytes=1.5-2', null],
    ['bytes=+1-2', null],
    ['bytes=--1', null],
    ['bytes=1-2-3', null],
    ['bytes 1-2', null],
    ['items=0-5', null],
    ['bytes=0-5\r\nx: y', null],
    [`bytes=0-${'9'.repeat(65)}`, null],
  ])('%s', (header, expected) => {
    expect(readRange(header)).toEqual(expected);
  });

  it.each<[string, number, ReturnType<typeof resolveRange>]>([
    ['bytes=0-', 10, { start: 0, end: 9 }],
    ['bytes=3-5', 10, { start: 3, end: 5 }],
    ['bytes=3-500', 10, { start: 3, end: 9 }],
    ['bytes=9-', 10, { start: 9, end: 9 }],
    ['bytes=10-', 10, null],
    ['bytes=-3', 10, { start: 7, end: 9 }],
    ['bytes=-10', 10, { start: 0, end: 9 }],
    ['bytes=-500', 10, { start: 0, end: 9 }],
    ['bytes=-0', 10, null],
    ['bytes=0-', 0, null],
    ['bytes=-5', 0, null],
  ])('%s of %i bytes', (header, size, expected) => {
    const asked = readRange(header);
    expect(asked).not.toBeNull();
    expect(asked && resolveRange(asked, size)).toEqual(expected);
  });

  it('is written as it is read', () => {
    expect(writeRange({ start: 5 })).toBe('bytes=5-');
    expect(writeRange({ start: 5, end: 9 })).toBe('bytes=5-9');
  });
});

describe('a Content-Range header', () => {
  it.each<[string | undefined, ReturnType<typeof readContentRange>]>([
    ['bytes 0-9/10', { start: 0, end: 9, size: 10 }],
    ['bytes 5-5/10', { start: 5, end: 5, size: 10 }],
    ['bytes 5-9/*', { start: 5, end: 9, size: null }],
    ['bytes 9-5/10', null],
    ['bytes 0-10/10', null],
    ['bytes */10', null],
    ['bytes 0-9', null],
    ['items 0-9/10', null],
    ['bytes 0-9/10, bytes 2-3/10', null],
    [undefined, null],
  ])('%s', (header, expected) => {
    expect(readContentRange(header)).toEqual(expected);
  });

  it('is written as it is read', () => {
    expect(writeContentRange({ start: 2, end: 4 }, 10)).toBe('bytes 2-4/10');
    expect(writeContentRange(null, 10)).toBe('bytes */10');
  });
});

describe('an entity tag', () => {
  it('stands in quotes and holds nothing that could end them', () => {
    expect(entityTag('abc')).toBe(TAG);
    for (const tag of ['', 'a"b', 'a b', 'a\r\nb', 'ä', 'x'.repeat(257)])
      expect(() => entityTag(tag)).toThrow(RangeError);
  });

  it.each<[string | undefined, string | null, boolean]>([
    [TAG, TAG, true],
    ['W/"abc"', TAG, true],
    ['"x", W/"abc" , "y"', TAG, true],
    ['*', TAG, true],
    ['"abcd"', TAG, false],
    ['abc', TAG, false],
    ['', TAG, false],
    [undefined, TAG, false],
    ['*', null, false],
  ])('If-None-Match: %s against %s', (header, etag, expected) => {
    expect(holdsTag(header, etag)).toBe(expected);
  });

  it.each<[string | undefined, string | null, boolean]>([
    [undefined, null, true],
    [TAG, TAG, true],
    ['"other"', TAG, false],
    // Weak tags do not say that the bytes are the same, and there is no date to compare with.
    ['W/"abc"', TAG, false],
    ['Wed, 21 Oct 2015 07:28:00 GMT', TAG, false],
    [TAG, null, false],
  ])('If-Range: %s against %s', (header, etag, expected) => {
    expect(rangeCounts(header, etag)).toBe(expected);
  });
});

describe('the answer to a request', () => {
  const of = { size: 10, etag: TAG };
  it.each<[string, Parameters<typeof answerPart>[0], Parameters<typeof answerPart>[1], ReturnType<typeof answerPart>]>([
    [
      'for all of it',
      {},
      of,
      {
        status: 200,
        part: { start: 0, end: 9 },
        headers: { 'accept-ranges': 'bytes', etag: TAG, 'content-length': '10' },
      },
    ],
    [
      'for a part',
      { range: 'bytes=2-4' },
      of,
      {
        status: 206,
        part: { start: 2, end: 4 },
        headers: { 'accept-ranges': 'bytes', etag: TAG, 'content-length': '3', 'content-range': 'bytes 2-4/10' },
      },
    ],
    [
      'for the end of it',
      { range: 'bytes=-4', ifRange: TAG },
      of,
      {
        status: 206,
        part: { start: 6, end: 9 },
        headers: { 'accept-ranges': 'bytes', etag: TAG, 'content-length': '4', 'content-range': 'bytes 6-9/10' },
      },
    ],
    [
      'for a part of what has changed since',
      { range: 'bytes=2-4', ifRange: '"old"' },
      of,
      {
        status: 200,
        part: { start: 0, end: 9 },
        headers: { 'accept-ranges': 'bytes', etag: TAG, 'content-length': '10' },
      },
    ],
    [
      'for a part behind the end',
      { range: 'bytes=10-' },
      of,
      { status: 416, part: null, headers: { 'accept-ranges': 'bytes', etag: TAG, 'content-range': 'bytes */10' } },
    ],
    [
      'for what the client holds, whatever part of it',
      { range: 'bytes=2-4', ifNoneMatch: TAG },
      of,
      { status: 304, part: null, headers: { etag: TAG } },
    ],
    [
      'for nothing',
      {},
      { size: 0, etag: null },
      { status: 200, part: null, headers: { 'accept-ranges': 'bytes', 'content-length': '0' } },
    ],
  ])('%s', (_what, asked, file, expected) => {
    expect(answerPart(asked, file)).toEqual(expected);
  });
});
