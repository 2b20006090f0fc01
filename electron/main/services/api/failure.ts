/**
 * What a request that brought no usable answer means. The one question that matters to a sender is whether the server
 * may have acted on it: `not_stored` is certain, `unknown` is everything else.
 */
import type { AppError, ErrorCode } from '#contract/model/errors.ts';
import type { Effect } from '../ports.ts';

/** How far a request came and how it ended. */
export interface RequestEnd {
  /** `connect_timeout`: no connection came up in time. `too_large`: the answer passed the cap. `source`: what was to be sent failed. */
  cause: 'connect_timeout' | 'timeout' | 'cancelled' | 'too_large' | 'source' | 'error';
  /** The code of the system's, the TLS library's or the HTTP parser's error. */
  systemCode: string;
  /**
   * True from the moment the connection stood (for https: encrypted), so that bytes may have left. Of an upload, from the
   * moment when its whole body may have.
   */
  connected: boolean;
  /** Why the source failed. */
  failure?: AppError;
}

/** The network itself is missing, whatever the address. */
const NO_NETWORK = new Set(['ENETUNREACH', 'ENETDOWN', 'EAI_AGAIN', 'EADDRNOTAVAIL']);

/** Codes by which OpenSSL and Node name a certificate or handshake they do not accept. */
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

/** True for an error of the encryption layer. */
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
