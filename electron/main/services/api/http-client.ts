/**
 * One request, one answer as text: axios on Node's own http, held short. Nothing is followed, no proxy of the
 * environment is used, every size and every time has an end, and the caller learns whether bytes may have left.
 */
import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import axios, { type AxiosInstance } from 'axios';
import type { Clock } from '../ports.ts';
import type { RequestEnd } from './failure.ts';

/** Bytes of an answer that are read at most; a longer one is cut off and refused. */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;
/** Milliseconds until a connection must stand. */
const CONNECT_TIMEOUT_MS = 10_000;
/** Milliseconds until the whole answer must have come. */
export const ANSWER_TIMEOUT_MS = 30_000;

interface HttpRequest {
  method: string;
  url: URL;
  headers: Record<string, string>;
  body?: string;
  timeoutMs: number;
  signal?: AbortSignal;
}

export interface HttpAnswer {
  status: number;
  /** In lower case; of a repeated header the first. */
  header(name: string): string | undefined;
  text: string;
}

type HttpOutcome = { answered: true; answer: HttpAnswer } | { answered: false; end: RequestEnd };

export interface HttpClient {
  /** Never throws. */
  request(request: HttpRequest): Promise<HttpOutcome>;
  /** Closes what is kept open. */
  close(): void;
}

export interface HttpClientOptions {
  clock: Clock;
  maxAnswerBytes?: number;
  connectTimeoutMs?: number;
  /** Certificates to trust beside the system's, in PEM. */
  extraCertificates?: string[];
}

/** What one request went through, filled in while it runs. */
interface Progress {
  connected: boolean;
  reused: boolean;
}

/** Hands the request to Node and notes when its connection stands. */
function watchedTransport(secure: boolean, progress: Progress, onConnected: () => void) {
  const begin = secure ? https.request : http.request;
  const stands = (): void => {
    progress.connected = true;
    onConnected();
  };
  return {
    request(options: https.RequestOptions, answer: (response: http.IncomingMessage) => void): http.ClientRequest {
      const request = begin(options, answer);
      request.once('socket', (socket: Socket) => {
        progress.reused = request.reusedSocket;
        if (request.reusedSocket) stands();
        else socket.once(socket instanceof TLSSocket ? 'secureConnect' : 'connect', stands);
      });
      return request;
    },
  };
}

function systemCodeOf(error: unknown): string {
  let at: unknown = error;
  // The first code that is not one of axios's own: the real reason lies in the cause.
  for (let depth = 0; depth < 5 && at instanceof Error; depth++) {
    const code = 'code' in at && typeof at.code === 'string' ? at.code : '';
    if (code !== '' && !(axios.isAxiosError(at) && code.startsWith('ERR_') && at.cause)) return code;
    at = at.cause;
  }
  return '';
}

/** Makes the client; its connections are kept and used again until `close`. */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const maxBytes = options.maxAnswerBytes ?? MAX_ANSWER_BYTES;
  const connectTimeoutMs = options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS;
  const agents = {
    http: new http.Agent({ keepAlive: true, maxSockets: 16 }),
    https: new https.Agent({
      keepAlive: true,
      maxSockets: 16,
      minVersion: 'TLSv1.2',
      ...(options.extraCertificates ? { ca: options.extraCertificates } : {}),
    }),
  };
  const client: AxiosInstance = axios.create({
    adapter: 'http',
    proxy: false,
    maxRedirects: 0,
    maxContentLength: maxBytes,
    maxBodyLength: maxBytes,
    responseType: 'text',
    // axios would read JSON leniently and hand over the text where it fails.
    transformResponse: [(text: unknown) => text],
    validateStatus: () => true,
    httpAgent: agents.http,
    httpsAgent: agents.https,
  });

  async function once(request: HttpRequest): Promise<HttpOutcome & { progress: Progress }> {
    const progress: Progress = { connected: false, reused: false };
    const stop = new AbortController();
    let cause: RequestEnd['cause'] | null = null;
    const end = (why: RequestEnd['cause']) => () => {
      cause ??= why;
      stop.abort();
    };
    const undoTotal = options.clock.after(request.timeoutMs, end('timeout'));
    const undoConnect = options.clock.after(connectTimeoutMs, end('connect_timeout'));
    const cancelled = end('cancelled');
    if (request.signal?.aborted) cancelled();
    request.signal?.addEventListener('abort', cancelled, { once: true });
    try {
      const response = await client.request<string>({
        method: request.method,
        url: request.url.href,
        headers: request.headers,
        ...(request.body === undefined ? {} : { data: request.body }),
        signal: stop.signal,
        transport: watchedTransport(request.url.protocol === 'https:', progress, undoConnect),
      });
      const answer: HttpAnswer = {
        status: response.status,
        header: (name) => {
          const value: unknown = response.headers[name];
          return typeof value === 'string' ? value : undefined;
        },
        text: typeof response.data === 'string' ? response.data : '',
      };
      return { answered: true, answer, progress };
    } catch (error) {
      const tooLarge = error instanceof Error && error.message.startsWith('maxContentLength');
      const systemCode = systemCodeOf(error);
      return {
        answered: false,
        end: { cause: cause ?? (tooLarge ? 'too_large' : 'error'), systemCode, connected: progress.connected },
        progress,
      };
    } finally {
      undoTotal();
      undoConnect();
      request.signal?.removeEventListener('abort', cancelled);
    }
  }

  return {
    async request(request) {
      const first = await once(request);
      // A kept connection may have been closed by the server just as the request left. Reading again does no harm.
      const stale = !first.answered && first.end.cause === 'error' && first.progress.reused && request.method === 'GET';
      return stale ? once(request) : first;
    },
    close() {
      agents.http.destroy();
      agents.https.destroy();
    },
  };
}
