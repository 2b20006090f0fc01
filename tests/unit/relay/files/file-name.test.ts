import { expect, test } from 'vitest';
import { cleanFileName } from '../../../../relay/files/file-name.ts';

test.each([
  ['photo.png', 'photo.png'],
  ['../../etc/passwd', 'passwd'],
  ['C:\\Users\\x\\a.txt', 'a.txt'],
  ['a/b\\', 'file'],
  ['e\u0301.txt', 'é.txt'],
  ['photo\u202Egpj.exe', 'photogpj.exe'],
  ['a\u200Bb\uFEFF\u2066.txt', 'ab.txt'],
  ['a\0b\r\nc\u0085.txt', 'abc.txt'],
  ['a\u2028b', 'ab'],
  ['tag\u{E0041}.txt', 'tag.txt'],
  ['x.exe. . ', 'x.exe'],
  [' \t a b.txt', 'a b.txt'],
  ['...', 'file'],
  ['', 'file'],
  [' \u202E', 'file'],
  ['.gitignore', '.gitignore'],
  ['CON', 'CON'],
  ['👨‍👩‍👧 семья.jpg', '👨‍👩‍👧 семья.jpg'],
  ['می‌خواهم.txt', 'می‌خواهم.txt'],
  ['lone\ud800.txt', 'lone\ufffd.txt'],
])('%j becomes %j', (given, expected) => {
  expect(cleanFileName(given)).toBe(expected);
});

test.each([
  ['a'.repeat(300), 255, ''],
  [`${'a'.repeat(4096)}.png`, 255, '.png'],
  [`${'я'.repeat(300)}.docx`, 255, '.docx'],
  [`${'😀'.repeat(100)}.jpg`, 255, '.jpg'],
  [`a.${'b'.repeat(300)}`, 255, ''],
])('%s is cut to 255 bytes, whole characters, with its extension', (given, most, end) => {
  const name = cleanFileName(given);
  const size = Buffer.byteLength(name);
  expect(size).toBeLessThanOrEqual(most);
  expect(size).toBeGreaterThan(most - 4);
  expect([name.endsWith(end), name.isWellFormed()]).toEqual([true, true]);
});
