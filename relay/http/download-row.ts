/**
 * Rows that give bytes: the whole or a part of a file, read from its source no faster than the client takes it. What the
 * headers promise is what is sent: a source that ends early or goes on too long breaks the connection instead.
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
  /** Milliseconds that a client may take nothing of what waits for it. */
  silenceMs: number;
}

/** Bytes of a source that are handed to the connection at once. */
const BUFFER_BYTES = 64 * 1024;

/** Passes on exactly `length` bytes (any number where it is null), or throws. Ends the source whichever way it ends itself. */
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

/** The same with the chunk that was already taken. Ends the rest also where nobody has begun to read, which a generator would not. */
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

/** The answer where the source is the whole or nothing. */
function answerWhole(size: number | null, etag: string | null, ifNoneMatch: string | undefined): PartAnswer {
  const tag: Record<string, string> = etag === null ? {} : { etag };
  if (holdsTag(ifNoneMatch, etag)) return { status: 304, part: null, headers: tag };
  const length: Record<string, string> = size === null ? {} : { 'content-length': String(size) };
  return { status: 200, part: null, headers: { 'accept-ranges': 'none', ...tag, ...length } };
}

/** Says what is sent, without sending it. */
function planOf(reply: DownloadReply, { headers }: FastifyRequest): PartAnswer {
  const etag = reply.etag === undefined ? null : entityTag(reply.etag);
  const asked = {
    range: headers.range,
    // Two of one header are joined by a comma, and then name no tag of ours.
    ifRange: headers['if-range']?.toString(),
    ifNoneMatch: headers['if-none-match'],
  };
  if ('stream' in reply) return answerWhole(reply.size, etag, asked.ifNoneMatch);
  return answerPart(asked, { size: reply.size, etag });
}

/** Opens the source of what is sent; null where nothing is. */
async function openSource(
  file: DownloadReply,
  { status, part }: PartAnswer,
): Promise<{ source: ByteSource; length: number | null } | null> {
  if (status === 304) return null;
  if ('stream' in file) return file.size === 0 ? null : { source: await file.stream(), length: file.size };
  return part === null ? null : { source: await file.open(part), length: part.end - part.start + 1 };
}

/** Ends a stream with its answer, even while it keeps everybody waiting for its next bytes. */
function endWith(source: Readable, { raw }: FastifyReply): void {
  if (raw.closed) source.destroy();
  else raw.once('close', () => source.destroy());
}

/** Cuts the connection of a client that does not take what waits for it. */
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

/** Makes the routes of the row: GET, and HEAD, which reads nothing of the source. */
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
    // What goes wrong before the first byte is an error answer like any other.
    const first = await chunks?.next();
    void reply.code(plan.status).headers({
      ...plan.headers,
      // Who may see it is asked each time.
      'cache-control': 'private, no-cache',
    });
    if (plan.status === 304) return reply.send();
    const type = safeMediaType(file.type);
    void reply.headers({
      'content-type': type,
      'content-disposition': contentDisposition(type, file.name),
      'x-content-type-options': 'nosniff',
      // Whatever a browser makes of it, it runs nothing and loads nothing.
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
