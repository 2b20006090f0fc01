/** What all our requests are made on: connections with tight limits, and whether one was established. */
import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import axios, { type AxiosInstance } from 'axios';

/** Milliseconds within which a connection must be established. */
export const CONNECT_TIMEOUT_MS = 10_000;
/** Maximum number of bytes of an answer's headers. */
const MAX_HEADER_BYTES = 16 * 1024;
/** Maximum number of connections to one server at a time. */
const MOST_CONNECTIONS = 16;

export interface Agents {
  http: http.Agent;
  https: https.Agent;
  /** Closes the kept connections. */
  destroy(): void;
}

/**
 * Creates agents that keep connections and reuse them. @param ca certificates to trust in place of the defaults, in
 * PEM.
 */
export function createAgents(ca?: string[]): Agents {
  const kept = { keepAlive: true, maxSockets: MOST_CONNECTIONS };
  const agents = {
    http: new http.Agent(kept),
    https: new https.Agent({ ...kept, minVersion: 'TLSv1.2', ...(ca ? { ca } : {}) }),
  };
  return {
    ...agents,
    destroy() {
      agents.http.destroy();
      agents.https.destroy();
    },
  };
}

/** A complete answer. */
export interface HttpAnswer {
  status: number;
  /** `name` is in lower case; the first value of a repeated header. */
  header(name: string): string | undefined;
  text: string;
}

/** Reads the headers of an answer as `HttpAnswer` does. */
export function headerOf(headers: Record<string, unknown>): HttpAnswer['header'] {
  return (name) => {
    const value = headers[name];
    const first: unknown = Array.isArray(value) ? value[0] : value;
    return typeof first === 'string' ? first : undefined;
  };
}

/** For bodies that stream in either direction; whoever streams them counts their bytes. */
export const streamClient: AxiosInstance = axios.create({
  adapter: 'http',
  proxy: false,
  maxRedirects: 0,
  // In axios both limits would only add another stream in between.
  maxContentLength: -1,
  maxBodyLength: -1,
  // A compressed length says nothing about the length of the content.
  decompress: false,
  responseType: 'stream',
  validateStatus: () => true,
});

/** The progress of one request, updated while it runs. */
export interface Progress {
  connected: boolean;
  reused: boolean;
  /** Null until it has been created. */
  request: http.ClientRequest | null;
}

/** The progress of a request that has not started. */
export function newProgress(): Progress {
  return { connected: false, reused: false, request: null };
}

/** Passes the request to Node and records when its connection is established. */
export function watchedTransport(secure: boolean, progress: Progress, onConnected: () => void) {
  const begin = secure ? https.request : http.request;
  const markConnected = (): void => {
    progress.connected = true;
    onConnected();
  };
  return {
    request(options: https.RequestOptions, answer: (response: http.IncomingMessage) => void): http.ClientRequest {
      const request = begin({ ...options, maxHeaderSize: MAX_HEADER_BYTES }, answer);
      progress.request = request;
      request.once('socket', (socket: Socket) => {
        progress.reused = request.reusedSocket;
        if (request.reusedSocket) markConnected();
        else socket.once(socket instanceof TLSSocket ? 'secureConnect' : 'connect', markConnected);
      });
      return request;
    },
  };
}

/** The error code of the system, the TLS library or the parser; empty if there is none. */
export function systemCodeOf(error: unknown): string {
  let at: unknown = error;
  // The first code that is not one of axios's own: the real reason is in the cause.
  for (let depth = 0; depth < 5 && at instanceof Error; depth++) {
    const code = 'code' in at && typeof at.code === 'string' ? at.code : '';
    if (code !== '' && !(axios.isAxiosError(at) && code.startsWith('ERR_') && at.cause)) return code;
    at = at.cause;
  }
  return '';
}
