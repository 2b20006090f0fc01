import { describe, expect, it, test } from 'vitest';
import { droppedWords, dropKind, pastedName, pasteKind } from '../../../../renderer/src/composables/dropped.ts';

describe('dropKind', () => {
  it.each([
    ['files', ['Files'], 'files'],
    ['a picture from a page is a file', ['text/uri-list', 'text/html', 'Files'], 'files'],
    ['an address is text', ['text/uri-list', 'text/html'], 'words'],
    ['text', ['text/plain'], 'words'],
    ['something of the page’s own', ['application/x-row'], 'nothing'],
    ['nothing', [], 'nothing'],
  ])('%s', (_name, types, kind) => {
    expect(dropKind(types)).toBe(kind);
  });
});

describe('droppedWords', () => {
  const from = (data: Record<string, string>) => droppedWords((type) => data[type] ?? '');
  test('text wins, then addresses without comments', () => {
    expect(from({ 'text/plain': 'hello', 'text/uri-list': 'https://a.example' })).toBe('hello');
    expect(from({ 'text/uri-list': '# a comment\r\nhttps://a.example\r\nhttps://b.example\r\n' })).toBe(
      'https://a.example\nhttps://b.example',
    );
    expect(from({})).toBe('');
  });
});

describe('pasteKind', () => {
  const picture = { name: 'image.png', type: 'image/png' };
  const report = { name: 'report 1.pdf', type: 'application/pdf' };
  it.each<[string, string, { name: string; type: string }[], string]>([
    ['text', 'hello', [], 'words'],
    ['a screenshot', '', [picture], 'files'],
    ['blanks are no words', ' \r\n', [picture], 'files'],
    ['a table from a spreadsheet, and its picture', 'a\tb\nc\td', [picture], 'words-and-pictures'],
    ['files with their paths', '/home/me/report 1.pdf\n/home/me/image.png', [report, picture], 'files'],
    ['a file with its address', 'file:///home/me/report%201.pdf', [report], 'files'],
    ['a path of Windows', 'C:\\Users\\me\\report 1.pdf', [report], 'files'],
    ['an address that is no text', '%E0%A4%A', [report], 'files'],
    ['words beside a document', 'hello', [report], 'files'],
  ])('%s', (_name, text, files, kind) => {
    expect(pasteKind(text, files)).toEqual({ kind });
  });
});

describe('pastedName', () => {
  const now = new Date(2026, 2, 5, 9, 7, 3).getTime();
  it.each([
    ['image.png', 'picture-2026-03-05-090703.png'],
    ['image.jpeg', 'picture-2026-03-05-090703.jpeg'],
    ['image of me.png', 'image of me.png'],
    ['report.pdf', 'report.pdf'],
  ])('%s', (name, expected) => {
    expect(pastedName({ name, type: '' }, now)).toBe(expected);
  });
});
