/** Commands on notes. */
import { fail, ok, type Result } from '#contract/model/errors.ts';
import { MOST_NOTES } from '#contract/model/limits.ts';
import type { Commands } from './command.ts';
import { textProblem } from './send-message.ts';

const found = (done: boolean): Result<null> => (done ? ok(null) : fail('not_found', 'no such note'));

export const noteCommands: Commands<'notes'> = {
  list: async ({ store }) => ok(await store.writer.notes({})),
  add: async ({ store, clock, newMessageId }, { text, source }) => {
    const problem = textProblem(text, false);
    if (problem) return problem;
    const note = await store.writer.addNote({ id: newMessageId(), text, source, most: MOST_NOTES, now: clock.now() });
    return note ? ok(note) : fail('busy', 'too many notes');
  },
  change: async ({ store }, { id, text }) =>
    textProblem(text, false) ?? found(await store.writer.changeNote({ id, text })),
  remove: async ({ store }, { id }) => found(await store.writer.removeNote({ id })),
};
