import { describe, expect, it } from 'vitest';
import { classifyStatus, retryAfterMs } from '../../../../electron/main/services/api/status.ts';

const NOW = Date.UTC(2026, 10, 23, 12, 0, 0);
const body = (code: string, more: object = {}): string => JSON.stringify({ error: { code, message: 'm', ...more } });

describe('an answer that is no success', () => {
  it.each([
    [401, body('unauthenticated'), 'unauthenticated', 'not_stored'],
    [401, '', 'unauthenticated', 'not_stored'],
    [403, '', 'forbidden', 'not_stored'],
    [413, '', 'too_large', 'not_stored'],
    [415, '', 'unsupported_media', 'not_stored'],
    [422, '', 'validation', 'not_stored'],
    [422, body('key_reused'), 'key_reused', 'not_stored'],
    [429, '', 'rate_limited', 'not_stored'],
    [400, body('validation'), 'validation', 'not_stored'],
    [404, body('not_found'), 'not_found', 'not_stored'],
    [409, body('username_taken'), 'username_taken', 'not_stored'],
    [409, body('busy'), 'busy', 'not_stored'],
    [405, body('method_not_allowed'), 'unsupported_by_server', 'not_stored'],
    [418, '<html>teapot</html>', 'bad_answer', 'not_stored'],
    // Without a word it may be somebody in between.
    [400, '', 'validation', 'unknown'],
    [404, '  ', 'not_found', 'unknown'],
    [408, '', 'server_timeout', 'unknown'],
    // The server fell over the request: it may have kept it.
    [500, body('server_error'), 'server_error', 'unknown'],
    [500, '<html>', 'server_error', 'unknown'],
    [502, '', 'server_error', 'unknown'],
    [503, '', 'server_error', 'unknown'],
    [503, body('server_closing'), 'server_closing', 'not_stored'],
    [504, '', 'server_error', 'unknown'],
    [507, body('quota_exceeded'), 'quota_exceeded', 'unknown'],
    [302, '', 'redirected', 'unknown'],
    [307, '{"error":{"code":"not_found","message":""}}', 'redirected', 'unknown'],
    [408, '{"error":{"code":"timed_out","message":""}}', 'server_timeout', 'not_stored'],
    [304, '', 'bad_answer', 'unknown'],
    // A code that does not fit its status is not believed.
    [500, body('unauthenticated'), 'server_error', 'unknown'],
    [404, body('unauthenticated'), 'not_found', 'not_stored'],
    [403, body('not_found'), 'forbidden', 'not_stored'],
    [500, body('server_closing'), 'server_error', 'unknown'],
    [400, body('something_new'), 'validation', 'not_stored'],
    [400, 'null', 'validation', 'not_stored'],
  ])('%i %s: %s, %s', (status, text, code, effect) => {
    const read = classifyStatus({ status, body: text, retryAfter: undefined }, 'user', NOW);
    expect({ code: read.error.code, effect: read.effect }).toEqual({ code, effect });
  });

  it('names a wrong pair of name and password where nobody was signed in', () => {
    const read = classifyStatus({ status: 401, body: '', retryAfter: undefined }, 'public', NOW);
    expect(read.error.code).toBe('wrong_credentials');
  });

  it('keeps problems of fields that it knows and calls the others invalid', () => {
    const fields = { username: 'taken', firstName: 'too odd', __proto__x: 'taken', '<b>': 'taken' };
    const read = classifyStatus(
      { status: 409, body: body('username_taken', { fields }), retryAfter: '3' },
      'public',
      NOW,
    );
    expect(read.error.fields).toEqual({ username: 'taken', firstName: 'invalid' });
    expect(read.error.retryAfterMs).toBe(3000);
  });

  it('never puts the words of a server into the message', () => {
    const read = classifyStatus(
      {
        status: 400,
        body: JSON.stringify({ error: { code: 'eyJhbGciOi', message: 'secret words' } }),
        retryAfter: undefined,
      },
      'user',
      NOW,
    );
    expect(read.error.message).toBe('status 400');
  });
});

describe('Retry-After', () => {
  it.each([
    ['0', 0],
    ['7', 7000],
    [' 120 ', 120_000],
    ['99999999', 86_400_000],
    ['Mon, 23 Nov 2026 12:00:30 GMT', 30_000],
    ['Mon, 23 Nov 2026 11:00:00 GMT', 0],
    ['Fri, 01 Jan 2100 00:00:00 GMT', 86_400_000],
    ['-5', null],
    ['1.5', null],
    ['soon', null],
    ['May', null],
    ['2026', 2_026_000],
    ['', null],
    [undefined, null],
  ])('%s: %s', (header, ms) => {
    expect(retryAfterMs(header, NOW)).toBe(ms);
  });
});
