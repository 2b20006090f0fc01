import { execFileSync } from 'node:child_process';
import { readdirSync, readlinkSync } from 'node:fs';
import { appendFile, chmod, mkdir, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileSource } from '../../../../electron/main/services/api/file-source.ts';
import { TransferFailed } from '../../../../electron/main/lib/transfer-failed.ts';
import { ownFolder } from '../../../helpers/main-parts.ts';

const SIZE = 600_000;
const bytes = Buffer.alloc(SIZE, 'abcdefg');
let own: Awaited<ReturnType<typeof ownFolder>>;
let file: string;

beforeEach(async () => {
  own = await ownFolder();
  file = join(own.folder, 'file');
  await writeFile(file, bytes);
});
afterEach(() => own.remove());

async function codeOf(work: Promise<unknown>): Promise<string> {
  const failed = await work.then(
    () => null,
    (error: unknown) => error,
  );
  return failed instanceof TransferFailed ? failed.failure.code : `no failure of a transfer: ${String(failed)}`;
}

async function readAll(from: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of from) chunks.push(chunk);
  return Buffer.concat(chunks);
}

describe('a file as a source', () => {
  it('is read in pieces, again for each attempt', async () => {
    const source = await fileSource(file);
    expect(source.size).toBe(SIZE);
    for (let attempt = 0; attempt < 2; attempt++) expect((await readAll(source.open())).equals(bytes)).toBe(true);
    let largest = 0;
    for await (const chunk of source.open()) largest = Math.max(largest, chunk.length);
    expect(largest).toBeLessThanOrEqual(256 * 1024);
  });

  it('may be empty', async () => {
    await writeFile(file, '');
    const source = await fileSource(file);
    expect([source.size, (await readAll(source.open())).length]).toEqual([0, 0]);
  });

  it('keeps the pieces apart that are still on their way', async () => {
    await writeFile(file, Buffer.concat([Buffer.alloc(256 * 1024, 'a'), Buffer.alloc(256 * 1024, 'b')]));
    const pieces: Uint8Array[] = [];
    for await (const piece of (await fileSource(file)).open()) pieces.push(piece);
    expect(pieces.map((piece) => piece[0])).toEqual([0x61, 0x62]);
  });

  it.each<[string, (path: string) => Promise<unknown>]>([
    ['grown', (path) => appendFile(path, 'more')],
    ['shorter', (path) => truncate(path, 10)],
    ['written again', (path) => utimes(path, new Date(), new Date(Date.now() + 5000))],
  ])('that has %s is another file', async (_what, change) => {
    const source = await fileSource(file);
    await change(file);
    // Known before anything of it is sent.
    expect(await codeOf(source.open()[Symbol.asyncIterator]().next())).toBe('file_changed');
  });

  it.each<[string, (path: string) => Promise<unknown>]>([
    ['grows', (path) => appendFile(path, 'more')],
    ['is cut', (path) => truncate(path, 10)],
  ])('that %s while it is read is another file', async (_what, change) => {
    const source = await fileSource(file);
    const pieces = source.open()[Symbol.asyncIterator]();
    await pieces.next();
    await change(file);
    const rest = { [Symbol.asyncIterator]: () => pieces };
    expect(await codeOf(readAll(rest))).toBe('file_changed');
  });

  it('that is gone, or may not be read, says so', async () => {
    const source = await fileSource(file);
    await rm(file);
    expect(await codeOf(readAll(source.open()))).toBe('file_unreadable');
    expect(await codeOf(fileSource(file))).toBe('file_unreadable');
    expect(await codeOf(fileSource(join(own.folder, 'nothing\0')))).toBe('file_unreadable');
  });

  it.runIf(process.getuid !== undefined && process.getuid() !== 0)('that may not be read says so', async () => {
    await chmod(file, 0);
    expect(await codeOf(fileSource(file))).toBe('file_unreadable');
  });

  it('is no folder, and nothing that never ends', async () => {
    await mkdir(join(own.folder, 'folder'));
    expect(await codeOf(fileSource(join(own.folder, 'folder')))).toBe('file_unreadable');
    if (process.platform === 'win32') return;
    const pipe = join(own.folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    expect(await codeOf(fileSource(pipe))).toBe('file_unreadable');
    expect(await codeOf(fileSource('/dev/zero'))).toBe('file_unreadable');
  });

  it.runIf(process.platform === 'linux')('is closed where its reader has had enough', async () => {
    const isOpen = (): boolean =>
      readdirSync('/proc/self/fd').some((fd) => {
        try {
          return readlinkSync(`/proc/self/fd/${fd}`) === file;
        } catch {
          // The listing's own, closed by now.
          return false;
        }
      });
    const source = await fileSource(file);
    for await (const piece of source.open()) {
      expect(piece.length).toBeGreaterThan(0);
      expect(isOpen()).toBe(true);
      break;
    }
    expect(isOpen()).toBe(false);
  });
});
