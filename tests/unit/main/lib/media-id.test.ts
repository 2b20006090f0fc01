import { describe, expect, it } from 'vitest';
import {
  accountTag,
  avatarFile,
  avatarMediaUrl,
  mediaUrl,
  readMediaId,
} from '../../../../electron/main/lib/media-id.ts';
import { MediaUrl } from '../../../../contract/ipc/file-views.ts';

const ACCOUNT = 'https://relay.example/u1';
const tag = accountTag(ACCOUNT);

describe('an address of media', () => {
  it.each(['file', 'thumb', 'preview', 'cover', 'avatar', 'upload'] as const)('of a %s reads back', (kind) => {
    const longest = 'x'.repeat(64);
    for (const id of ['f1', 'A_b-9', longest]) {
      const url = mediaUrl(kind, tag, id) ?? '';
      expect(MediaUrl.safeParse(url).success).toBe(true);
      expect(readMediaId(url.slice('/media/'.length))).toEqual({ kind, tag, id });
    }
  });

  it('reveals neither the server nor the person', () => {
    expect(tag).toMatch(/^[0-9a-f]{16}$/);
    expect(accountTag('https://relay.example/u2')).not.toBe(tag);
  });

  it.each(['', '../x', 'a b', 'x'.repeat(65), 'a/b', 'ф'])('is not made for %j', (id) => {
    expect(mediaUrl('file', tag, id)).toBeNull();
  });

  it.each(['', 'f', `x${tag}f1`, `f${tag}`, `f${tag.toUpperCase()}X`, `f${tag}${'x'.repeat(65)}`, `f${tag}a/b`])(
    '%j is none',
    (id) => {
      expect(readMediaId(id)).toBeNull();
    },
  );
});

describe('a person’s picture', () => {
  it.each([
    ['/api/files/face', 'face'],
    ['https://relay.example/api/files/face', 'face'],
    ['https://relay.example.evil/api/files/face', null],
    ['https://elsewhere.example/api/files/face', null],
    ['//elsewhere.example/api/files/face', null],
    ['/api/files/../auth/me', null],
    ['/api/files/face?x=1', null],
    ['/api/filesface', null],
    ['javascript:alert(1)', null],
    ['', null],
    [null, null],
    [undefined, null],
  ])('%j is the file %j', (url, file) => {
    expect(avatarFile(url, ACCOUNT)).toBe(file);
    expect(avatarMediaUrl(url, ACCOUNT)).toBe(file === null ? null : `/media/a${tag}${file}`);
  });
});
