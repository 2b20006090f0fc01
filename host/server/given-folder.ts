/**
 * Copies of the files that the user gave to a page: under Electron the page's files lie somewhere, here they are brought
 * by the page's own bytes. See page/given-files.ts.
 */
import { createWriteStream } from 'node:fs';
import { mkdir, truncate, utimes, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** The name under which a document's script hands them over. */
export const FILES_NAME = 'files';

const PLACE = /^(\d{1,9})\/([^/\\\0]{1,1000})$/;

function headerOf(request: IncomingMessage, name: string): string {
  return request.headers[name]?.toString() ?? '';
}

/** Makes one copy. False when the request makes no sense. */
export async function takeGivenFile(folder: string, request: IncomingMessage): Promise<boolean> {
  const { searchParams } = new URL(request.url ?? '/', 'http://host');
  const [, number, name] = PLACE.exec(searchParams.get('place') ?? '') ?? [];
  const modified = Number(headerOf(request, 'x-host-modified'));
  const size = Number(headerOf(request, 'x-host-size'));
  const isSane = number !== undefined && name !== undefined && name !== '.' && name !== '..';
  if (!isSane || !Number.isFinite(modified) || !Number.isSafeInteger(size)) {
    request.resume();
    return false;
  }
  const path = join(folder, number, name);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  switch (headerOf(request, 'x-host-kind')) {
    case 'folder':
      request.resume();
      await mkdir(path);
      break;
    case 'size':
      request.resume();
      await writeFile(path, '', { flag: 'wx' });
      await truncate(path, size);
      break;
    default:
      await pipeline(request, createWriteStream(path, { flags: 'wx', mode: 0o600 }));
  }
  await utimes(path, new Date(), new Date(modified));
  return true;
}
