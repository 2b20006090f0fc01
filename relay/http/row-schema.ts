/** A row as seen by the framework's router and the OpenAPI document. */
import type { FastifySchema } from 'fastify';
import { z } from 'zod';
import { ErrorAnswer, type ApiErrorCode } from '#contract/api/error.ts';
import type { RouteDefinition } from '#contract/routes.ts';
import { STATUS_OF } from '../errors.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The row this route was created from. */
    row?: RouteDefinition;
  }
}

/** `/users/{id}` in the router's syntax. */
export function routerPath(path: string): string {
  return `/api${path.replace(/\{(\w+)\}/g, ':$1')}`;
}

/** Every error a row can respond with: its own, and those common to its kind. */
function errorCodes(row: RouteDefinition): ApiErrorCode[] {
  const always: ApiErrorCode[] = ['forbidden', 'wrong_host', 'rate_limited', 'server_closing', 'server_error'];
  if (row.access !== 'public') always.push('unauthenticated');
  if (row.params || row.query || row.body) always.push('validation');
  if (row.body) always.push('bad_request', 'too_large', 'unsupported_media');
  if (row.kind === 'upload') always.push('bad_request', 'too_large', 'unsupported_media', 'timed_out');
  if (row.kind === 'download') always.push('range_not_satisfiable');
  return [...new Set([...row.errors, ...always])];
}

/** Request validation and response schemas. The bytes of a file have no schema: docs.ts describes them. */
export function schemaOf(name: string, row: RouteDefinition): FastifySchema {
  const response: Record<string, z.ZodType> = {};
  for (const code of errorCodes(row)) response[STATUS_OF[code]] = ErrorAnswer;
  for (const status of row.success) response[status] = row.answer ?? z.undefined();
  return {
    operationId: name,
    summary: row.summary,
    tags: [row.path.split('/')[1] ?? 'relay'],
    ...(row.access === 'public' ? {} : { security: [{ bearer: [] }] }),
    ...(row.params ? { params: row.params } : {}),
    ...(row.query ? { querystring: row.query } : {}),
    ...(row.body ? { body: row.body } : {}),
    response,
  };
}
