/** Chats on their way into folders of this computer. Main owns them; here is its latest list. */
import { ref, shallowRef } from 'vue';
import type { ExportView } from '#contract/ipc/export-schemas.ts';
import type { AccountEvent } from '#contract/ipc/push.ts';
import { type AccountInput, askAs } from './account-bridge.ts';
import { defineAccountStore } from './account-store.ts';

export const useExportsStore = defineAccountStore('exports', (accountId) => {
  const ask = askAs(accountId);
  const list = shallowRef<readonly ExportView[]>([]);
  /** The chat whose dialog is wanted. */
  const wanted = ref<string | null>(null);
  let received = 0;

  function take(exports: readonly ExportView[]): void {
    received += 1;
    list.value = exports;
  }

  /** Exports go on while a page is loaded again. */
  async function load(): Promise<void> {
    const before = received;
    const answer = await ask((bridge) => bridge.exports.list({}));
    if (answer.ok && received === before) take(answer.value);
  }

  function apply(event: AccountEvent): void {
    if (event.kind === 'exports') take(event.exports);
    // Not at the start, when there can be none: pushes may have been missed.
    else if (event.kind === 'chats:reset' && received > 0) void load();
  }

  return {
    list,
    wanted,
    apply,
    load,
    /** The latest export of a chat; null when there was none in this run. */
    of: (chatId: string): ExportView | null => list.value.findLast((one) => one.chatId === chatId) ?? null,
    /** Asks for a folder and begins; null when the user names none. */
    start: (input: AccountInput<'exports.start'>) => ask((bridge) => bridge.exports.start(input)),
    cancel: (exportId: string) => ask((bridge) => bridge.exports.cancel({ exportId })),
    show: (exportId: string) => ask((bridge) => bridge.exports.show({ exportId })),
  };
});
