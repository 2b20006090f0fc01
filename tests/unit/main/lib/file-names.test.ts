import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanName, numberedName, saveName, splitName } from '../../../../electron/main/lib/file-names.ts';

const bytes = (text: string): number => Buffer.byteLength(text);

describe('a name as it is sent', () => {
  it.each([
    ['report.pdf', 'report.pdf'],
    ['../../etc/passwd', 'passwd'],
    ['C:\\Users\\ada\\photo.jpg', 'photo.jpg'],
    ['a\0b\r\n\tc.txt', 'abc.txt'],
    ['photo\u202Egnp.exe', 'photognp.exe'],
    ['e\u0301.txt', '\u00E9.txt'],
    ['lone \uD800 half.txt', 'lone  half.txt'],
    ['  spaces.txt  ', 'spaces.txt'],
    ['..', 'file'],
    ['.', 'file'],
    ['', 'file'],
    ['dir/', 'file'],
    ['\u202E', 'file'],
    ['line\u2028break', 'linebreak'],
    ['.bashrc', '.bashrc'],
  ])('%j is %j', (name, clean) => {
    expect(cleanName(name)).toBe(clean);
  });

  it('has at most 255 bytes, keeps its extension and cuts no character in two', () => {
    const long = cleanName(`${'ы'.repeat(300)}.tar.gz`);
    expect(bytes(long)).toBeLessThanOrEqual(255);
    expect(long).toMatch(/^ы+\.tar\.gz$/u);
    expect(cleanName('😀'.repeat(100)).isWellFormed()).toBe(true);
    expect(cleanName('a'.repeat(255))).toHaveLength(255);
    expect(cleanName('a'.repeat(256))).toHaveLength(255);
  });
});

describe('a name as it is saved', () => {
  it.each([
    ['report.pdf', 'report.pdf'],
    ['CON', '_CON'],
    ['con.txt', '_con.txt'],
    ['nul .txt', '_nul .txt'],
    ['COM1.log', '_COM1.log'],
    ['com¹', '_com¹'],
    ['LPT9', '_LPT9'],
    ['CONIN$', '_CONIN$'],
    ['console.txt', 'console.txt'],
    ['com10.txt', 'com10.txt'],
    ['trailing. . .', 'trailing'],
    ['what?<is>:this|"*".txt', 'what__is__this____.txt'],
    ['file.txt:stream.exe', 'file.txt_stream.exe'],
    ['.bashrc', '_bashrc'],
    ['...', '_'],
    ['....hidden', '_hidden'],
    ['zero\u200Bwidth.exe', 'zero_width.exe'],
    ['con\u200B', 'con_'],
    ['a/../b', 'b'],
    ['👨\u200D👩\u200D👧.jpg', '👨\u200D👩\u200D👧.jpg'],
  ])('%j is %j', (name, saved) => {
    expect(saveName(name)).toBe(saved);
  });

  it('is one name in a folder, whatever it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (name) => {
        const saved = saveName(name);
        expect(saved).not.toMatch(/[\\/<>:"|?*\p{Cc}\u200B\u202E]/u);
        expect(saved).not.toMatch(/[. ]$|^\./);
        expect(bytes(saved)).toBeGreaterThan(0);
        expect(bytes(numberedName(saved, 1000)) + bytes('.part')).toBeLessThanOrEqual(255);
        expect(saveName(saved)).toBe(saved);
      }),
    );
  });
});

describe('a number in a name', () => {
  it.each([
    ['report.pdf', 1, 'report.pdf'],
    ['report.pdf', 2, 'report (2).pdf'],
    ['archive.tar.gz', 3, 'archive (3).tar.gz'],
    ['noextension', 2, 'noextension (2)'],
    ['.tar.gz', 2, '.tar (2).gz'],
    ['a.very-long-extension-indeed', 2, 'a.very-long-extension-indeed (2)'],
  ])('%s, %i: %s', (name, n, numbered) => {
    expect(numberedName(name, n)).toBe(numbered);
  });

  it('stands before the extension', () => {
    expect(splitName('a.b.c')).toEqual({ stem: 'a.b', extension: '.c' });
    expect(splitName('.c')).toEqual({ stem: '.c', extension: '' });
  });
});
