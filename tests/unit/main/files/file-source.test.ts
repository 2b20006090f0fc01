import { execFileSync } from 'node:child_process';
import { readdirSync, readlinkSync } from 'node:fs';
import { appendFile, chmod, mkdir, rename, rm, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileSource, identify, isSameFile, withFile } from '../../../../electron/main/services/files/file-source.ts';
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

async function sourceOf(path: string) {
  return fileSource({ path, identity: await identify(path) });
}

describe('a file as a source', () => {
  it('is read in pieces, again for each attempt', async () => {
    const source = await sourceOf(file);
    expect(source.size).toBe(SIZE);
    for (let attempt = 0; attempt < 2; attempt++) expect((await readAll(source.open())).equals(bytes)).toBe(true);
    let largest = 0;
    for await (const chunk of source.open()) largest = Math.max(largest, chunk.length);
    expect(largest).toBeLessThanOrEqual(256 * 1024);
  });

  it('may be empty', async () => {
    await writeFile(file, '');
    const source = await sourceOf(file);
    expect([source.size, (await readAll(source.open())).length]).toEqual([0, 0]);
  });

  it('keeps the pieces apart that are still on their way', async () => {
    await writeFile(file, Buffer.concat([Buffer.alloc(256 * 1024, 'a'), Buffer.alloc(256 * 1024, 'b')]));
    const pieces: Uint8Array[] = [];
    for await (const piece of (await sourceOf(file)).open()) pieces.push(piece);
    expect(pieces.map((piece) => piece[0])).toEqual([0x61, 0x62]);
  });

  it.each<[string, (path: string) => Promise<unknown>]>([
    ['grown', (path) => appendFile(path, 'more')],
    ['shorter', (path) => truncate(path, 10)],
    ['written again', (path) => utimes(path, new Date(), new Date(Date.now() + 5000))],
  ])('that has %s is another file', async (_what, change) => {
    const source = await sourceOf(file);
    await change(file);
    // Known before anything of it is sent.
    expect(await codeOf(source.open()[Symbol.asyncIterator]().next())).toBe('file_changed');
  });

  it.each<[string, (path: string) => Promise<unknown>]>([
    ['grows', (path) => appendFile(path, 'more')],
    ['is cut', (path) => truncate(path, 10)],
  ])('that %s while it is read is another file', async (_what, change) => {
    const source = await sourceOf(file);
    const pieces = source.open()[Symbol.asyncIterator]();
    const first = await pieces.next();
    let taken = first.done === true ? 0 : first.value.length;
    await change(file);
    const rest = async (): Promise<void> => {
      for await (const piece of { [Symbol.asyncIterator]: () => pieces }) taken += piece.length;
    };
    expect(await codeOf(rest())).toBe('file_changed');
    // Whoever counts the bytes never has all of them.
    expect(taken).toBeLessThan(SIZE);
  });

  it('that is gone, or may not be read, says so', async () => {
    const source = await sourceOf(file);
    await rm(file);
    expect(await codeOf(readAll(source.open()))).toBe('file_gone');
    expect(await codeOf(identify(file))).toBe('file_gone');
    expect(await codeOf(identify(join(own.folder, 'nothing\0')))).toBe('file_unreadable');
  });

  it.runIf(process.getuid !== undefined && process.getuid() !== 0)('that may not be read says so', async () => {
    await chmod(file, 0);
    expect(await codeOf(identify(file))).toBe('file_unreadable');
  });

  it('is no folder, and nothing that never ends', async () => {
    await mkdir(join(own.folder, 'folder'));
    expect(await codeOf(identify(join(own.folder, 'folder')))).toBe('file_unreadable');
    if (process.platform === 'win32') return;
    const pipe = join(own.folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    expect(await codeOf(identify(pipe))).toBe('file_unreadable');
    expect(await codeOf(identify('/dev/zero'))).toBe('file_unreadable');
  });

  it('is replaced by a file of the same size and time: another file', async () => {
    const before = await identify(file);
    const other = join(own.folder, 'other');
    const time = new Date(1_700_000_000_000);
    await utimes(file, time, time);
    const identity = await identify(file);
    expect(isSameFile(before, identity)).toBe(false);
    await writeFile(other, bytes);
    await utimes(other, time, time);
    await rename(other, file);
    expect(await identify(file)).toMatchObject({ size: identity.size, modified: identity.modified });
    expect(await codeOf(readAll(fileSource({ path: file, identity }).open()))).toBe('file_changed');
  });

  it.skipIf(process.platform === 'win32')('that became a link is not followed', async () => {
    const identity = await identify(file);
    const other = join(own.folder, 'other');
    await rename(file, other);
    await symlink(other, file);
    expect(await codeOf(readAll(fileSource({ path: file, identity }).open()))).toBe('file_unreadable');
    expect(await codeOf(withFile(file, async () => null))).toBe('file_unreadable');
  });

  it('gives what its plan says, from anywhere, and tells when the last byte was taken', async () => {
    const identity = await identify(file);
    const plan = {
      segments: [{ from: 10, to: 20 }, { bytes: Buffer.from('between') }, { from: 300_000, to: SIZE }],
      size: 10 + 7 + SIZE - 300_000,
    };
    const whole = Buffer.concat([bytes.subarray(10, 20), Buffer.from('between'), bytes.subarray(300_000)]);
    for (const offset of [0, 5, 12, 17, 100, whole.length]) {
      let ended = 0;
      const source = fileSource({ path: file, identity, plan, offset, onEnd: () => (ended += 1) });
      expect(source.size).toBe(whole.length - offset);
      expect((await readAll(source.open())).equals(whole.subarray(offset))).toBe(true);
      expect(ended).toBe(1);
    }
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
    const source = await sourceOf(file);
    for await (const piece of source.open()) {
      expect(piece.length).toBeGreaterThan(0);
      expect(isOpen()).toBe(true);
      break;
    }
    expect(isOpen()).toBe(false);
  });
});
