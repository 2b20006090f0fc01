/** Sends pictures scaled down: fetches what main has staged, and hands over a smaller one in its place. */
import type { UploadView } from '#contract/ipc/file-views.ts';
import { mediaAddress } from '#contract/model/media-address.ts';
import { reducePicture, worthReducing } from '../../../engines/pictures.ts';
import type { AccountAsk } from '../account-bridge.ts';
import { stageBlob } from './stage-blob.ts';

export interface PictureReducer {
  /** Scales a picture down, unless that saves nothing, or it was tried before. Never fails: the original is sent. */
  reduce(upload: UploadView): Promise<void>;
  /** Sends the original after all; `reduce` may be called again. */
  restore(upload: UploadView): Promise<void>;
}

async function fetched(address: string): Promise<Blob | null> {
  try {
    const answer = await fetch(address);
    return answer.ok ? await answer.blob() : null;
  } catch (error) {
    console.warn('a staged picture cannot be read', error);
    return null;
  }
}

/** JPEG keeps its name; a picture that became WebP gets the new ending. */
function nameAs(name: string, mimeType: string): string {
  return mimeType === 'image/webp' ? `${name.replace(/\.[^.]{1,5}$/, '')}.webp` : name;
}

/** Creates the reducer of one account. */
export function createPictureReducer(ask: AccountAsk): PictureReducer {
  const tried = new Set<string>();

  async function smaller(upload: UploadView): Promise<Blob | null> {
    const address = mediaAddress(upload.previewUrl);
    const original = address === null ? null : await fetched(address);
    return original && reducePicture(new Blob([original], { type: upload.mimeType }));
  }

  return {
    async reduce(upload) {
      const { id, chatId } = upload;
      if (!upload.canReduce || upload.reduced || tried.has(id) || !worthReducing(upload)) return;
      tried.add(id);
      // From now on main waits for the smaller one.
      const waits = await ask((bridge) => bridge.files.reduce({ uploadId: id, reduce: true }));
      if (!waits.ok) return;
      const blob = await smaller(upload);
      const staged = blob
        ? await stageBlob(ask, chatId, {
            blob,
            name: nameAs(upload.name, blob.type),
            mimeType: blob.type,
            replaces: id,
          })
        : null;
      if (staged?.ok) tried.add(staged.value.id);
      else await ask((bridge) => bridge.files.reduce({ uploadId: id, reduce: false }));
    },
    async restore({ id, reduced }) {
      if (!reduced) return;
      tried.delete(id);
      await ask((bridge) => bridge.files.reduce({ uploadId: id, reduce: false }));
    },
  };
}
