import { describe, expect, it } from 'vitest';
import { ERROR_CODES, type ErrorCode } from '../../../../contract/model/errors.ts';
import { isQuietAsked, uploadVerdict, uploadWait } from '../../../../electron/main/services/files/upload-verdict.ts';

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
