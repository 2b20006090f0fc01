/**
 * Rows that receive bytes: the body is streamed, counted, and watched for stalls. A refusal is sent while the client is
 * still uploading, and its bytes are drained for a while: closing immediately would reset the connection and lose the
 * response.
 */
import type { IncomingMessage } from 'node:http';
import { Transform, type TransformCallback } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { UploadRoute } from '#contract/routes.ts';
import { RelayError } from '../errors.ts';
import type { BodyDeadlines } from './body-deadline.ts';
import type { RowParts, UploadHandler } from './calls.ts';
import { routerPath, schemaOf } from './row-schema.ts';
import { watchSilence } from './silence.ts';

export interface UploadParts extends RowParts {
  deadlines: BodyDeadlines;
  /** Milliseconds without a byte from the client. */
  silenceMs: number;
  /** Milliseconds to drain a refused body before the connection is dropped. */
  lingerMs: number;
}

/** The client went away; there is no one to respond to. */
class ClientGone extends Error {}

/** Passes a body through, and fails once with the reason. */
class WatchedBody extends Transform {
  failure: Error | null = null;
  readonly #maxBytes: number;
  readonly #stop = new AbortController();
  #bytes = 0;

  constructor(maxBytes: number) {
    super();
    this.#maxBytes = maxBytes;
    // The handler sees the error when it reads; one that never reads must not crash the process.
    this.on('error', () => undefined);
  }

  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  fail(reason: Error): void {
    if (this.failure !== null || this.readableEnded) return;
    this.failure = reason;
    this.#stop.abort(reason);
    this.destroy(reason);
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#bytes += chunk.length;
    if (this.#bytes > this.#maxBytes) this.fail(tooLarge());
    else done(null, chunk);
  }
}

function tooLarge(): RelayError {
  return new RelayError('too_large', 'The body is too large.');
}

function lengthOf({ headers }: IncomingMessage): number | null {
  const length = headers['content-length'];
  return length === undefined ? null : Number(length);
}

/** Checks what the headers alone say about the body. */
function checkHead(raw: IncomingMessage, row: UploadRoute): void {
  const type = (raw.headers['content-type'] ?? '').split(';')[0] ?? '';
  if (type.trim().toLowerCase() !== row.mediaType || raw.headers['content-encoding'] !== undefined) {
    throw new RelayError('unsupported_media', `The body must be ${row.mediaType}, not compressed.`);
  }
  if ((lengthOf(raw) ?? 0) > row.maxBytes) throw tooLarge();
}

/** Connects a body to its request until either ends; the returned function disconnects them. */
function feed(raw: IncomingMessage, body: WatchedBody, silenceMs: number): () => void {
  const gone = (): void => {
    if (!raw.complete) body.fail(new ClientGone('the client is gone'));
  };
  raw.once('close', gone).once('error', gone);
  raw.pipe(body);
  const undo = watchSilence(
    silenceMs,
    () => raw.socket.bytesRead,
    // Nothing is read while the handler has not consumed what arrived.
    () => raw.complete || body.writableNeedDrain,
    () => body.fail(new RelayError('timed_out', 'The body has stopped arriving.')),
  );
  return () => {
    undo();
    raw.unpipe(body);
    raw.off('close', gone);
  };
}

/** Drains the remaining bytes so that the client can read the response; drops the connection if they do not end. */
function linger(raw: IncomingMessage, ms: number): void {
  raw.resume();
  if (raw.complete) return;
  const timer = setTimeout(() => {
    if (!raw.complete) raw.socket.destroy();
  }, ms);
  timer.unref();
  raw.once('close', () => clearTimeout(timer));
}

/** Registers the route of the row. */
export function uploadRow(
  app: FastifyInstance,
  name: string,
  row: UploadRoute,
  handler: UploadHandler<UploadRoute>,
  { deadlines, silenceMs, lingerMs, enter, callOf }: UploadParts,
): void {
  /** For responses that may be sent before the body has ended. */
  function answerEarly({ raw }: FastifyRequest, reply: FastifyReply): void {
    reply.raw.once('finish', () => linger(raw, lingerMs));
  }

  async function take(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { raw } = request;
    const body = new WatchedBody(row.maxBytes);
    const disconnect = feed(raw, body, silenceMs);
    try {
      const {
        status,
        headers = {},
        body: answer,
      } = await handler(
        callOf(request, {
          body,
          contentType: raw.headers['content-type'] ?? '',
          contentLength: lengthOf(raw),
          signal: body.signal,
        }),
      );
      if (body.failure) throw body.failure;
      disconnect();
      answerEarly(request, reply);
      return await reply.code(status).headers(headers).send(answer);
    } catch (error) {
      disconnect();
      const reason = body.failure ?? error;
      body.destroy();
      if (reason instanceof ClientGone) {
        request.log.debug({ route: request.routeOptions.url }, 'upload abandoned');
        return reply.hijack();
      }
      answerEarly(request, reply);
      throw reason;
    }
  }

  // In its own plugin context: only the handler reads these bodies.
  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null));
    scope.route({
      method: row.method,
      url: routerPath(row.path),
      schema: schemaOf(name, row),
      config: { row },
      async onRequest(request, reply) {
        try {
          await enter(request);
          checkHead(request.raw, row);
        } catch (error) {
          answerEarly(request, reply);
          throw error;
        }
        deadlines.lift(request.raw);
      },
      handler: take,
    });
  });
}
