/** Uploads in a real store, without the files themselves. */
import type { File } from '../../../../../contract/api/file.ts';
import { WRITER_OPERATIONS as ops } from '../../../../../electron/main/services/store/operations.ts';
import type { StagedUpload } from '../../../../../electron/main/services/store/staged-upload.ts';
import { CHAT, NOW, type OpenStore } from '../open-store.ts';

export function staged(id: string, more: Partial<StagedUpload> = {}): StagedUpload {
  return {
    id,
    chatId: CHAT,
    name: `${id}.png`,
    mimeType: 'image/png',
    size: 1000,
    width: 40,
    height: 30,
    voice: false,
    path: `/home/ada/${id}.png`,
    own: false,
    identity: { size: 1000, modified: '1700000000000000001', inode: '77' },
    tagged: true,
    keepTags: false,
    canReduce: true,
    reduced: false,
    ...more,
  };
}

export const fileOf = (id: string, more: Partial<File> = {}): File => ({
  id,
  name: `${id}.png`,
  mimeType: 'image/png',
  size: 1000,
  width: 40,
  height: 30,
  ...more,
});

/** The operations on one store, at the time `NOW` unless they say another. */
export function uploadsIn({ context }: OpenStore) {
  return {
    add: (id: string, more: Partial<StagedUpload> = {}, replaces: string | null = null, now = NOW) =>
      ops.addUpload(context, { upload: staged(id, more), replaces, now }),
    all: () => ops.uploads(context, {}),
    ids: () =>
      ops
        .uploads(context, {})
        .filter(({ asideFor }) => asideFor === null)
        .map(({ id }) => id),
    find: (id: string) => ops.uploads(context, {}).find((upload) => upload.id === id),
    move: (id: string, event: Parameters<typeof ops.moveUpload>[1]['event'], problem: 'file_gone' | null = null) =>
      ops.moveUpload(context, { id, event, problem, now: NOW }),
    stored: (id: string, fileId = `file-${id}`, now = NOW) =>
      ops.uploadStored(context, { id, file: fileOf(fileId), now }),
    send: (localId: string, uploads: string[], more: { text?: string; mayLeave?: boolean; now?: number } = {}) =>
      ops.enqueue(context, {
        localId,
        chatId: CHAT,
        text: more.text ?? '',
        replyTo: null,
        files: [],
        uploads,
        state: 'queued',
        mayLeave: more.mayLeave ?? false,
        now: more.now ?? NOW,
      }),
    heads: () => ops.outboxHeads(context, {}).map(({ localId }) => localId),
  };
}
