/** Types by the bytes: a table of begins, and that nothing a browser could run is ever a type to show. */
import { expect, test } from 'vitest';
import { INLINE_TYPES } from '../../../../contract/model/media-types.ts';
import { sniffType } from '../../../../relay/media/sniff.ts';
import { box, FTYP, moov, webm } from '../../../helpers/container-samples.ts';
import { flac, mp3, pngBomb, wav } from '../../../helpers/media-samples.ts';

const raw = (text: string, length = 100): Buffer =>
  Buffer.concat([Buffer.from(text, 'latin1'), Buffer.alloc(Math.max(0, length - text.length))]);
const ftyp = (...brands: string[]): Buffer => {
  const [major = '', ...others] = brands;
  return Buffer.concat([box('ftyp', Buffer.from(`${major}\0\0\0\0${others.join('')}`, 'latin1')), Buffer.alloc(50)]);
};
const hdlr = (kind: string): Buffer => box('moov', box('hdlr', Buffer.from(`\0\0\0\0\0\0\0\0${kind}`, 'latin1')));
const entry = (name: string): string => `PK\x03\x04${'\0'.repeat(26)}${name}`;
const adts = Buffer.concat(
  [0, 1, 2].map(() => Buffer.concat([Buffer.from('fff15080028000', 'hex'), Buffer.alloc(13)])),
);

test.each<[string, Buffer, string]>([
  ['PNG', pngBomb(8), 'image/png'],
  ['animated PNG', pngBomb(8, true), 'image/apng'],
  ['JPEG', raw('\xff\xd8\xff\xe0'), 'image/jpeg'],
  ['GIF', raw('GIF89a'), 'image/gif'],
  ['WebP', raw('RIFF\0\0\0\0WEBPVP8 '), 'image/webp'],
  ['AVIF', ftyp('avif', 'mif1'), 'image/avif'],
  ['AVIF that names the general brand first', ftyp('mif1', 'avif'), 'image/avif'],
  ['HEIC', ftyp('heic', 'mif1'), 'image/heic'],
  ['TIFF', raw('II*\0'), 'image/tiff'],
  ['BMP', raw('BM\x46\0\0\0\0\0\0\0'), 'image/bmp'],
  ['MP4', ftyp('isom', 'avc1', 'mp41'), 'video/mp4'],
  ['MP4 of sound only', Buffer.concat([FTYP, hdlr('soun')]), 'audio/mp4'],
  ['MP4 of sound and picture', Buffer.concat([FTYP, hdlr('soun'), hdlr('vide')]), 'video/mp4'],
  ['MP4 with its tracks further on', Buffer.concat([FTYP, moov([])]), 'video/mp4'],
  ['M4A', ftyp('M4A ', 'isom'), 'audio/mp4'],
  ['MOV', ftyp('qt  '), 'video/quicktime'],
  ['old MOV', Buffer.concat([box('wide'), box('mdat')]), 'video/quicktime'],
  ['3GP', ftyp('3gp4'), 'video/3gpp'],
  ['WebM of sound', webm({ clusters: [] }), 'audio/webm'],
  ['WebM of pictures', webm({ clusters: [], size: { width: 2, height: 2 } }), 'video/webm'],
  ['Matroska', raw('\x1aE\xdf\xa3\x8bB\x82\x88matroska'), 'video/x-matroska'],
  ['AVI', raw('RIFF\0\0\0\0AVI LIST'), 'video/x-msvideo'],
  ['Ogg', raw('OggS\0\x02OpusHead'), 'audio/ogg'],
  ['Ogg with pictures', raw('OggS\0\x02\x80theora'), 'video/ogg'],
  ['FLAC', flac([0], 8000, 'verbatim'), 'audio/flac'],
  ['FLAC behind a tag', Buffer.concat([raw('ID3\x03\0\0\0\0\0\x05', 15), flac([0], 8000, 'verbatim')]), 'audio/flac'],
  ['WAV', wav([0], 8000), 'audio/wav'],
  ['MP3', mp3([200, 200]), 'audio/mpeg'],
  ['MP3 behind a tag', raw('ID3\x04\0\0\0\0\x7f\x7f'), 'audio/mpeg'],
  ['MP3 of one frame', mp3([200]), 'audio/mpeg'],
  ['AAC', adts, 'audio/aac'],
  ['AIFF', raw('FORM\0\0\0\0AIFF'), 'audio/aiff'],
  ['PDF', raw('%PDF-1.7'), 'application/pdf'],
  ['ZIP', raw(entry('readme.txt')), 'application/zip'],
  [
    'Word',
    raw(`${entry('[Content_Types].xml')}${entry('word/document.xml')}`),
    'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  ],
  [
    'Excel',
    raw(`${entry('[Content_Types].xml')}${entry('xl/workbook.xml')}`),
    'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  ],
  [
    'OpenDocument',
    raw(entry('mimetypeapplication/vnd.oasis.opendocument.textPK')),
    'application/vnd.oasis.opendocument.text',
  ],
  ['7z', raw("7z\xbc\xaf'\x1c"), 'application/x-7z-compressed'],
  ['gzip', raw('\x1f\x8b\x08'), 'application/gzip'],
  ['RTF', raw('{\\rtf1', 0), 'application/rtf'],
  ['text', Buffer.from('Привет, мир'), 'text/plain'],
])('%s', (_name, bytes, type) => {
  expect(sniffType(bytes, 'named.html')).toBe(type);
});

test.each<[string, Buffer | string]>([
  ['SVG', '<svg xmlns="http://www.w3.org/2000/svg"/>'],
  ['SVG behind a comment', '<!-- a --><svg/>'],
  ['XML', '\ufeff<?xml version="1.0"?><a/>'],
  ['HTML', '<!DOCTYPE html>'],
  ['HTML behind words', 'some words <script>alert(1)</script>'],
  ['HTML in UTF-16', Buffer.from('\ufeff<html>', 'utf16le')],
  ['zeros', Buffer.alloc(64)],
  ['one frame header by chance', Buffer.concat([Buffer.from('fffb9000', 'hex'), Buffer.alloc(5000)])],
  ['a program', raw('MZ\x90\0')],
  ['nothing', Buffer.alloc(0)],
  ['RIFF of something else', raw('RIFF\0\0\0\0ABCD')],
  ['half a character at the begin', Buffer.from([0xbf, 0x41])],
])('%s is nothing that is shown', (_name, bytes) => {
  const type = sniffType(Buffer.from(bytes as string), 'picture.png');
  expect([type, INLINE_TYPES.has(type)]).toEqual(['application/octet-stream', false]);
});

test('the name decides between kinds of text only, and a character cut at the end of the head is text', () => {
  expect(sniffType(Buffer.from('a,b'), 'x.CSV')).toBe('text/csv');
  expect(sniffType(Buffer.from('{}'), 'x.json')).toBe('application/json');
  expect(sniffType(Buffer.from('x'), 'x.svg')).toBe('text/plain');
  expect(sniffType(Buffer.from('я').subarray(0, 1), 'x')).toBe('text/plain');
});
