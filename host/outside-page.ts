/**
 * The page `/outside`: what the system would show around the application's windows, for a person who uses the stand-in.
 * A page of its own and not a strip in the application's page, which it would cover or push aside.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Outside } from './outside.ts';

const REFRESH_S = 2;

/** Answers the page, and a click on it. */
export function answerOutside(outside: Outside, request: IncomingMessage, response: ServerResponse): void {
  const query = new URL(request.url ?? '/', 'http://localhost').searchParams;
  const id = query.get('id');
  const action = query.get('action');
  if (request.method === 'POST' && id !== null && action !== null) {
    outside.act({ id, action });
    response.writeHead(303, { location: '/outside' });
    response.end();
    return;
  }
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    'cache-control': 'no-store',
    refresh: String(REFRESH_S),
  });
  response.end(page(outside));
}

function page(outside: Outside): string {
  const items = outside.items().map(
    ({ id, what, title, text, choices }) => `<section><h2>${what}: ${escape(title)}</h2><p>${escape(text)}</p>
${choices
  .map(
    ({ action, label }) =>
      `<form method="post" action="/outside?id=${encodeURIComponent(id)}&amp;action=${encodeURIComponent(action)}"><button>${escape(label || action)}</button></form>`,
  )
  .join('\n')}</section>`,
  );
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Around the windows of Relay</title>
<h1>Around the windows of Relay</h1>${items.join('\n') || '<p>Nothing to see now.</p>'}</html>`;
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
