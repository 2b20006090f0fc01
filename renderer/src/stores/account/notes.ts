/** Notes to oneself, kept on this computer. Loaded when they are looked at. */
import { shallowRef } from 'vue';
import type { NoteView } from '#contract/ipc/note-schemas.ts';
import { ok, type Result } from '#contract/model/errors.ts';
import { askAs, type AccountInput } from './account-bridge.ts';
import { defineAccountStore } from './account-store.ts';

export const useNotesStore = defineAccountStore('notes', (accountId) => {
  const ask = askAs(accountId);
  /** Newest first; null until they were loaded. */
  const list = shallowRef<readonly NoteView[] | null>(null);

  return {
    list,
    async load(): Promise<Result<null>> {
      const answer = await ask((bridge) => bridge.notes.list({}));
      if (!answer.ok) return answer;
      list.value = answer.value;
      return ok(null);
    },
    async add(input: AccountInput<'notes.add'>): Promise<Result<NoteView>> {
      const answer = await ask((bridge) => bridge.notes.add(input));
      if (answer.ok && list.value) list.value = [answer.value, ...list.value];
      return answer;
    },
    async change(id: string, text: string): Promise<Result<null>> {
      const answer = await ask((bridge) => bridge.notes.change({ id, text }));
      if (answer.ok && list.value) list.value = list.value.map((note) => (note.id === id ? { ...note, text } : note));
      return answer;
    },
    async remove(id: string): Promise<Result<null>> {
      const answer = await ask((bridge) => bridge.notes.remove({ id }));
      if (answer.ok && list.value) list.value = list.value.filter((note) => note.id !== id);
      return answer;
    },
  };
});
