/**
 * The HTTP server of a node: timeouts and size limits, strict JSON, the contract's schemas and a single error format.
 */
import Fastify, { LogController, type FastifyInstance } from 'fastify';
import { serializerCompiler } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { MAX_JSON_BYTES } from '#contract/model/limits.ts';
import { RelayError } from '../errors.ts';
import type { RelayLimits } from '../limits.ts';
import { answerClientError, answerError } from './errors.ts';
import { validationError } from './field-problems.ts';
import { parseJson } from './json.ts';

/** application/json only, with UTF-8 as the only charset. */
const JSON_TYPE = /^application\/json(?:\s*;\s*charset="?utf-8"?)?$/i;

/** The options the server itself needs. */
export interface ServerOptions {
  /** Minimum log level. */
  logLevel: string;
  logTo?: { write(line: string): void };
  limits: Pick<RelayLimits, 'requestMs'>;
}

/** Creates the server with the node's strict defaults; it has no routes yet. */
export function createServer(options: ServerOptions): FastifyInstance {
  const app = Fastify({
    logger: { level: options.logLevel, base: null, stream: options.logTo ?? process.stderr },
    // We log one line per request ourselves, without URLs that carry tokens and without bodies.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: MAX_JSON_BYTES,
    keepAliveTimeout: 65_000,
    // body-deadline.ts enforces the body timeout: uploads have a different one.
    requestTimeout: 0,
    http: {
      maxHeaderSize: 16 * 1024,
      // Requests to upgrade to any protocol but WebSocket are handled as plain HTTP.
      shouldUpgradeCallback: ({ headers }) => headers.upgrade?.toLowerCase() === 'websocket',
      headersTimeout: options.limits.requestMs,
      connectionsCheckingInterval: Math.max(50, Math.min(1000, options.limits.requestMs / 4)),
    },
    return503OnClosing: false,
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: 256, ignoreDuplicateSlashes: false, ignoreTrailingSlash: false },
    clientErrorHandler: answerClientError,
    frameworkErrors: (error, request, reply) => {
      void answerError(error, request, reply);
    },
  });
  readOnlyJson(app);
  checkBySchemas(app);
  return app;
}

function readOnlyJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(/^application\/json/i, { parseAs: 'buffer' }, (request, body, done) => {
    if (!JSON_TYPE.test(request.headers['content-type'] ?? '') || request.headers['content-encoding'] !== undefined) {
      done(new RelayError('unsupported_media', 'The body must be application/json in UTF-8, not compressed.'));
      return;
    }
    try {
      done(null, parseJson(typeof body === 'string' ? Buffer.from(body) : body));
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)));
    }
  });
}

function checkBySchemas(app: FastifyInstance): void {
  app.setValidatorCompiler(({ schema }) => {
    if (!(schema instanceof z.ZodType)) throw new TypeError('a route without a schema of the contract');
    return (data: unknown) => {
      const result = schema.safeParse(data);
      return result.success ? { value: result.data } : { error: validationError(result.error, data) };
    };
  });
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(answerError);
}
