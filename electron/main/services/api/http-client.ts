/**
 * One request, one answer as text: axios on Node's own http, with tight limits. No redirect is followed, no proxy of
 * the environment is used, every size and every time is bounded, and the caller learns whether bytes may have left.
 */
import type { Readable } from 'node:stream';
import axios, { type AxiosInstance } from 'axios';
import type { Clock } from '../ports.ts';
import { CONNECT_TIMEOUT_MS, createAgents, headerOf, type HttpAnswer, type Progress } from './connection.ts';
import { type DownloadOutcome, type DownloadRequest, openDownload } from './download.ts';
import type { RequestEnd } from './failure.ts';
import { RequestLife } from './request-life.ts';
import { sendUpload, type UploadOutcome, type UploadRequest } from './upload.ts';

/** Maximum number of bytes of an answer; a longer one is cut off and refused. */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;
/** Milliseconds until the whole answer must have arrived. */
export const ANSWER_TIMEOUT_MS = 30_000;

interface HttpRequest {
  method: string;
  url: URL;
  headers: Record<string, string>;
  body?: string;
  timeoutMs: number;
  signal?: AbortSignal;
  /** Receives the answer's headers before any of its body is read. */
  onHeaders?: (header: HttpAnswer['header']) => void;
}

type HttpOutcome = { answered: true; answer: HttpAnswer } | { answered: false; end: RequestEnd };

/** `cut`: a successful answer began and did not come to its end, or was stopped by the taker. */
type StreamOutcome = { answered: true; answer: HttpAnswer; cut: boolean } | Extract<HttpOutcome, { answered: false }>;

export interface HttpClient {
  /** Never throws. */
  request(request: HttpRequest): Promise<HttpOutcome>;
  /**
   * Like `request`, but a successful answer is passed to `take` as it arrives and its text stays empty. The next piece
   * waits until `take` is done with the last one; if it returns false, the answer ends. Only `take` limits its size.
   * What `take` throws is thrown.
   */
  stream(request: HttpRequest, take: (text: string) => Promise<boolean>): Promise<StreamOutcome>;
  /** Sends a body from a source, see upload.ts. Never throws. */
  upload(request: UploadRequest): Promise<UploadOutcome>;
  /** Opens a stream of bytes, see download.ts. Never throws; reading the stream may. */
  download(request: DownloadRequest): Promise<DownloadOutcome>;
  /** Closes the kept connections. */
  close(): void;
}

export interface HttpClientOptions {
  clock: Clock;
  maxAnswerBytes?: number;
  connectTimeoutMs?: number;
}

/** Maximum number of characters read of an error's body. */
const MAX_ERROR_CHARS = 64 * 1024;

/** Carries what a stream's taker threw past the handling of server failures. */
class TakerFailed extends Error {}

/** Passes a body on, piece by piece; false if it did not come to its end. */
async function pour(body: Readable, take: (text: string) => Promise<boolean>): Promise<boolean> {
  body.setEncoding('utf8');
  let hasBegun = false;
  try {
    for await (const text of body as AsyncIterable<string>) {
      hasBegun = true;
      const wantsMore = await take(text).catch((error: unknown) => {
        throw new TakerFailed('the taker failed', { cause: error });
      });
      if (!wantsMore) return false;
    }
    return true;
  } catch (error) {
    // What arrived is valid; a body that did not even begin counts as no answer.
    if (error instanceof TakerFailed || !hasBegun) throw error;
    return false;
  } finally {
    body.destroy();
  }
}

async function readError(body: Readable): Promise<string> {
  let received = '';
  await pour(body, async (text) => {
    received += text;
    return received.length < MAX_ERROR_CHARS;
  });
  return received.slice(0, MAX_ERROR_CHARS);
}

/** Creates the client; its connections are kept and reused until `close`. */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const maxBytes = options.maxAnswerBytes ?? MAX_ANSWER_BYTES;
  const connectTimeoutMs = options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS;
  const agents = createAgents();
  // Separate: minutes of streaming must not keep a message waiting for a connection.
  const streaming = createAgents();
  const client: AxiosInstance = axios.create({
    adapter: 'http',
    proxy: false,
    maxRedirects: 0,
    maxContentLength: maxBytes,
    maxBodyLength: maxBytes,
    responseType: 'text',
    // axios would parse JSON leniently and return the text if that fails.
    transformResponse: [(text: unknown) => text],
    validateStatus: () => true,
    httpAgent: agents.http,
    httpsAgent: agents.https,
  });

  /**
   * Runs a request within its timeouts. `read` extracts what is wanted from the answer, and may throw as axios does.
   */
  async function once<T>(
    request: HttpRequest,
    as: { responseType: 'text' | 'stream'; maxContentLength: number },
    read: (answer: Omit<HttpAnswer, 'text'>, data: unknown) => Promise<T>,
  ): Promise<({ answered: true; read: T } | { answered: false; end: RequestEnd }) & { progress: Progress }> {
    const life = new RequestLife(options.clock, connectTimeoutMs, request);
    const { progress } = life;
    life.onClose(options.clock.after(request.timeoutMs, () => life.end('timeout')));
    try {
      const response = await client.request<unknown>({
        ...as,
        method: request.method,
        url: request.url.href,
        // Otherwise the library calls the body that is not there a form.
        headers: request.body === undefined ? { ...request.headers, 'Content-Type': false } : request.headers,
        ...(request.body === undefined ? {} : { data: request.body }),
        signal: life.signal,
        transport: life.transport,
      });
      const header = headerOf(response.headers);
      request.onHeaders?.(header);
      return { answered: true, read: await read({ status: response.status, header }, response.data), progress };
    } catch (error) {
      if (error instanceof TakerFailed) throw error.cause;
      const tooLarge = error instanceof Error && error.message.startsWith('maxContentLength');
      return { answered: false, end: life.endOf(error, tooLarge ? 'too_large' : 'error'), progress };
    } finally {
      life.close();
    }
  }

  /** The server may have closed a kept connection just as the request left. Reading again does no harm. */
  const isStale = (outcome: { answered: boolean; end?: RequestEnd; progress: Progress }, method: string): boolean =>
    outcome.end?.cause === 'error' && outcome.progress.reused && method === 'GET';

  async function request(asked: HttpRequest): Promise<HttpOutcome> {
    const run = () =>
      once(asked, { responseType: 'text', maxContentLength: maxBytes }, (answer, data) =>
        Promise.resolve({ ...answer, text: typeof data === 'string' ? data : '' }),
      );
    let outcome = await run();
    if (isStale(outcome, asked.method)) outcome = await run();
    return outcome.answered ? { answered: true, answer: outcome.read } : outcome;
  }

  async function stream(asked: HttpRequest, take: (text: string) => Promise<boolean>): Promise<StreamOutcome> {
    const run = () =>
      once(asked, { responseType: 'stream', maxContentLength: -1 }, async (answer, data) => {
        const body = data as Readable;
        if (answer.status < 200 || answer.status > 299) {
          const received = await readError(body);
          return { answer: { ...answer, text: received }, cut: false };
        }
        return { answer: { ...answer, text: '' }, cut: !(await pour(body, take)) };
      });
    let outcome = await run();
    if (isStale(outcome, asked.method)) outcome = await run();
    return outcome.answered ? { answered: true, ...outcome.read } : outcome;
  }

  return {
    request,
    stream,
    upload: (asked) => sendUpload(options.clock, connectTimeoutMs, asked),
    download: (asked) => openDownload(options.clock, connectTimeoutMs, streaming, asked),
    close() {
      agents.destroy();
      streaming.destroy();
    },
  };
}
