/** Media kept on this computer, over all accounts: how much there is, and how much there may be. */
import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import type { StorageView } from '#contract/ipc/music-views.ts';
import type { Result } from '#contract/model/errors.ts';
import { ask } from './bridge-call.ts';

export const useStorageStore = defineStore('storage', () => {
  /** Null until it was read. */
  const view = shallowRef<StorageView | null>(null);
  /** Counts requests: only the answer to the latest one counts. */
  let latest = 0;

  async function take(request: Promise<Result<StorageView>>): Promise<Result<StorageView>> {
    const turn = (latest += 1);
    const result = await request;
    if (result.ok && turn === latest) view.value = result.value;
    return result;
  }

  return {
    view,
    read: () => take(ask((bridge) => bridge.storage.read({}))),
    /** Deletes all of it; the files stay on the server. */
    clear: () => take(ask((bridge) => bridge.storage.clear({}))),
    /** @param limit in bytes. */
    setLimit: (limit: number) => take(ask((bridge) => bridge.storage.setLimit({ limit }))),
  };
});
