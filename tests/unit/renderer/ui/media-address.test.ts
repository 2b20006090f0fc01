import { expect, it } from 'vitest';
import { mediaAddress } from '../../../../renderer/src/ui/media-address.ts';

it.each([
  ['/media/abc', './media/abc'],
  ['/media/avatar/a-b_c?variant=thumb&v=2', './media/avatar/a-b_c?variant=thumb&v=2'],
  ['/media/', null],
  ['/media/../index.html', null],
  ['/other/abc', null],
  ['media/abc', null],
  ['//example.org/media/abc', null],
  ['https://example.org/media/abc', null],
  ['javascript:alert(1)', null],
  ['/media/a"b', null],
  ['/media/a\nb', null],
  ['', null],
  [null, null],
  [undefined, null],
])('%s', (url, address) => {
  expect(mediaAddress(url)).toBe(address);
});
