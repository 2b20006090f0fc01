/**
 * Deadlines for request bodies. Node's own `requestTimeout` applies to all requests alike, but an upload may take as
 * long as it makes progress. So the deadline is kept here, and uploads lift it.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

export interface BodyDeadlines {
  /** Lifts the deadline of this body: something else watches it from now on. */
  lift(request: IncomingMessage): void;
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
}

/** The deadline runs from the end of the headers. @param cut closes a connection whose deadline has passed. */
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

  // Must run before the request handler, which may lift the deadline right away.
  server.prependListener('request', keep);
  server.on('checkExpectation', (_request: IncomingMessage, response: ServerResponse) => {
    response.writeHead(417, { connection: 'close' }).end();
  });
  return { lift };
}
