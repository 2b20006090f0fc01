import { describe, expect, it } from 'vitest';
import { sniff, typeOf } from '../../../../electron/main/services/files/sniff.ts';

const bytes = (...parts: (string | number)[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from([part]))));
const iso = (major: string, ...more: string[]): Buffer => bytes(0, 0, 0, 24, 'ftyp', major, 0, 0, 0, 0, ...more);

describe('the first bytes', () => {
  it.each<[string, Buffer, string | null]>([
    ['JPEG', bytes(0xff, 0xd8, 0xff, 0xe0), 'image/jpeg'],
    ['PNG', bytes(0x89, 'PNG\r\n', 0x1a, '\n'), 'image/png'],
    ['GIF', bytes('GIF89a'), 'image/gif'],
    ['WebP', bytes('RIFF', 1, 2, 3, 4, 'WEBPVP8 '), 'image/webp'],
    ['AVIF', iso('avif'), 'image/avif'],
    ['AVIF behind a general brand', iso('mif1', 'mif1', 'avif'), 'image/avif'],
    ['HEIC', iso('heic'), 'image/heic'],
    ['HEIC behind a general brand', iso('mif1', 'heic'), 'image/heic'],
    ['MP4', iso('isom', 'mp41'), 'video/mp4'],
    ['M4A', iso('M4A '), 'audio/mp4'],
    ['MOV', iso('qt  '), 'video/quicktime'],
    ['WebM', bytes(0x1a, 0x45, 0xdf, 0xa3, '....B', 0x82, 0x84, 'webm'), 'video/webm'],
    ['Matroska', bytes(0x1a, 0x45, 0xdf, 0xa3, '....B', 0x82, 0x88, 'matroska'), 'video/x-matroska'],
    ['Opus', bytes('OggS', '\0'.repeat(24), 'OpusHead'), 'audio/ogg'],
    ['Theora', bytes('OggS', '\0'.repeat(24), 0x80, 'theora'), 'video/ogg'],
    ['FLAC', bytes('fLaC'), 'audio/flac'],
    ['WAV', bytes('RIFF', 1, 2, 3, 4, 'WAVEfmt '), 'audio/wav'],
    ['MP3 with tags', bytes('ID3', 4), 'audio/mpeg'],
    ['MP3', bytes(0xff, 0xfb, 0x90, 0x64), 'audio/mpeg'],
    ['AAC', bytes(0xff, 0xf1, 0x50, 0x80), 'audio/aac'],
    ['PDF', bytes('%PDF-1.7'), 'application/pdf'],
    // What only looks a little like one of them.
    ['another RIFF', bytes('RIFF', 1, 2, 3, 4, 'AVI '), null],
    ['UTF-16 text', bytes(0xff, 0xfe, 'a', 0), null],
    ['a reserved rate', bytes(0xff, 0xfb, 0xfc, 0x64), null],
    ['HTML', bytes('<!doctype html>'), null],
    ['SVG', bytes('<svg xmlns="http://www.w3.org/2000/svg">'), null],
    ['a program', bytes('MZ', 0x90, 0), null],
    ['nothing', bytes(), null],
    ['half a PNG', bytes(0x89, 'PNG'), null],
  ])('of %s', (_name, head, type) => {
    expect(sniff(head)).toBe(type);
  });
});

describe('the type of a file', () => {
  const png = bytes(0x89, 'PNG\r\n', 0x1a, '\n');
  const html = bytes('<!doctype html><script>');
  it.each<[string, Buffer, string, string, string]>([
    ['is what its bytes prove, whatever it is called', png, 'notes.html', '', 'image/png'],
    ['is not what only its name says', html, 'photo.png', 'image/png', 'application/octet-stream'],
    ['of a page is none', html, 'index.html', 'text/html', 'application/octet-stream'],
    ['of an SVG is none', bytes('<svg>'), 'x.svg', 'image/svg+xml', 'application/octet-stream'],
    [
      'of a document comes from its name',
      bytes('PK'),
      'Report.DOCX',
      '',
      'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    ],
    ['of a text too', bytes('hello'), 'a.txt', '', 'text/plain'],
    ['of an unknown name is none', bytes('hello'), 'a.constructor', '', 'application/octet-stream'],
    ['of a name without one is none', bytes('hello'), 'a', '', 'application/octet-stream'],
    ['of a recording is sound', iso('iso5'), 'x', 'audio/mp4;codecs=opus', 'audio/mp4'],
    [
      'of a recording in WebM is sound',
      bytes(0x1a, 0x45, 0xdf, 0xa3, 'B', 0x82, 0x84, 'webm'),
      'x',
      'audio/webm',
      'audio/webm',
    ],
    ['of a film stays film', iso('iso5'), 'x.mp4', 'image/png', 'video/mp4'],
    ['of a sound called m4a is sound', iso('isom'), 'x.m4a', '', 'audio/mp4'],
    ['is not made sound of a picture', png, 'x.m4a', 'audio/mp4', 'image/png'],
  ])('%s', (_what, head, name, said, type) => {
    expect(typeOf(head, name, said)).toBe(type);
  });
});
