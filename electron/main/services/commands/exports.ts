/** Commands on exports of chats. */
import { ok } from '#contract/model/errors.ts';
import type { Commands } from './command.ts';

export const exportCommands: Commands<'exports'> = {
  start: ({ exports }, request) => exports.start(request),
  cancel: async ({ exports }, { exportId }) => exports.cancel(exportId),
  list: async ({ exports }) => ok(exports.list()),
  show: async ({ exports }, { exportId }) => exports.show(exportId),
};
