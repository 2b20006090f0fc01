/**
 * What a request without a usable answer means. The one question that matters to a sender is whether the server may
 * have acted on it: `not_stored` is certain, `unknown` is everything else.
 */
import type { AppError, ErrorCode } from '#contract/model/errors.ts';
import type { Effect } from '../ports.ts';

/** How far a request got and how it ended. */
export interface RequestEnd {
  /**
   * `connect_timeout`: no connection in time. `too_large`: the answer exceeded the limit. `source`: reading what was to
   * be sent failed.
   */
  cause: 'connect_timeout' | 'timeout' | 'cancelled' | 'too_large' | 'source' | 'error';
  /** The error code of the system, the TLS library or the HTTP parser. */
  systemCode: string;
  /**
   * True once the connection was established (for https: encrypted), so that bytes may have left. For an upload, once
   * its whole body may have left.
   */
  connected: boolean;
  /** Why the source failed. */
  failure?: AppError;
}

/** The network itself is missing, whatever the address. */
const NO_NETWORK = new Set(['ENETUNREACH', 'ENETDOWN', 'EAI_AGAIN', 'EADDRNOTAVAIL']);

/** Codes with which OpenSSL and Node reject a certificate or a handshake. */
const TLS_CODES = new Set([
  'EPROTO',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_REVOKED',
  'CERT_REJECTED',
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
  'CERT_CHAIN_TOO_LONG',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'HOSTNAME_MISMATCH',
  'INVALID_CA',
  'INVALID_PURPOSE',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/** True for an error of the TLS layer. */
function isTlsCode(code: string): boolean {
  return TLS_CODES.has(code) || code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_');
}

/** The code and the effect of a request without an answer. */
export function classifyEnd(end: RequestEnd): { code: ErrorCode; effect: Effect } {
  const effect: Effect = end.connected ? 'unknown' : 'not_stored';
  switch (end.cause) {
    case 'connect_timeout':
      return { code: 'server_timeout', effect: 'not_stored' };
    case 'timeout':
      return { code: 'server_timeout', effect };
    case 'cancelled':
      return { code: 'cancelled', effect };
    case 'too_large':
      return { code: 'bad_answer', effect };
    case 'source':
      return { code: end.failure?.code ?? 'file_unreadable', effect: 'not_stored' };
    case 'error':
      if (NO_NETWORK.has(end.systemCode)) return { code: 'offline', effect };
      if (isTlsCode(end.systemCode)) return { code: 'tls_failed', effect };
      if (end.systemCode.startsWith('HPE_') || end.systemCode.startsWith('Z_')) return { code: 'bad_answer', effect };
      return { code: 'server_unreachable', effect };
  }
}
