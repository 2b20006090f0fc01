/** Commands on files: staged and sent here, shown and saved from the server. */
import { ok } from '#contract/model/errors.ts';
import type { Commands } from './command.ts';

export const fileCommands: Commands<'files'> = {
  stage: ({ files }, { chatId, paths }) => files.stage(chatId, paths),
  stageBytes: ({ files }, input) => files.stageBytes(input),
  uploads: async ({ files }, { chatId }) => ok(files.list(chatId)),
  arrange: ({ files }, { chatId, ids }) => files.arrange(chatId, ids),
  pause: ({ files }, { uploadId }) => files.move(uploadId, 'pause'),
  resume: ({ files }, { uploadId }) => files.move(uploadId, 'resume'),
  retry: ({ files }, { uploadId }) => files.move(uploadId, 'retry'),
  remove: ({ files }, { uploadId }) => files.remove(uploadId),
  reduce: ({ files }, { uploadId, reduce }) => files.reduce(uploadId, reduce),
  keepTags: ({ files }, { uploadId, keep }) => files.keepTags(uploadId, keep),
  save: ({ files }, { fileId, name }) => files.downloads.save(fileId, name),
  cancelSave: async ({ files }, { downloadId }) => files.downloads.cancel(downloadId),
  downloads: async ({ files }) => ok(files.downloads.list()),
  showInFolder: ({ files }, { fileId }) => files.downloads.showInFolder(fileId),
  copyImage: ({ files }, { fileId }) => files.copyImage(fileId),
  shared: async ({ store }, input) => ok(await store.reader.sharedFiles(input)),
  links: async ({ store }, input) => ok(await store.reader.sharedLinks(input)),
};
