/** Serves the application's own schemes from main's protocol handlers, with their headers unchanged. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline, Readable } from 'node:stream';
import type { ReadableStream as WebStream } from 'node:stream/web';

/** A handler as passed to `protocol.handle`. */
export type SchemeHandler = (request: Request) => Response | Promise<Response>;

/** Hop-by-hop headers. */
const HOP = new Set(['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'content-encoding']);
/** Request headers about the connection to the host, which a request under Electron would not have. */
const WITHHELD = new Set(['host', 'connection', 'cookie', 'origin', 'referer']);

/**
 * Calls a handler and writes its response. `inject` is inserted at the start of an HTML document, which must not be
 * cached then: what is injected works only once.
 */
export async function answerFromHandler(
  handler: SchemeHandler,
  url: string,
  request: IncomingMessage,
  response: ServerResponse,
  inject: string,
): Promise<number> {
  const answer = await handler(toRequest(url, request));
  // A network error, as from `Response.error()`: under Electron the request fails.
  if (answer.type === 'error') {
    response.destroy();
    return answer.status;
  }
  let headers = [...answer.headers].filter(([name]) => !HOP.has(name.toLowerCase()));
  if (isHtml(answer) && inject !== '') {
    headers = [...headers.filter(([name]) => name.toLowerCase() !== 'cache-control'), ['cache-control', 'no-store']];
    const body = Buffer.from(injectScript(await answer.text(), inject));
    response.writeHead(answer.status, [...headers, ['content-length', String(body.length)]].flat());
    response.end(body);
    return answer.status;
  }
  const length = answer.headers.get('content-length');
  if (length !== null) headers.push(['content-length', length]);
  response.writeHead(answer.status, headers.flat());
  if (answer.body === null || request.method === 'HEAD') response.end();
  // Whichever side ends early closes the other: a page that does not want the rest stops main from producing it.
  else pipeline(Readable.fromWeb(answer.body as WebStream), response, () => undefined);
  return answer.status;
}

function toRequest(url: string, request: IncomingMessage): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    if (!WITHHELD.has(name) && value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  const withBody = request.method !== 'GET' && request.method !== 'HEAD';
  return new Request(url, {
    method: request.method ?? 'GET',
    headers,
    ...(withBody ? { body: Readable.toWeb(request) as ReadableStream, duplex: 'half' } : {}),
  });
}

function isHtml(answer: Response): boolean {
  return (answer.headers.get('content-type') ?? '').startsWith('text/html');
}

/** Inserts a script tag so that it runs before any other script of the document. */
export function injectScript(html: string, tag: string): string {
  const head = /<head(\s[^>]*)?>/i.exec(html);
  if (head) {
    const at = head.index + head[0].length;
    return html.slice(0, at) + tag + html.slice(at);
  }
  const doctype = /^\s*<!doctype[^>]*>/i.exec(html);
  const at = doctype ? doctype[0].length : 0;
  return html.slice(0, at) + tag + html.slice(at);
}
