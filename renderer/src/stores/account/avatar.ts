/** The user's own picture: opened and cropped here, sent by main. */
import type { UserView } from '#contract/ipc/views.ts';
import { fail, type Result } from '#contract/model/errors.ts';
import { PROFILE_CHAT } from '#contract/model/limits.ts';
import { cropPicture, openPicture, type SquareCut } from '../../engines/pictures.ts';
import { defineAccountStore } from './account-store.ts';
import { usePeopleStore } from './people.ts';
import { useUploadsStore } from './uploads.ts';

/** Pixels of an edge: enough for the largest place it is shown in, on a dense screen. */
const EDGE = 512;

export const useAvatarStore = defineAccountStore('avatar', (accountId) => {
  const people = usePeopleStore(accountId);
  const uploads = useUploadsStore(accountId);
  const profileOf = ({ firstName, lastName, bio }: UserView) => ({ firstName, lastName, bio });

  return {
    /** The picture in a file, upright; null when it is none that can be shown here. The caller closes it. */
    open: (file: Blob): Promise<ImageBitmap | null> => openPicture(file),
    /** Cuts a square out of a picture and makes it the user's own. */
    async set(me: UserView, bitmap: ImageBitmap, cut: SquareCut): Promise<Result<null>> {
      let blob: Blob;
      try {
        blob = await cropPicture(bitmap, cut, EDGE);
      } catch (error) {
        return fail('internal', error instanceof Error ? error.message : String(error));
      }
      const staged = await uploads.stageBlob(PROFILE_CHAT, { blob, name: 'avatar.jpg', mimeType: blob.type });
      if (!staged.ok) return staged;
      const { id } = staged.value;
      const answer = await people.updateMe({ ...profileOf(me), avatar: { uploadId: id } });
      if (!answer.ok) await uploads.remove(id);
      return answer;
    },
    /** Takes the user's picture away. */
    remove: (me: UserView): Promise<Result<null>> => people.updateMe({ ...profileOf(me), avatar: null }),
  };
});
