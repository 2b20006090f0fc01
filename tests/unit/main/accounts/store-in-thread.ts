/** An account's store on its real file, in this thread: starting two threads for each account would take most of a test's time. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { accountTag } from '../../../../electron/main/lib/media-id.ts';
import type { AccountStore, AccountStoreOptions } from '../../../../electron/main/services/store/account-store.ts';
import type { StoreContext } from '../../../../electron/main/services/store/context.ts';
import { openWriter } from '../../../../electron/main/services/store/database.ts';
import {
  WRITER_OPERATIONS,
  type ReaderApi,
  type WriterApi,
} from '../../../../electron/main/services/store/operations.ts';
import { StoreError } from '../../../../electron/main/services/store/problems.ts';

type Operation = (context: StoreContext, input: unknown) => unknown;

/** Stands in for `openAccountStore`. `folderOf`: the folder of an account's files. */
export function openStoreInThread(
  folderOf: (userDataDir: string, account: string) => string,
  options: AccountStoreOptions,
): AccountStore {
  const { account, me } = options;
  let isClosed = false;
  const open = async (): Promise<StoreContext> => {
    await options.after;
    const folder = folderOf(options.userDataDir, account);
    mkdirSync(folder, { recursive: true });
    const log = (): void => undefined;
    const { sql, from } = openWriter(join(folder, 'relay.db'), { account, me }, options.useFts ?? true, log);
    return {
      ...{ sql, index: { from }, account, tag: accountTag(account), me, log },
      ...{ clock: { ahead: 0 }, presence: new Map(), early: new Map(), people: new Map(), journal: [] },
    };
  };
  const context = open();
  const writer = new Proxy({} as WriterApi, {
    get: (_target, name) => {
      const operation = Reflect.get(WRITER_OPERATIONS, name) as Operation | undefined;
      if (!operation) return undefined;
      return async (input: unknown) => {
        const ready = await context;
        if (isClosed) throw new StoreError('failed', 'the store is closed');
        return operation(ready, structuredClone(input));
      };
    },
  });
  return {
    writer,
    // Nothing is searched here.
    reader: {} as ReaderApi,
    opened: context.then(() => ({ rebuilt: false, rescued: 0, indexed: true })),
    async close() {
      const { sql } = await context;
      if (!isClosed) sql.close();
      isClosed = true;
    },
  };
}
