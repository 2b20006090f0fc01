/** Commands on messages that are sent later. */
import { ok } from '#contract/model/errors.ts';
import type { Commands } from './command.ts';
import { textProblem } from './send-message.ts';

export const laterCommands: Commands<'later'> = {
  list: async ({ later }) => ok(later.list()),
  add: async ({ later }, input) => textProblem(input.text, (input.uploads ?? []).length > 0) ?? later.add(input),
  change: async ({ later }, { localId, text, when }) =>
    textProblem(text, later.hasFiles(localId)) ?? later.change(localId, text, when),
  sendNow: ({ later }, { localId }) => later.sendNow(localId),
  remove: ({ later }, { localId }) => later.remove(localId),
};
