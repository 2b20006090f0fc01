/** Forwards requests to the page's development server, including its live-reload socket. */
import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { injectScript } from './documents.ts';

/** Forwards a request to the server at `origin`; `inject` is inserted into HTML. */
export function proxyRequest(origin: string, request: IncomingMessage, response: ServerResponse, inject: string): void {
  const { host } = new URL(origin);
  const headers = { ...request.headers, host, 'accept-encoding': 'identity' };
  const onward = httpRequest(origin + (request.url ?? '/'), { method: request.method ?? 'GET', headers }, (answer) => {
    if (inject === '' || !(answer.headers['content-type'] ?? '').startsWith('text/html')) {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
      return;
    }
    const chunks: Buffer[] = [];
    answer.on('data', (chunk: Buffer) => chunks.push(chunk));
    answer.on('end', () => {
      const body = Buffer.from(injectScript(Buffer.concat(chunks).toString('utf8'), inject));
      const changed = { 'content-length': String(body.length), 'cache-control': 'no-store' };
      response.writeHead(answer.statusCode ?? 502, { ...answer.headers, ...changed });
      response.end(body);
    });
  });
  onward.on('error', (error) => {
    response.writeHead(502, { 'content-type': 'text/plain' });
    response.end(`The development server at ${origin} does not answer: ${error.message}`);
  });
  request.pipe(onward);
}

/** Forwards a WebSocket upgrade to the server at `origin`. */
export function proxyUpgrade(origin: string, request: IncomingMessage, socket: Duplex, head: Buffer): void {
  const { hostname, port, host } = new URL(origin);
  const onward = connect(Number(port), hostname, () => {
    const lines = [`${request.method ?? 'GET'} ${request.url ?? '/'} HTTP/1.1`];
    for (const [name, value] of Object.entries({ ...request.headers, host, origin })) {
      lines.push(`${name}: ${String(value)}`);
    }
    onward.write(`${lines.join('\r\n')}\r\n\r\n`);
    onward.write(head);
    onward.pipe(socket).pipe(onward);
  });
  onward.on('error', () => socket.destroy());
  socket.on('error', () => onward.destroy());
}
