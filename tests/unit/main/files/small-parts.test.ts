import { describe, expect, it } from 'vitest';
import { ERROR_CODES, type ErrorCode } from '../../../../contract/model/errors.ts';
import { isVoice } from '../../../../contract/model/media-types.ts';
import { canShow, isHuge } from '../../../../electron/main/lib/picture-size.ts';
import { UploadSlots } from '../../../../electron/main/services/files/slots.ts';
import { isQuietAsked, uploadVerdict, uploadWait } from '../../../../electron/main/services/files/upload-verdict.ts';
import { voiceName } from '../../../../electron/main/services/files/voice-name.ts';

describe('an upload that did not succeed', () => {
  const REFUSED: ErrorCode[] = [
    ...(['validation', 'forbidden', 'not_found', 'too_large', 'unsupported_media', 'quota_exceeded'] as const),
    ...(['server_full', 'bad_request', 'denied', 'unsupported_by_server', 'redirected', 'bad_address'] as const),
    ...(['file_unreadable', 'file_changed', 'file_gone', 'file_empty', 'file_is_folder', 'file_is_link'] as const),
    'file_too_large',
  ];
  it.each(ERROR_CODES)('%s: refused, without a token, or tried again', (code) => {
    const expected = REFUSED.includes(code) ? 'refused' : code === 'unauthenticated' ? 'auth' : 'again';
    expect(uploadVerdict(code)).toBe(expected);
  });

  it('waits longer each time, up to half a minute, or as long as the server says, up to an hour', () => {
    const away = { code: 'server_unreachable' as const };
    expect([1, 2, 3, 7, 20].map((tries) => uploadWait(away, tries, 1))).toEqual([500, 1000, 2000, 30_000, 30_000]);
    expect(uploadWait(away, 5, 0)).toBe(0);
    expect(uploadWait({ code: 'rate_limited' }, 1, 0)).toBe(500);
    expect(uploadWait({ code: 'server_closing', retryAfterMs: 7000 }, 1, 1)).toBe(7000);
    expect(uploadWait({ code: 'busy', retryAfterMs: 10 ** 9 }, 1, 1)).toBe(3_600_000);
    expect(uploadWait({ code: 'busy', retryAfterMs: 1000 }, 20, 1)).toBe(30_000);
    expect(
      [away, { code: 'rate_limited' as const }, { code: 'busy' as const, retryAfterMs: 0 }].map(isQuietAsked),
    ).toEqual([false, true, true]);
  });
});

describe('the connections for uploads', () => {
  it('are given to whoever waits longest, and each comes back once', () => {
    const slots = new UploadSlots(2);
    const started: string[] = [];
    const releases = new Map<string, () => void>();
    const ask = (name: string) =>
      slots.ask((release) => {
        started.push(name);
        releases.set(name, release);
      });
    ask('a');
    ask('b');
    const leave = ask('c');
    ask('d');
    ask('e');
    expect(started).toEqual(['a', 'b']);
    leave();
    releases.get('a')?.();
    releases.get('a')?.();
    expect(started).toEqual(['a', 'b', 'd']);
    releases.get('b')?.();
    releases.get('d')?.();
    releases.get('e')?.();
    expect(started).toEqual(['a', 'b', 'd', 'e']);
    for (const name of ['f', 'g', 'h']) ask(name);
    expect(started.slice(4)).toEqual(['f', 'g']);
  });

  it('that come back at once do not run dry', () => {
    const slots = new UploadSlots(1);
    let count = 0;
    for (let n = 0; n < 3; n += 1) {
      slots.ask((release) => {
        count += 1;
        release();
      });
    }
    expect(count).toBe(3);
  });
});

describe('the name of a recording', () => {
  const time = Date.UTC(2026, 0, 31, 23, 59, 58, 999);
  it.each([
    ['audio/mp4', 'voice-20260131-235958.m4a'],
    ['audio/webm', 'voice-20260131-235958.webm'],
    ['audio/ogg', 'voice-20260131-235958.ogg'],
    ['audio/mpeg', null],
    ['image/png', null],
    ['constructor', null],
  ])('of %s', (type, name) => {
    expect(voiceName(type, time)).toBe(name);
    if (name !== null) expect(isVoice(name, type)).toBe(true);
  });
});

describe('the size of a picture', () => {
  it.each([
    [6000, 4000, false, true],
    [6001, 4000, true, true],
    [16_000, 4000, true, true],
    [16_001, 4000, true, false],
    [null, 4000, false, false],
  ])('%s by %s is huge: %s, and shown here: %s', (width, height, huge, shown) => {
    expect(isHuge({ width, height })).toBe(huge);
    expect(canShow({ width, height })).toBe(shown);
  });
});
