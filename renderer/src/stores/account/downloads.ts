/** Files on their way to a folder of this computer. Main owns them; here is its latest list. */
import { shallowRef } from 'vue';
import type { DownloadView } from '#contract/ipc/file-views.ts';
import type { AccountEvent } from '#contract/ipc/push.ts';
import { askAs } from './account-bridge.ts';
import { defineAccountStore } from './account-store.ts';

export const useDownloadsStore = defineAccountStore('downloads', (accountId) => {
  const ask = askAs(accountId);
  const list = shallowRef<readonly DownloadView[]>([]);
  let received = 0;

  function take(downloads: readonly DownloadView[]): void {
    received += 1;
    list.value = downloads;
  }

  async function load(): Promise<void> {
    const before = received;
    const answer = await ask((bridge) => bridge.files.downloads({}));
    if (answer.ok && received === before) take(answer.value);
  }

  function apply(event: AccountEvent): void {
    if (event.kind === 'downloads') take(event.downloads);
    // Not at the start, when there can be none: pushes may have been missed.
    else if (event.kind === 'chats:reset' && received > 0) void load();
  }

  return {
    apply,
    /** The latest download of a file; null when there was none in this run. */
    of: (fileId: string): DownloadView | null => list.value.findLast((one) => one.fileId === fileId) ?? null,
    /** Asks the user for a place and saves the file there; null when they cancelled. */
    save: (fileId: string, name: string) => ask((bridge) => bridge.files.save({ fileId, name })),
    cancel: (downloadId: string) => ask((bridge) => bridge.files.cancelSave({ downloadId })),
    /** Shows the file in its folder; one that was not saved yet is saved first. */
    showInFolder: (fileId: string) => ask((bridge) => bridge.files.showInFolder({ fileId })),
    copyImage: (fileId: string) => ask((bridge) => bridge.files.copyImage({ fileId })),
  };
});
