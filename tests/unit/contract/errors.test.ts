import { describe, expect, it } from 'vitest';
import { ERROR_CODES, fail, FIELD_PROBLEMS, never, ok } from '#contract/model/errors.ts';

describe('the closed set of reasons', () => {
  /** Screens have words for each, stores keep some of them, servers send others: none may be renamed by the way. */
  it.each([
    ['offline', 'server_unreachable', 'server_timeout', 'tls_failed', 'server_error', 'server_closing', 'bad_answer'],
    ['not_a_relay', 'bad_address', 'validation', 'wrong_credentials', 'unauthenticated', 'forbidden', 'not_found'],
    ['username_taken', 'conflict', 'busy', 'rate_limited', 'too_large', 'unsupported_media', 'quota_exceeded'],
    ['key_reused', 'not_signed_in', 'storage_failed', 'secret_store_failed', 'too_late', 'cancelled', 'bad_request'],
    ['file_unreadable', 'file_changed', 'file_gone', 'file_empty', 'file_is_folder', 'file_is_link', 'file_too_large'],
    ['too_many_files', 'no_path', 'disk_full', 'server_full'],
    ['denied', 'unsupported_by_server', 'internal'],
  ])('holds %s, %s, %s ...', (...codes) => {
    expect(ERROR_CODES).toEqual(expect.arrayContaining(codes.filter((code) => code !== undefined)));
  });

  it('of fields too, and names each reason once', () => {
    expect(FIELD_PROBLEMS).toEqual(
      expect.arrayContaining(['required', 'too_short', 'too_long', 'too_small', 'too_large', 'not_a_number']),
    );
    expect(FIELD_PROBLEMS).toEqual(
      expect.arrayContaining(['invisible', 'bad_characters', 'mixed_scripts', 'lookalike', 'taken', 'invalid']),
    );
    expect(new Set(ERROR_CODES).size).toBe(ERROR_CODES.length);
    expect(new Set(FIELD_PROBLEMS).size).toBe(FIELD_PROBLEMS.length);
  });
});

describe('a result', () => {
  it('is a value or a reason, plain enough to cross the bridge', () => {
    expect(ok(7)).toEqual({ ok: true, value: 7 });
    expect(fail('busy', 'why')).toEqual({ ok: false, error: { code: 'busy', message: 'why' } });
    const more = { retryAfterMs: 5, fields: { age: 'too_small' as const } };
    expect(fail('validation', 'why', more)).toEqual({
      ok: false,
      error: { code: 'validation', message: 'why', ...more },
    });
    expect(structuredClone(fail('validation', 'why', more))).toEqual(fail('validation', 'why', more));
  });

  it('of a case that cannot be stops the program rather than going on', () => {
    expect(() => never('surprise' as never)).toThrow('surprise');
  });
});
