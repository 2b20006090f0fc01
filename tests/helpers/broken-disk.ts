/** A file system on a real folder, of which a test can break any operation. */
import { nodeFileSystem, type FileSystem } from '../../relay/files/file-system.ts';

type Operation = 'open' | 'write' | 'sync' | 'rename' | 'syncFolder' | 'makeFolder';

export interface BrokenDisk {
  files: FileSystem;
  /** The next so many of these succeed, and all later ones fail, until `repair`. */
  breakAfter(operation: Operation, successes: number, code?: string): void;
  repair(): void;
  /** Bytes free, as it tells; null tells the truth. */
  free: number | null;
  /** What was done, in order. */
  done: Operation[];
}

export function brokenDisk(): BrokenDisk {
  let broken: { operation: Operation; left: number; code: string } | null = null;
  const done: Operation[] = [];

  function pass(operation: Operation): void {
    if (broken?.operation === operation && (broken.left -= 1) < 0) {
      throw Object.assign(new Error(`${broken.code}: broken by the test`), { code: broken.code });
    }
    done.push(operation);
  }

  const disk: BrokenDisk = {
    free: null,
    done,
    breakAfter: (operation, successes, code = 'ENOSPC') => (broken = { operation, left: successes, code }),
    repair: () => (broken = null),
    files: {
      ...nodeFileSystem,
      async openForWriting(path) {
        pass('open');
        const file = await nodeFileSystem.openForWriting(path);
        return {
          ...file,
          async write(bytes, position) {
            pass('write');
            await file.write(bytes, position);
          },
          async sync() {
            pass('sync');
            await file.sync();
          },
        };
      },
      async rename(from, to) {
        pass('rename');
        await nodeFileSystem.rename(from, to);
      },
      async syncFolder(path) {
        pass('syncFolder');
        await nodeFileSystem.syncFolder(path);
      },
      async makeFolder(path) {
        pass('makeFolder');
        await nodeFileSystem.makeFolder(path);
      },
      freeBytes: async (path) => disk.free ?? (await nodeFileSystem.freeBytes(path)),
    },
  };
  return disk;
}
