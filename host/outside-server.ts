/**
 * Shows what the system would display around the application's windows, as a page for someone using the stand-in. It
 * has its own port (and therefore origin) and a random URL: the application's page, which is not trusted here either,
 * can neither read nor click it.
 */
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SystemUi } from './system-ui.ts';

const REFRESH_S = 2;

export interface OutsideServer {
  /** Everyone who has it may click. */
  readonly address: string;
  close(): Promise<void>;
}

/** Listens on a free loopback port. */
export async function startOutsideServer(outside: SystemUi): Promise<OutsideServer> {
  const path = `/${randomBytes(24).toString('base64url')}`;
  const server = createServer((request, response) => answer(outside, path, base, request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    address: base + path,
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** True for the user's own clicks: a request from another page has that page's origin, or is cross-site. */
function isOwn(base: string, { headers, method }: IncomingMessage): boolean {
  const site = headers['sec-fetch-site'];
  if (headers.host !== new URL(base).host) return false;
  if (method === 'POST') return headers.origin === base && (site === undefined || site === 'same-origin');
  return method === 'GET' && (site === undefined || site === 'none' || site === 'same-origin');
}

function answer(
  outside: SystemUi,
  path: string,
  base: string,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  // Must come before the check: an unread body keeps the connection busy.
  request.resume();
  const { pathname, searchParams } = new URL(request.url ?? '/', base);
  if (pathname !== path || !isOwn(base, request)) {
    response.writeHead(403, { 'content-type': 'text/plain' }).end('not for you');
    return;
  }
  const [id, action] = [searchParams.get('id'), searchParams.get('action')];
  if (request.method === 'POST') {
    if (id !== null && action !== null) outside.act({ id, action });
    response.writeHead(303, { location: path }).end();
    return;
  }
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'no-store',
    refresh: String(REFRESH_S),
  });
  response.end(page(outside, path));
}

function page(outside: SystemUi, path: string): string {
  const items = outside.items().map(
    ({ id, what, title, text, choices }) => `<section><h2>${what}: ${escape(title)}</h2><p>${escape(text)}</p>
${choices
  .map(
    ({ action, label }) =>
      `<form method="post" action="${path}?id=${encodeURIComponent(id)}&amp;action=${encodeURIComponent(action)}"><button>${escape(label || action)}</button></form>`,
  )
  .join('\n')}</section>`,
  );
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Around the windows of Relay</title>
<h1>Around the windows of Relay</h1>${items.join('\n') || '<p>Nothing to see now.</p>'}</html>`;
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
