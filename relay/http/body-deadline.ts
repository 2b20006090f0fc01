/**
 * Until when the body of a request must have come. Node's own `requestTimeout` knows one time for all requests, and an upload
 * may take as long as it moves; so the time is kept here, for every request but those that are lifted out of it.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

export interface BodyDeadlines {
  /** This body may take its time: somebody else watches it now. */
  lift(request: IncomingMessage): void;
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
}

/** Keeps the time from the end of the headers on. @param cut ends a connection whose time is over. */
export function boundBodies(server: Server, ms: number, cut: (socket: Socket) => void): BodyDeadlines {
  const timers = new WeakMap<IncomingMessage, NodeJS.Timeout>();

  function lift(request: IncomingMessage): void {
    clearTimeout(timers.get(request));
  }

  function keep(request: IncomingMessage): void {
    if (!hasBody(request)) return;
    const { socket } = request;
    const timer = setTimeout(() => {
      if (!request.complete) cut(socket);
    }, ms);
    timer.unref();
    timers.set(request, timer);
    request.once('end', () => clearTimeout(timer));
    request.once('close', () => clearTimeout(timer));
  }

  // Before whoever answers: an answer may lift it at once.
  server.prependListener('request', keep);
  server.on('checkExpectation', (_request: IncomingMessage, response: ServerResponse) => {
    response.writeHead(417, { connection: 'close' }).end();
  });
  return { lift };
}
