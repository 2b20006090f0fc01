import { describe, expect, it } from 'vitest';
import { classifyEnd } from '../../../../electron/main/services/api/failure.ts';

describe('a request without an answer', () => {
  it.each([
    // No connection came up: nothing can have been stored.
    ['error', 'ENOTFOUND', false, 'server_unreachable', 'not_stored'],
    ['error', 'ECONNREFUSED', false, 'server_unreachable', 'not_stored'],
    ['error', 'EHOSTUNREACH', false, 'server_unreachable', 'not_stored'],
    ['error', 'ENETUNREACH', false, 'offline', 'not_stored'],
    ['error', 'EAI_AGAIN', false, 'offline', 'not_stored'],
    ['error', 'CERT_HAS_EXPIRED', false, 'tls_failed', 'not_stored'],
    ['error', 'DEPTH_ZERO_SELF_SIGNED_CERT', false, 'tls_failed', 'not_stored'],
    ['error', 'ERR_TLS_CERT_ALTNAME_INVALID', false, 'tls_failed', 'not_stored'],
    ['error', 'ERR_SSL_WRONG_VERSION_NUMBER', false, 'tls_failed', 'not_stored'],
    ['error', 'ECONNRESET', false, 'server_unreachable', 'not_stored'],
    ['connect_timeout', '', false, 'server_timeout', 'not_stored'],
    ['timeout', '', false, 'server_timeout', 'not_stored'],
    ['cancelled', '', false, 'cancelled', 'not_stored'],
    // The connection stood: the server may have acted on it.
    ['timeout', '', true, 'server_timeout', 'unknown'],
    ['error', 'ECONNRESET', true, 'server_unreachable', 'unknown'],
    ['error', 'EPIPE', true, 'server_unreachable', 'unknown'],
    ['error', 'EHOSTUNREACH', true, 'server_unreachable', 'unknown'],
    ['error', 'EPROTO', true, 'tls_failed', 'unknown'],
    ['error', 'HPE_INVALID_CONSTANT', true, 'bad_answer', 'unknown'],
    ['error', 'Z_DATA_ERROR', true, 'bad_answer', 'unknown'],
    ['error', '', true, 'server_unreachable', 'unknown'],
    ['too_large', '', true, 'bad_answer', 'unknown'],
    ['cancelled', '', true, 'cancelled', 'unknown'],
  ] as const)('%s %s, connected %s: %s, %s', (cause, systemCode, connected, code, effect) => {
    expect(classifyEnd({ cause, systemCode, connected })).toEqual({ code, effect });
  });
});
