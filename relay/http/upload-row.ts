/**
 * Rows that take bytes: the body is handed over as it comes, counted, and watched for silence. A refusal is told while the
 * client still sends, and then its bytes are let go for a while: closing at once would reset the connection, and with it
 * the answer that is on its way.
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
  /** Milliseconds for which a refused body is let go before the connection is cut. */
  lingerMs: number;
}

/** The client went away; nobody is told. */
class ClientGone extends Error {}

/** Passes a body on, and fails once with the reason. */
class WatchedBody extends Transform {
  failure: Error | null = null;
  readonly #maxBytes: number;
  readonly #stop = new AbortController();
  #bytes = 0;

  constructor(maxBytes: number) {
    super();
    this.#maxBytes = maxBytes;
    // The handler hears of it where it reads; one that does not read must not end the process.
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

/** What can be said of a body before it is read. */
function checkHead(raw: IncomingMessage, row: UploadRoute): void {
  const type = (raw.headers['content-type'] ?? '').split(';')[0] ?? '';
  if (type.trim().toLowerCase() !== row.mediaType || raw.headers['content-encoding'] !== undefined) {
    throw new RelayError('unsupported_media', `The body must be ${row.mediaType}, not compressed.`);
  }
  if ((lengthOf(raw) ?? 0) > row.maxBytes) throw tooLarge();
}

/** Ties a body to its request until one of them ends; the answer unties them. */
function feed(raw: IncomingMessage, body: WatchedBody, silenceMs: number): () => void {
  const gone = (): void => {
    if (!raw.complete) body.fail(new ClientGone('the client is gone'));
  };
  raw.once('close', gone).once('error', gone);
  raw.pipe(body);
  const undo = watchSilence(
    silenceMs,
    () => raw.socket.bytesRead,
    // Nothing is read while the handler has not done with what came.
    () => raw.complete || body.writableNeedDrain,
    () => body.fail(new RelayError('timed_out', 'The body has stopped arriving.')),
  );
  return () => {
    undo();
    raw.unpipe(body);
    raw.off('close', gone);
  };
}

/** Lets go what is still coming, so that the client can read the answer; what does not end is cut. */
function linger(raw: IncomingMessage, ms: number): void {
  raw.resume();
  if (raw.complete) return;
  const timer = setTimeout(() => {
    if (!raw.complete) raw.socket.destroy();
  }, ms);
  timer.unref();
  raw.once('close', () => clearTimeout(timer));
}

/** Makes a route of the row. */
export function uploadRow(
  app: FastifyInstance,
  name: string,
  row: UploadRoute,
  handler: UploadHandler<UploadRoute>,
  { deadlines, silenceMs, lingerMs, enter, callOf }: UploadParts,
): void {
  /** For an answer that may come before the end of the body. */
  function answerEarly({ raw }: FastifyRequest, reply: FastifyReply): void {
    reply.raw.once('finish', () => linger(raw, lingerMs));
  }

  async function take(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { raw } = request;
    const body = new WatchedBody(row.maxBytes);
    const untie = feed(raw, body, silenceMs);
    try {
      const { status, body: answer } = await handler(
        callOf(request, {
          body,
          contentType: raw.headers['content-type'] ?? '',
          contentLength: lengthOf(raw),
          signal: body.signal,
        }),
      );
      if (body.failure) throw body.failure;
      untie();
      answerEarly(request, reply);
      return await reply.code(status).send(answer);
    } catch (error) {
      untie();
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

  // In a context of its own: its bodies are read by nobody but the handler.
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
