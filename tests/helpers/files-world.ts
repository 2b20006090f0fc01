/** People who send files: their folders, their composers, and what arrives. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { UploadView } from '../../contract/ipc/file-views.ts';
import { filesOfAccount } from '../../electron/main/account-commands.ts';
import { systemClock } from '../../electron/main/platform/clock.ts';
import { MediaCache } from '../../electron/main/services/files/media-cache.ts';
import { createMedia } from '../../electron/main/services/files/media.ts';
import { answerMediaRequest } from '../../electron/main/windows/media-answer.ts';
import { must, type Person } from './data-world.ts';

export const sha = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** A file of random bytes. */
export async function randomFile(folder: string, name: string, size: number): Promise<{ path: string; bytes: Buffer }> {
  await mkdir(folder, { recursive: true });
  const bytes = randomBytes(size);
  const path = join(folder, name);
  await writeFile(path, bytes);
  return { path, bytes };
}

/** What the page was told last of a chat's uploads. */
export function toldUploads(person: Person, chatId: string): UploadView[] {
  for (let n = person.page.events.length - 1; n >= 0; n -= 1) {
    const event = person.page.events[n];
    if (event?.kind === 'uploads' && event.chatId === chatId) return event.uploads;
  }
  return [];
}

/** Stages files that must all be taken. */
export async function stage(person: Person, chatId: string, ...paths: string[]): Promise<UploadView[]> {
  const files = paths.map((path) => ({ path, name: path.split('/').at(-1) ?? '' }));
  const { staged, refused } = must(await person.data.files.stage({ chatId, paths: files }));
  if (refused.length > 0) throw new Error(`refused: ${JSON.stringify(refused)}`);
  return staged;
}

/** Hands over bytes as the page does, in pieces. */
export async function stageBytes(
  person: Person,
  chatId: string,
  bytes: Uint8Array,
  more: { name?: string; mimeType?: string; voice?: boolean; replaces?: string; piece?: number } = {},
): Promise<UploadView> {
  const { name = 'pasted.png', mimeType = 'image/png', voice = false, replaces, piece = 1024 * 1024 } = more;
  let uploadId: string | null = null;
  const ofFile = { chatId, name, mimeType, size: bytes.length, voice, ...(replaces === undefined ? {} : { replaces }) };
  for (let at = 0; ; at += piece) {
    const chunk = Uint8Array.from(bytes.subarray(at, at + piece));
    const last = at + piece >= bytes.length;
    const answer: Awaited<ReturnType<typeof person.data.files.stageBytes>> = await person.data.files.stageBytes({
      ...ofFile,
      uploadId,
      chunk,
      last,
    });
    const taken = must(answer);
    uploadId = taken.uploadId;
    if (taken.upload) return taken.upload;
  }
}

/** Waits until an upload is in a state. */
export async function untilUpload(
  person: Person,
  chatId: string,
  id: string,
  what: (upload: UploadView | undefined) => boolean,
): Promise<void> {
  await person.page.until(`the upload ${id}`, () => what(toldUploads(person, chatId).find((one) => one.id === id)));
}

/** Everything in a folder, by its path. */
export async function listing(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  } catch {
    // It was never made.
    return [];
  }
}

/** The cache of the next run, on the same folder. */
export function nextCache({ userDataDir, logger }: Person): MediaCache {
  return new MediaCache({ folder: join(userDataDir, 'media'), limit: 2 ** 30, clock: systemClock, logger });
}

/** What the page would get for the addresses that main names: through the same answer as in the window. */
export function mediaOf(person: Person, cache = person.program.cache) {
  const { accounts, logger } = person.program;
  const media = createMedia({
    cache,
    logger,
    accountOf: (tag) => filesOfAccount(accounts.tagged(tag)),
  });
  return {
    cache,
    /** A request of the page. The body is read unless it failed. */
    async get(url: string, headers: Record<string, string> = {}, method = 'GET') {
      const request = new Request(`app://relay${url}`, { method, headers });
      const answer = await answerMediaRequest(request, media, logger);
      const body = answer.type === 'error' ? null : await answer.arrayBuffer().catch(() => null);
      return {
        status: body ? answer.status : 'failed',
        headers: answer.headers,
        bytes: Buffer.from(body ?? new ArrayBuffer(0)),
      };
    },
    /** The same, without reading it. */
    begin: (url: string, headers: Record<string, string> = {}) =>
      answerMediaRequest(new Request(`app://relay${url}`, { headers }), media, logger),
  };
}
