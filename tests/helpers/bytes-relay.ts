/** A server of the relay's own making with a table of the test's own: rows that take bytes and rows that give them. */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { File } from '../../contract/api/file.ts';
import type { RouteTable } from '../../contract/routes.ts';
import { RelayError } from '../../relay/errors.ts';
import { boundBodies } from '../../relay/http/body-deadline.ts';
import { collectDocs, serveDocs } from '../../relay/http/docs.ts';
import type { DownloadReply, UploadCall } from '../../relay/http/calls.ts';
import { cutLateBody, installNotFound } from '../../relay/http/errors.ts';
import { createServe, type ServeParts } from '../../relay/http/serve.ts';
import { createServer } from '../../relay/http/server.ts';
import type { Caller } from '../../relay/services/accounts.ts';
import { createTurns } from '../../relay/turns.ts';

/** Bytes that the row `put` takes. */
export const MOST_BYTES = 4 * 1024 * 1024;
export const TOKEN = 'token-of-the-test';

const thing = { stability: 'ours', access: 'user', errors: [] } as const;
const named = z.object({ id: z.string().regex(/^[a-z-]+$/) });

export const BYTES_TABLE = {
  put: {
    ...thing,
    kind: 'upload',
    method: 'POST',
    path: '/things',
    summary: 'Keep a thing',
    mediaType: 'application/octet-stream',
    maxBytes: MOST_BYTES,
    answer: z.object({ bytes: z.number(), sha256: z.string() }),
    success: [201],
  },
  form: {
    ...thing,
    kind: 'upload',
    method: 'POST',
    path: '/forms',
    summary: 'Keep a form',
    mediaType: 'multipart/form-data',
    maxBytes: MOST_BYTES,
    answer: z.object({ file: File }),
    success: [201],
  },
  get: {
    ...thing,
    kind: 'download',
    method: 'GET',
    path: '/things/{id}',
    summary: 'The bytes of a thing',
    params: named,
    answer: null,
    success: [200, 206, 304],
  },
  hello: {
    ...thing,
    access: 'public',
    method: 'POST',
    path: '/hello',
    summary: 'Say hello',
    body: z.object({ name: z.string() }),
    answer: z.object({ greeting: z.string() }),
    success: [200],
  },
} as const satisfies RouteTable;

export type PutCall = UploadCall<(typeof BYTES_TABLE)['put']>;
export interface Put {
  bytes: number;
  sha256: string;
}

export interface BytesRelayOptions {
  limits?: Partial<ServeParts['limits'] & { requestMs: number }>;
  /** Takes an upload; without it the body is written to `kept` in `folder` and hashed. */
  put?: (call: PutCall) => Promise<Put>;
  /** What stands under an id; `not_found` for what is not there. */
  things?: Record<string, () => DownloadReply | Promise<DownloadReply>>;
  /** For what is kept. */
  folder?: string;
}

export interface BytesRelay {
  /** `http://127.0.0.1:PORT`. */
  url: string;
  port: number;
  /** Lines of the log at the level of errors. */
  faults(): string[];
  /** Requests that have reached the server, as they are. */
  seen: IncomingMessage[];
  close(): Promise<void>;
}

/** Writes a body to a file that is only there when all of it came. */
export async function keepBody(body: Readable, file: string): Promise<Put> {
  const hash = createHash('sha256');
  let bytes = 0;
  const count = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      hash.update(chunk);
      done(null, chunk);
    },
  });
  try {
    await pipeline(body, count, createWriteStream(file));
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  }
  return { bytes, sha256: hash.digest('hex') };
}

/** A file on disk as a download answers it. */
export function fileReply(file: string, size: number, more: Partial<DownloadReply> = {}): DownloadReply {
  return {
    type: 'application/octet-stream',
    name: 'file.bin',
    size,
    open: ({ start, end }) => createReadStream(file, { start, end }),
    ...more,
  } as DownloadReply;
}

/** Starts the server on a free port. */
export async function startBytesRelay(options: BytesRelayOptions = {}): Promise<BytesRelay> {
  const limits = {
    requestMs: 15_000,
    uploadSilenceMs: 30_000,
    downloadSilenceMs: 30_000,
    lingerMs: 5000,
    ...options.limits,
  };
  const lines: string[] = [];
  const app = createServer({ logLevel: 'error', logTo: { write: (line) => void lines.push(line) }, limits });
  const seen: IncomingMessage[] = [];
  app.addHook('onRequest', async ({ raw }) => void seen.push(raw));
  await collectDocs(app, '0');
  const served: (typeof BYTES_TABLE)[keyof typeof BYTES_TABLE][] = [];
  const caller = { user: { id: 'u1' }, scope: 'user', expiresAt: 0 } as Caller;
  const deadlines = boundBodies(app.server, limits.requestMs, cutLateBody);
  await app.register(async (routes) => {
    const serve = createServe(routes, BYTES_TABLE, {
      accounts: { authenticate: (token) => Promise.resolve(token === TOKEN ? caller : null) },
      budgets: { request: () => Promise.resolve() },
      auditLog: { note: () => Promise.resolve() },
      turns: createTurns(),
      addressOf: () => 'here',
      deadlines,
      limits,
      served: () => undefined,
    });
    served.push(...Object.values(BYTES_TABLE));
    serve('put', async (call) => {
      const put = options.put ?? (({ body }: PutCall) => keepBody(body, join(options.folder ?? '/nowhere', 'kept')));
      return { status: 201, body: await put(call) };
    });
    // The whole form as it came, named by its type.
    serve('form', async ({ body, contentType }) => {
      const { bytes, sha256 } = await keepBody(body, join(options.folder ?? '/nowhere', 'form'));
      return {
        status: 201,
        body: { file: { id: sha256, name: contentType, mimeType: 'multipart/form-data', size: bytes } },
      };
    });
    serve('get', ({ params }) => {
      const found = options.things?.[params.id];
      if (!found) throw new RelayError('not_found', 'There is no such thing.');
      return found();
    });
    serve('hello', ({ body }) => ({ status: 200, body: { greeting: `Hello, ${body.name}` } }));
    installNotFound(app, served);
    serveDocs(routes);
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const address = app.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${String(port)}`,
    port,
    seen,
    faults: () => [...lines],
    async close() {
      app.server.closeAllConnections();
      await app.close();
    },
  };
}
