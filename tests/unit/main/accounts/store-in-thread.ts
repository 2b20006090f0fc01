/** An account's store on its real file, in this thread: starting two threads for each account would take most of a test's time. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type * as Real from '../../../../electron/main/services/store/account-store.ts';
import type { StoreContext } from '../../../../electron/main/services/store/context.ts';
import type { ReaderApi } from '../../../../electron/main/services/store/operations.ts';
import { StoreError } from '../../../../electron/main/lib/store-problem.ts';
import { openContext, writerOf } from '../store/open-store.ts';

type Folder = typeof Real.accountFolder;

/** What the stores were opened with, by account, the newest last: to say that one was rebuilt, and to look. */
export const opened = new Map<string, Real.AccountStoreOptions[]>();

function openStoreInThread(folderOf: Folder, options: Real.AccountStoreOptions): Real.AccountStore {
  opened.set(options.account, [...(opened.get(options.account) ?? []), options]);
  let isClosed = false;
  const open = async (): Promise<StoreContext> => {
    await options.after;
    const folder = folderOf(options.userDataDir, options.account);
    mkdirSync(folder, { recursive: true });
    return openContext(join(folder, 'relay.db'), options, options.useFts ?? true, () => undefined);
  };
  const context = open();
  return {
    writer: writerOf(async () => {
      const ready = await context;
      if (isClosed) throw new StoreError('failed', 'the store is closed');
      return ready;
    }),
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

/** The module of the accounts' stores with stores of this thread: for `vi.mock`. */
export function inThread(real: typeof Real): typeof Real {
  return { ...real, openAccountStore: (options) => openStoreInThread(real.accountFolder, options) };
}
