import { File, FileArchive, FileAudio, FileImage, FileSpreadsheet, FileText, FileVideo } from '@lucide/vue';
import { describe, expect, it } from 'vitest';
import { endingOf, fileLook, isUnshownPicture, typeName } from '../../../../renderer/src/composables/file-look.ts';

describe('fileLook', () => {
  it.each([
    ['report.PDF', '', FileText, 'tone-4'],
    ['budget.xlsx', 'application/octet-stream', FileSpreadsheet, 'tone-6'],
    ['table', 'text/csv', FileSpreadsheet, 'tone-6'],
    ['backup.tar.gz', '', FileArchive, 'tone-5'],
    ['film', 'video/mp4', FileVideo, 'tone-2'],
    ['song.flac', 'video/mp4', FileAudio, 'tone-3'],
    ['photo.heic', '', FileImage, 'tone-7'],
    ['notes.txt', '', FileText, 'tone-8'],
    ['unknown.xyz', 'application/octet-stream', File, 'tone-8'],
    ['', '', File, 'tone-8'],
  ])('%s (%s)', (name, mimeType, icon, tone) => {
    const look = fileLook({ name, mimeType });
    expect([look.icon === icon, look.tone]).toEqual([true, tone]);
  });
});

it.each([
  ['a.pdf', 'pdf'],
  ['a.tar.gz', 'gz'],
  ['.bashrc', ''],
  ['noending', ''],
  ['a.toolongending', ''],
  ['a.p df', ''],
  ['a.', ''],
])('the ending of %s', (name, ending) => {
  expect([endingOf(name), typeName(name)]).toEqual([ending, ending.toUpperCase()]);
});

it.each([
  ['a.heic', true],
  ['a.TIFF', true],
  ['a.jpg', false],
  ['heic', false],
])('%s cannot be shown: %s', (name, unshown) => {
  expect(isUnshownPicture(name)).toBe(unshown);
});
