/** Files taken in: whole or not at all, within the quota, whatever the disk does. */
import { afterEach, describe, expect, test } from 'vitest';
import type { RelayLimits } from '../../../relay/limits.ts';
import { ADAPTERS } from './databases.ts';
import { chunks, createFileWorld, type FileWorld } from './file-world.ts';

describe.each(ADAPTERS)('on $name', (adapter) => {
  let world: FileWorld;
  const make = async (changed: Partial<RelayLimits> = {}): Promise<FileWorld> =>
    (world = await createFileWorld(adapter, changed));
  afterEach(() => world.end());

  const refusal = (code: string) => expect.objectContaining({ code }) as unknown;
  const MIB = 1024 * 1024;

  test('the order is: bytes, sync, rename, sync of the folders, record', async () => {
    const { put, disk, files, onDisk } = await make();
    disk.done.length = 0;
    const id = await put('anna', 'hello');
    expect(disk.done).toEqual(['open', 'write', 'sync', 'makeFolder', 'rename', 'syncFolder', 'syncFolder']);
    expect(await files.find(id)).toMatchObject({ ownerId: 'anna', size: 5, mimeType: 'text/plain' });
    expect(onDisk()).toEqual([id]);
  });

  test.each([
    ['open', 0],
    ['write', 0],
    ['write', 1],
    ['sync', 0],
    ['makeFolder', 0],
    ['rename', 0],
    ['syncFolder', 0],
    ['syncFolder', 1],
  ] as const)('a disk that is full at %s number %i is told, and nothing is left', async (operation, successes) => {
    const { put, disk, reads, onDisk } = await make();
    disk.breakAfter(operation, successes);
    await expect(put('anna', Buffer.alloc(3 * MIB, 1))).rejects.toEqual(refusal('disk_full'));
    disk.repair();
    expect([onDisk(), (await reads.totals.read()).files]).toEqual([[], 0]);
    await put('anna', 'again');
    expect((await reads.totals.read()).files).toBe(1);
  });

  test('another failure of the disk is no refusal, and nothing is left either', async () => {
    const { put, disk, onDisk } = await make();
    disk.breakAfter('write', 0, 'EIO');
    await expect(put('anna', 'x')).rejects.toThrow('EIO');
    expect(onDisk()).toEqual([]);
  });

  test('a disk that is nearly full takes nothing: what is announced counts', async () => {
    const { put, disk, stored, onDisk } = await make({ diskReserveBytes: 1000 });
    disk.free = 1004;
    await expect(put('anna', 'hello')).rejects.toEqual(refusal('disk_full'));
    await put('anna', 'four');
    await expect(stored.take('anna', 'x', chunks('x'), null)).rejects.toEqual(refusal('disk_full'));
    expect(onDisk()).toHaveLength(1);
  });

  test('a source that fails, and an empty one, leave nothing', async () => {
    const { stored, onDisk } = await make();
    async function* failing(): AsyncGenerator<Uint8Array, void> {
      yield* chunks('some');
      throw new Error('gone');
    }
    await expect(stored.take('anna', 'x', failing(), 9)).rejects.toThrow('gone');
    await expect(stored.take('anna', 'x', chunks(), 0)).rejects.toEqual(refusal('validation'));
    const taken = await stored.take('anna', 'x', chunks('x'), 1);
    await taken.discard();
    expect(onDisk()).toEqual([]);
  });

  test('the quota of a day and of a person: exactly so much, of each alone', async () => {
    const { put, onDisk } = await make({ fileBytesPerDay: 10, fileBytesPerUser: 15 });
    await put('anna', '123456');
    await expect(put('anna', '12345')).rejects.toEqual(refusal('quota_exceeded'));
    await put('anna', '1234');
    await expect(put('anna', '1')).rejects.toEqual(refusal('quota_exceeded'));
    await put('boris', '1234567890');
    world.pass(24 * 60 * 60_000 + 1);
    await expect(put('anna', '123456')).rejects.toEqual(refusal('quota_exceeded'));
    await put('anna', '12345');
    expect(onDisk()).toHaveLength(4);
  });

  test('two uploads that each fit do not both fit: the second is refused when it is recorded', async () => {
    const { stored, onDisk, reads } = await make({ fileBytesPerDay: 10 });
    const [one, two] = [
      await stored.take('anna', 'a', chunks('123456'), 6),
      await stored.take('anna', 'b', chunks('123456'), 6),
    ];
    await one.keep();
    await expect(two.keep()).rejects.toEqual(refusal('quota_exceeded'));
    expect([onDisk().length, await reads.totals.read()]).toMatchObject([1, { files: 1, fileBytes: 6 }]);
  });

  test('of one person three arrive at the same time, and a fourth when one of them has ended', async () => {
    const { quota } = await make({ uploadsAtOnce: 3 });
    const ends: (() => void)[] = [];
    const busy = (who: string): Promise<void> => quota.during(who, () => new Promise((resolve) => ends.push(resolve)));
    const three = [busy('anna'), busy('anna'), busy('anna')];
    await expect(busy('anna')).rejects.toEqual(refusal('rate_limited'));
    const other = busy('boris');
    ends[1]?.();
    await three[1];
    const fourth = busy('anna');
    await expect(quota.during('anna', () => Promise.reject(new Error('x')))).rejects.toEqual(refusal('rate_limited'));
    for (const end of ends) end();
    await Promise.all([...three, other, fourth]);
    await expect(quota.during('anna', () => Promise.reject(new Error('x')))).rejects.toThrow('x');
    await quota.settled();
  });

  test('who may read: the uploader, members where it is attached, everybody if it is somebody’s picture', async () => {
    const { put, files, stored, anna } = await make();
    const id = await put('anna', 'secret');
    const readers = async (): Promise<string[]> => {
      const who: string[] = [];
      for (const user of ['anna', 'boris', 'clara']) if (await files.isReadable(id, user)) who.push(user);
      return who;
    };
    expect(await readers()).toEqual(['anna']);
    await expect(stored.open('boris', id, null)).rejects.toEqual(refusal('forbidden'));
    await expect(stored.open('boris', 'nothing', null)).rejects.toEqual(refusal('not_found'));
    await expect(stored.open('anna', id, 'thumb')).rejects.toEqual(refusal('not_found'));
    await world.send(anna, '', { attachments: [id] });
    expect(await readers()).toEqual(['anna', 'boris']);
    await world.write((tx) => tx.files.setAvatar('anna', id));
    expect(await readers()).toEqual(['anna', 'boris', 'clara']);
    await world.write((tx) => tx.files.setAvatar('anna', null));
    expect(await readers()).toEqual(['anna', 'boris']);
  });

  test('a file whose bytes were lost is not there', async () => {
    const { put, stored, store } = await make();
    const id = await put('anna', 'lost');
    await store.remove(id);
    await expect(stored.open('anna', id, null)).rejects.toEqual(refusal('not_found'));
  });

  test('no path is made of anything but an id and a known form', async () => {
    const { store } = await make();
    for (const id of ['../x', 'a/b', '', 'A', 'a.b', `${'a'.repeat(65)}`]) {
      await expect(store.sizeOf(id, null), id).rejects.toThrow(TypeError);
    }
    await expect(store.sizeOf('abc', '../thumb')).rejects.toThrow(TypeError);
  });
});
