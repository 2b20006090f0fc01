import { expect, it } from 'vitest';
import { mediaAddress } from '../../../contract/model/media-address.ts';

it.each([
  ['/media/f0123456789abcdefFile-1_2', './media/f0123456789abcdefFile-1_2'],
  [`/media/${'a'.repeat(128)}`, `./media/${'a'.repeat(128)}`],
  [`/media/${'a'.repeat(129)}`, null],
  ['/media/', null],
  ['/media/a/b', null],
  ['/media/a?variant=thumb', null],
  ['/media/../index.html', null],
  ['/other/abc', null],
  ['media/abc', null],
  ['//example.org/media/abc', null],
  ['https://example.org/media/abc', null],
  ['javascript:alert(1)', null],
  ['/media/a\n', null],
  ['', null],
  [null, null],
  [undefined, null],
])('%s', (url, address) => {
  expect(mediaAddress(url)).toBe(address);
});
