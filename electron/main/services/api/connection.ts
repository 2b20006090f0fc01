/** What every request of ours is made on: connections that are held short, and the word whether one stood. */
import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import axios from 'axios';

/** Milliseconds until a connection must stand. */
export const CONNECT_TIMEOUT_MS = 10_000;
/** Bytes of the headers of an answer. */
const MAX_HEADER_BYTES = 16 * 1024;
/** Connections to one server that are open at a time. */
const MOST_CONNECTIONS = 16;

export interface Agents {
  http: http.Agent;
  https: https.Agent;
  /** Closes what is kept open. */
  destroy(): void;
}

/** Makes agents that keep connections and use them again. @param ca certificates to trust in the place of the defaults, in PEM. */
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

/** An answer, read to its end. */
export interface HttpAnswer {
  status: number;
  /** In lower case; of a repeated header the first. */
  header(name: string): string | undefined;
  text: string;
}

/** What one request went through, filled in while it runs. */
export interface Progress {
  connected: boolean;
  reused: boolean;
  /** Null before it has been made. */
  request: http.ClientRequest | null;
}

/** Nothing has happened yet. */
export function newProgress(): Progress {
  return { connected: false, reused: false, request: null };
}

/** Hands the request to Node and notes when its connection stands. */
export function watchedTransport(secure: boolean, progress: Progress, onConnected: () => void) {
  const begin = secure ? https.request : http.request;
  const stands = (): void => {
    progress.connected = true;
    onConnected();
  };
  return {
    request(options: https.RequestOptions, answer: (response: http.IncomingMessage) => void): http.ClientRequest {
      const request = begin({ ...options, maxHeaderSize: MAX_HEADER_BYTES }, answer);
      progress.request = request;
      request.once('socket', (socket: Socket) => {
        progress.reused = request.reusedSocket;
        if (request.reusedSocket) stands();
        else socket.once(socket instanceof TLSSocket ? 'secureConnect' : 'connect', stands);
      });
      return request;
    },
  };
}

/** The system's, the TLS library's or the parser's code of an error; empty where there is none. */
export function systemCodeOf(error: unknown): string {
  let at: unknown = error;
  // The first code that is not one of axios's own: the real reason lies in the cause.
  for (let depth = 0; depth < 5 && at instanceof Error; depth++) {
    const code = 'code' in at && typeof at.code === 'string' ? at.code : '';
    if (code !== '' && !(axios.isAxiosError(at) && code.startsWith('ERR_') && at.cause)) return code;
    at = at.cause;
  }
  return '';
}
