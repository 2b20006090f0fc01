/** What a failed request means for its message, and for how long it waits. */
import { describe, expect, it } from 'vitest';
import { ERROR_CODES, type ErrorCode } from '../../../../contract/model/errors.ts';
import {
  ASK_AFTER,
  asksForQuiet,
  KEEP_TRYING_MS,
  LEAST_QUIET_MS,
  LONGEST_QUIET_MS,
  verdict,
  waitAfter,
} from '../../../../electron/main/services/outbox/backoff.ts';

it('keeps to the times that are promised', () => {
  expect({ KEEP_TRYING_MS, ASK_AFTER, LONGEST_QUIET_MS, LEAST_QUIET_MS }).toEqual({
    KEEP_TRYING_MS: 604_800_000,
    ASK_AFTER: 3,
    LONGEST_QUIET_MS: 3_600_000,
    LEAST_QUIET_MS: 500,
  });
});

describe('a failed request', () => {
  const FINAL: ErrorCode[] = [
    'validation',
    'forbidden',
    'not_found',
    'conflict',
    'too_large',
    'unsupported_media',
    'quota_exceeded',
    'server_full',
    'key_reused',
    'bad_request',
    'denied',
    'unsupported_by_server',
  ];

  it.each(ERROR_CODES)('%s: refused for good, of no token, or to be tried again', (code) => {
    const expected = FINAL.includes(code) ? 'refused' : code === 'unauthenticated' ? 'auth' : 'again';
    expect(verdict(code, 'not_stored')).toBe(expected);
  });

  it.each(ERROR_CODES)('%s of a request that may have been stored: unanswered', (code) => {
    expect(verdict(code, 'unknown')).toBe('unanswered');
  });

  it.each([
    [{ code: 'rate_limited' }, true],
    [{ code: 'server_closing', retryAfterMs: 0 }, true],
    [{ code: 'server_error', retryAfterMs: undefined }, false],
    [{ code: 'server_unreachable' }, false],
  ] as const)('%j asks for quiet: %s', (refusal, asks) => {
    expect(asksForQuiet(refusal)).toBe(asks);
  });
});

describe('the wait', () => {
  it.each([
    [1, 250],
    [2, 500],
    [3, 1_000],
    [7, 15_000],
    [40, 15_000],
  ])('after %d tries is %d ms by our own count', (tries, ms) => {
    expect(waitAfter({ code: 'server_unreachable' }, tries, 0.5)).toBe(ms);
  });

  it('may be nothing at all by our own count, and never where the server asked for quiet', () => {
    expect(waitAfter({ code: 'server_unreachable' }, 1, 0)).toBe(0);
    expect(waitAfter({ code: 'rate_limited' }, 1, 0)).toBe(500);
    expect(waitAfter({ code: 'rate_limited', retryAfterMs: 400 }, 1, 0)).toBe(500);
  });
});
