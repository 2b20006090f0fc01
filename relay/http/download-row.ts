/**
 * Rows that send bytes: all or part of a file, read with backpressure. The headers are binding: a source that turns out
 * too short or too long aborts the connection.
 */
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { answerPart, entityTag, holdsTag, type PartAnswer } from '#contract/api/byte-range.ts';
import type { DownloadRoute } from '#contract/routes.ts';
import { RelayError } from '../errors.ts';
import type { ByteSource, DownloadHandler, DownloadReply, RowParts } from './calls.ts';
import { contentDisposition, safeMediaType } from './disposition.ts';
import { routerPath, schemaOf } from './row-schema.ts';
import { watchSilence } from './silence.ts';

export interface DownloadParts extends RowParts {
  /** Milliseconds a client may go without taking any pending bytes. */
  silenceMs: number;
}

/** Bytes of the source buffered for the connection. */
const BUFFER_BYTES = 64 * 1024;

/** Yields exactly `length` bytes (any number if null), or throws. Always closes the source. */
async function* exactly(source: ByteSource, length: number | null): AsyncGenerator<Uint8Array, void> {
  let left = length ?? Number.POSITIVE_INFINITY;
  for await (const chunk of source as AsyncIterable<Uint8Array>) {
    left -= chunk.length;
    if (left < 0) throw new Error('the source is longer than it was said to be');
    yield chunk;
    if (left === 0) return;
  }
  if (length !== null && left > 0) throw new Error('the source is shorter than it was said to be');
}

/** Puts the first chunk back in front. Unlike a generator, it closes the source even if iteration never started. */
function startingWith(
  first: Uint8Array,
  others: AsyncGenerator<Uint8Array, void>,
): AsyncIterable<Uint8Array> & AsyncIterator<Uint8Array, void> {
  let taken: Uint8Array | null = first;
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      if (taken === null) return others.next();
      const value = taken;
      taken = null;
      return { value, done: false };
    },
    return: () => others.return(),
  };
}

/** The response for a source without ranges. */
function answerWhole(size: number | null, etag: string | null, ifNoneMatch: string | undefined): PartAnswer {
  const tag: Record<string, string> = etag === null ? {} : { etag };
  if (holdsTag(ifNoneMatch, etag)) return { status: 304, part: null, headers: tag };
  const length: Record<string, string> = size === null ? {} : { 'content-length': String(size) };
  return { status: 200, part: null, headers: { 'accept-ranges': 'none', ...tag, ...length } };
}

/** Decides what to send, without sending it. */
function planOf(reply: DownloadReply, { headers }: FastifyRequest): PartAnswer {
  const etag = reply.etag === undefined ? null : entityTag(reply.etag);
  const asked = {
    range: headers.range,
    // Repeated headers are joined by a comma, so they match none of our tags.
    ifRange: headers['if-range']?.toString(),
    ifNoneMatch: headers['if-none-match'],
  };
  if ('stream' in reply) return answerWhole(reply.size, etag, asked.ifNoneMatch);
  return answerPart(asked, { size: reply.size, etag });
}

/** Opens the source of the bytes to send; null when there are none. */
async function openSource(
  file: DownloadReply,
  { status, part }: PartAnswer,
): Promise<{ source: ByteSource; length: number | null } | null> {
  if (status === 304) return null;
  if ('stream' in file) return file.size === 0 ? null : { source: await file.stream(), length: file.size };
  return part === null ? null : { source: await file.open(part), length: part.end - part.start + 1 };
}

/** Closes the source with its response, even while it stalls. */
function endWith(source: Readable, { raw }: FastifyReply): void {
  if (raw.closed) source.destroy();
  else raw.once('close', () => source.destroy());
}

/** Drops the connection of a client that stops taking bytes. */
function watchReader({ raw }: FastifyReply, silenceMs: number): void {
  const { socket } = raw;
  if (!socket) return;
  const undo = watchSilence(
    silenceMs,
    () => socket.bytesWritten - socket.writableLength,
    () => !raw.writableNeedDrain,
    () => socket.destroy(),
  );
  raw.once('close', undo);
}

/** Registers the routes of the row: GET, and HEAD, which does not read the source. */
export function downloadRow(
  app: FastifyInstance,
  name: string,
  row: DownloadRoute,
  handler: DownloadHandler<DownloadRoute>,
  { silenceMs, enter, callOf }: DownloadParts,
): void {
  async function give(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const file = await handler(callOf(request, {}));
    const plan = planOf(file, request);
    if (plan.status === 416) {
      void reply.headers(plan.headers);
      throw new RelayError('range_not_satisfiable', 'There is no such part.');
    }
    const opened = request.method === 'HEAD' ? null : await openSource(file, plan);
    if (opened?.source instanceof Readable) endWith(opened.source, reply);
    const chunks = opened && exactly(opened.source, opened.length);
    // A failure before the first byte becomes an ordinary error response.
    const first = await chunks?.next();
    void reply.code(plan.status).headers({
      ...plan.headers,
      // Access is checked on every request.
      'cache-control': 'private, no-cache',
    });
    if (plan.status === 304) return reply.send();
    const type = safeMediaType(file.type);
    void reply.headers({
      'content-type': type,
      'content-disposition': contentDisposition(type, file.name),
      'x-content-type-options': 'nosniff',
      // Whatever a browser makes of the file, it runs no scripts and loads nothing.
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
    });
    if (!chunks || !first || first.done === true) return reply.send();
    const body = Readable.from(startingWith(first.value, chunks), { objectMode: false, highWaterMark: BUFFER_BYTES });
    body.once('error', (error) => request.log.error({ err: error }, 'download broken off'));
    watchReader(reply, silenceMs);
    return reply.send(body);
  }

  for (const method of ['GET', 'HEAD'] as const) {
    app.route({
      method,
      url: routerPath(row.path),
      schema: method === 'GET' ? schemaOf(name, row) : { ...schemaOf(name, row), hide: true },
      config: { row },
      onRequest: enter,
      handler: give,
    });
  }
}
