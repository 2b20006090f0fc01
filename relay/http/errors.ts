/** Maps everything that can go wrong with a request to the one error format. */
import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ApiErrorCode } from '#contract/api/error.ts';
import { UPLOAD_OFFSET } from '#contract/api/upload.ts';
import type { RouteDefinition } from '#contract/routes.ts';
import { errorAnswer, RelayError } from '../errors.ts';

/** What the framework throws before a handler runs. */
const SERVER_CODES: Record<string, { code: ApiErrorCode; message: string }> = {
  FST_ERR_CTP_BODY_TOO_LARGE: { code: 'too_large', message: 'The body is too large.' },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: { code: 'unsupported_media', message: 'The body must be application/json.' },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: { code: 'bad_request', message: 'The body is not as long as its header says.' },
  FST_ERR_BAD_URL: { code: 'bad_request', message: 'The address is not valid.' },
};

function hasCode(error: unknown): error is { code: string } {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string';
}

function statusOf(error: unknown): number {
  const status = typeof error === 'object' && error !== null && 'statusCode' in error ? error.statusCode : 500;
  return typeof status === 'number' ? status : 500;
}

/** The refusal for any thrown value; null when it is our own fault. */
function refusalOf(error: unknown): RelayError | null {
  if (error instanceof RelayError) return error;
  const known = hasCode(error) ? SERVER_CODES[error.code] : undefined;
  if (known) return new RelayError(known.code, known.message);
  // Other framework errors below 500: a client error without a code of its own.
  return statusOf(error) < 500 ? new RelayError('bad_request', 'The request is not valid.') : null;
}

function send(reply: FastifyReply, refusal: RelayError): FastifyReply {
  if (refusal.retryAfterMs !== undefined) {
    void reply.header('retry-after', String(Math.max(1, Math.ceil(refusal.retryAfterMs / 1000))));
  }
  if (refusal.offset !== undefined) void reply.header(UPLOAD_OFFSET, String(refusal.offset));
  if (refusal.code === 'unauthenticated') void reply.header('www-authenticate', 'Bearer');
  return reply
    .code(refusal.statusCode)
    .type('application/json; charset=utf-8')
    .send(JSON.stringify(errorAnswer(refusal)));
}

/** Sends the response for any error thrown in a request. Our own faults are logged and reported without details. */
export function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const refusal = refusalOf(error);
  if (refusal) return send(reply, refusal);
  request.log.error({ err: error, route: request.routeOptions.url }, 'request failed');
  return send(reply, new RelayError('server_error', 'Something went wrong on the server.'));
}

/** 405 with `Allow` if the path exists, otherwise 404. */
export function installNotFound(app: FastifyInstance, rows: readonly RouteDefinition[]): void {
  const paths = new Map<string, { pattern: RegExp; methods: string[] }>();
  for (const row of rows) {
    const { path, method, kind } = row;
    const pattern = new RegExp(`^/api${path.replace(/\{\w+\}/g, '[^/]+')}$`);
    const hasHead = kind === 'download' || (kind !== 'upload' && row.head === true);
    const methods: string[] = hasHead ? [method, 'HEAD'] : [method];
    const known = paths.get(path);
    if (known) known.methods.push(...methods);
    else paths.set(path, { pattern, methods });
  }
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0] ?? '';
    const methods = [...paths.values()].filter(({ pattern }) => pattern.test(path)).flatMap((entry) => entry.methods);
    if (methods.length === 0) return send(reply, new RelayError('not_found', 'There is nothing at this address.'));
    void reply.header('allow', [...new Set(methods)].join(', '));
    return send(reply, new RelayError('method_not_allowed', 'This address does not know that method.'));
  });
}

/** Status line and body for bytes that never became a request. */
function rawAnswer(status: string, code: ApiErrorCode, message: string): string {
  const body = JSON.stringify(errorAnswer(new RelayError(code, message)));
  const length = Buffer.byteLength(body);
  return `HTTP/1.1 ${status}\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: ${length}\r\nConnection: close\r\n\r\n${body}`;
}

/** Bytes that are not HTTP, endless headers, requests that never arrive. */
export function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const answer =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? rawAnswer('431 Request Header Fields Too Large', 'too_large', 'The headers are too large.')
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? rawAnswer('408 Request Timeout', 'timed_out', 'The request did not arrive in time.')
        : rawAnswer('400 Bad Request', 'bad_request', 'The request is not valid HTTP.');
  socket.end(answer, () => socket.destroy());
}

/** Closes a connection whose request body is late, the way Node does for headers. */
export function cutLateBody(socket: Socket): void {
  answerClientError(Object.assign(new Error('late'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' }), socket);
}
