/**
 * The page's files as a closed list: what the build put there and nothing else. A path is looked up, never joined, so
 * there is no way out of the folder.
 */
import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { PAGE_HEADERS } from './csp.ts';

/** Files of other types are not part of the page. */
const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.mp3': 'audio/mpeg',
  '.ogg': 'audio/ogg',
};

export type PageFiles = ReadonlyMap<string, { file: string; type: string }>;

/** Lists a folder: maps a URL path (`/assets/index.js`) to the file behind it. */
export async function listPageFiles(folder: string): Promise<PageFiles> {
  const files = new Map<string, { file: string; type: string }>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const type = CONTENT_TYPES[extname(entry.name).toLowerCase()];
    if (!entry.isFile() || type === undefined) continue;
    const file = join(entry.parentPath, entry.name);
    const path = `/${file.slice(folder.length).split(/[\\/]/).filter(Boolean).join('/')}`;
    files.set(path, { file, type });
  }
  return files;
}

/** Answers a request for our own scheme and host; everything not on the list is 404. */
export async function answerPageRequest(
  request: { method: string; url: string },
  host: string,
  files: PageFiles,
): Promise<Response> {
  const refuse = (status: number): Response =>
    new Response(null, { status, headers: { ...PAGE_HEADERS, 'Content-Type': 'text/plain' } });
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405);
  if (!URL.canParse(request.url)) return refuse(400);
  const url = new URL(request.url);
  if (url.host !== host) return refuse(404);
  const found = files.get(url.pathname);
  if (!found) return refuse(404);
  const body = request.method === 'HEAD' ? null : new Uint8Array(await readFile(found.file));
  return new Response(body, { status: 200, headers: { ...PAGE_HEADERS, 'Content-Type': found.type } });
}
