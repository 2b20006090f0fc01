/** Uploads in parts, without HTTP: claims, quotas, and what a crash between any two steps leaves. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { RelayLimits } from '../../../relay/limits.ts';
import { ADAPTERS } from './databases.ts';
import { chunks, createFileWorld, silence, type FileWorld } from './file-world.ts';

describe.each(ADAPTERS)('on $name', (adapter) => {
  let world: FileWorld;
  const make = async (changed: Partial<RelayLimits> = {}): Promise<FileWorld> =>
    (world = await createFileWorld(adapter, changed));
  afterEach(() => world.end());

  const refusal = (code: string, more: object = {}) => expect.objectContaining({ code, ...more }) as unknown;
  const begin = async ({ uploads }: FileWorld, size: number, ownerId = 'anna'): Promise<string> =>
    (await uploads.create(ownerId, { name: 'a.txt', size, peaks: null })).id;
  const part = (offset: number, ...texts: string[]) => ({ offset, length: null, bytes: chunks(...texts) });
  const HASH_OF_HELLOWORLD = '936a185caaa266bb9cbe981e9e05cb78cd732b0b3280eb944412bb6f8f8f07af';
  const HASH_OF_HELLO = '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824';

  test('of its bytes a hash is kept, whether they came at once, in parts, or from before a restart', async () => {
    const { uploads, store, folder, sessions } = await make();
    const [once, parts] = [await begin(world, 5), await begin(world, 5)];
    expect((await uploads.append('anna', once, part(0, 'hello'))).file?.sha256).toBe(HASH_OF_HELLO);
    await uploads.append('anna', parts, part(0, 'he'));
    expect((await uploads.append('anna', parts, part(2, 'llo'))).file?.sha256).toBe(HASH_OF_HELLO);
    const earlier = await begin(world, 5);
    const { fileId } = (await sessions.find(earlier)) ?? { fileId: '' };
    writeFileSync(join(folder, 'files', 'incoming', fileId), 'heXXXX');
    await world.write((tx) => tx.uploadSessions.advance(earlier, 2, Number.MAX_SAFE_INTEGER));
    expect((await uploads.append('anna', earlier, part(2, 'llo'))).file?.sha256).toBe(HASH_OF_HELLO);
    expect(await store.complete(fileId, 5)).toMatchObject({ size: 5, sha256: HASH_OF_HELLO });
  });

  // Where what is asked first is answered first: several connections to a server may claim it in any order.
  test.runIf(adapter.name !== 'PostgreSQL')(
    'a connection that is pushed aside before its first byte ends too',
    async () => {
      const { uploads, disk } = await make();
      const id = await begin(world, 5);
      disk.free = 1e12;
      const all = await Promise.allSettled([
        uploads.append('anna', id, { offset: 0, length: null, bytes: silence() }),
        uploads.append('anna', id, { offset: 0, length: null, bytes: silence() }),
        uploads.append('anna', id, part(0, 'hello')),
      ]);
      expect(all.map((one) => (one.status === 'fulfilled' ? one.value.file?.size : (one.reason as unknown)))).toEqual([
        refusal('conflict'),
        refusal('conflict'),
        5,
      ]);
    },
  );

  test('bytes that came before a failure count, those beyond the size do not', async () => {
    const { uploads } = await make();
    const id = await begin(world, 10);
    async function* failing(): AsyncGenerator<Uint8Array, void> {
      yield* chunks('hello');
      throw new Error('gone');
    }
    await expect(uploads.append('anna', id, { offset: 0, length: null, bytes: failing() })).rejects.toThrow('gone');
    expect(await uploads.progress('anna', id)).toEqual({ offset: 5, file: null });
    await expect(uploads.append('anna', id, part(0, 'hello'))).rejects.toEqual(refusal('conflict', { offset: 5 }));
    await expect(uploads.append('anna', id, part(5, 'wor', 'ld!'))).rejects.toEqual(refusal('too_large'));
    expect(await uploads.progress('anna', id)).toEqual({ offset: 8, file: null });
    await expect(uploads.append('anna', id, { offset: 8, length: 3, bytes: chunks('ld!') })).rejects.toEqual(
      refusal('too_large'),
    );
    expect((await uploads.append('anna', id, part(8, 'ld'))).file?.size).toBe(10);
  });

  test('a full disk keeps what is on it, and the upload goes on when there is room', async () => {
    const { uploads, disk } = await make();
    const id = await begin(world, 10);
    await uploads.append('anna', id, part(0, 'hello'));
    disk.breakAfter('write', 0);
    await expect(uploads.append('anna', id, part(5, 'world'))).rejects.toEqual(refusal('disk_full'));
    disk.repair();
    disk.free = 0;
    await expect(uploads.append('anna', id, part(5, 'world'))).rejects.toEqual(refusal('disk_full'));
    disk.free = null;
    // What was hashed and never written is not part of the hash.
    expect((await uploads.append('anna', id, part(5, 'world'))).file?.sha256).toBe(HASH_OF_HELLOWORLD);
  });

  test.each(['rename', 'syncFolder'] as const)(
    'a disk that is full at the end (%s): the upload completes later',
    async (operation) => {
      const { uploads, disk, onDisk } = await make();
      const id = await begin(world, 5);
      disk.breakAfter(operation, 0);
      await expect(uploads.append('anna', id, part(0, 'hello'))).rejects.toEqual(refusal('disk_full'));
      disk.repair();
      expect(await uploads.progress('anna', id)).toEqual({ offset: 5, file: null });
      const { file } = await uploads.append('anna', id, part(5));
      expect([file?.sha256, onDisk()]).toEqual([HASH_OF_HELLO, [file?.id]]);
    },
  );

  test('killed between the rename and the record, it becomes the same file', async () => {
    const { uploads, sessions, onDisk } = await make();
    const id = await begin(world, 5);
    await uploads.append('anna', id, part(0, 'hello'));
    const { fileId } = (await sessions.find(id)) ?? { fileId: '' };
    await world.write((tx) => tx.files.remove(fileId));
    const { file } = await uploads.append('anna', id, part(5));
    expect([file?.id, file?.sha256, onDisk()]).toEqual([fileId, HASH_OF_HELLO, [fileId]]);
  });

  test('bytes that the disk has lost: the upload is over', async () => {
    const { uploads, sessions, folder } = await make();
    const [half, all] = [await begin(world, 10), await begin(world, 5)];
    await uploads.append('anna', half, part(0, 'hello'));
    rmSync(join(folder, 'files', 'incoming', (await sessions.find(half))?.fileId ?? ''));
    await expect(uploads.append('anna', half, part(5, 'world'))).rejects.toEqual(refusal('not_found'));
    await world.write((tx) => tx.uploadSessions.advance(all, 5, Number.MAX_SAFE_INTEGER));
    await expect(uploads.append('anna', all, part(5))).rejects.toEqual(refusal('not_found'));
    await expect(uploads.progress('anna', all)).rejects.toEqual(refusal('not_found'));
  });

  test('what is announced counts for the quota at once, and only once', async () => {
    const { uploads, put, files } = await make({ fileBytesPerDay: 10, openUploads: 2 });
    const id = await begin(world, 6);
    await expect(begin(world, 5)).rejects.toEqual(refusal('quota_exceeded'));
    await expect(put('anna', '12345')).rejects.toEqual(refusal('quota_exceeded'));
    const second = await begin(world, 4);
    await expect(begin(world, 1)).rejects.toEqual(refusal('rate_limited'));
    await begin(world, 10, 'boris');
    expect((await uploads.append('anna', id, part(0, '123456'))).file?.size).toBe(6);
    await uploads.cancel('anna', second);
    await put('anna', '1234');
    expect(await files.usage('anna', 0)).toBe(10);
  });
});
