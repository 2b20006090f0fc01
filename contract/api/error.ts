import { z } from 'zod';
import type { FIELD_PROBLEMS } from '../model/errors.ts';
import { Bytes } from './shared.ts';

/** Error codes in our node's answers. */
export const API_ERROR_CODES = [
  'bad_request',
  'validation',
  'unauthenticated',
  'wrong_credentials',
  'forbidden',
  'not_found',
  'method_not_allowed',
  'timed_out',
  'username_taken',
  'conflict',
  'busy',
  'too_large',
  'unsupported_media',
  'range_not_satisfiable',
  'wrong_host',
  'key_reused',
  'rate_limited',
  'quota_exceeded',
  'disk_full',
  'server_closing',
  'server_error',
] as const;
export type ApiErrorCode = (typeof API_ERROR_CODES)[number];

/** `{error: {code, message, fields?}}`; other servers' codes are read as plain strings. */
export const ErrorAnswer = z
  .object({
    error: z.object({
      code: z.string().max(64),
      message: z.string().max(2000),
      fields: z.record(z.string().max(64), z.string().max(200)).optional(),
    }),
    /** [ext] `resumable-upload`: with a conflict, where the upload goes on. */
    offset: Bytes.optional(),
  })
  .meta({ id: 'ErrorAnswer' });
export type ErrorAnswer = z.infer<typeof ErrorAnswer>;

/** What our node writes: the same shape with closed sets. */
export interface NodeError {
  error: { code: ApiErrorCode; message: string; fields?: Record<string, (typeof FIELD_PROBLEMS)[number]> };
  offset?: number;
}
