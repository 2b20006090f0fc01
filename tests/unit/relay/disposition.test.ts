import { describe, expect, it } from 'vitest';
import { contentDisposition, safeMediaType } from '../../../relay/http/disposition.ts';

describe('the name of a file', () => {
  it.each([
    ['plain.txt', 'plain.txt', 'plain.txt'],
    ['résumé 💫.pdf', 'r_sum_ __.pdf', 'r%C3%A9sum%C3%A9%20%F0%9F%92%AB.pdf'],
    ['a"b\\c.txt', 'c.txt', 'c.txt'],
    ['a"b.txt', 'a_b.txt', 'a%22b.txt'],
    ["it's (1)*.txt", "it's (1)*.txt", 'it%27s%20%281%29%2A.txt'],
    ['100%.txt', '100_.txt', '100%25.txt'],
    ['../../etc/passwd', 'passwd', 'passwd'],
    ['C:\\dir\\x.exe', 'x.exe', 'x.exe'],
    ['a.png\r\nX-Evil: y', 'a.pngX-Evil: y', 'a.pngX-Evil%3A%20y'],
    ['nul\0.txt', 'nul.txt', 'nul.txt'],
    ['photo\u202egpj.exe', 'photogpj.exe', 'photogpj.exe'],
    ['half \ud83d.txt', 'half _.txt', 'half%20%EF%BF%BD.txt'],
    ['..', 'file', 'file'],
    ['dir/', 'file', 'file'],
    ['', 'file', 'file'],
  ])('%j', (name, ascii, full) => {
    expect(contentDisposition('text/plain', name)).toBe(`attachment; filename="${ascii}"; filename*=UTF-8''${full}`);
  });

  it.each([
    ['image/png', 'inline'],
    ['VIDEO/MP4', 'inline'],
    ['image/svg+xml', 'attachment'],
    ['text/html', 'attachment'],
    ['application/pdf', 'attachment'],
    ['application/xhtml+xml', 'attachment'],
    ['image/png; charset=utf-8', 'attachment'],
  ])('%s is %s', (type, how) => {
    expect(contentDisposition(type, 'x')).toBe(`${how}; filename="x"; filename*=UTF-8''x`);
  });
});

describe('a media type', () => {
  it.each([
    ['audio/mpeg', 'audio/mpeg'],
    ['text/plain; charset=utf-8', 'text/plain; charset=utf-8'],
    ['application/vnd.ms-excel', 'application/vnd.ms-excel'],
    ['', 'application/octet-stream'],
    ['audio', 'application/octet-stream'],
    ['text/html\r\nX-Evil: y', 'application/octet-stream'],
    ['text/html; x="y"', 'application/octet-stream'],
    [`a/${'b'.repeat(200)}`, 'application/octet-stream'],
  ])('%j', (type, expected) => {
    expect(safeMediaType(type)).toBe(expected);
  });
});
