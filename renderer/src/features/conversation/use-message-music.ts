/** What can be done with the music of a message: queue it, or list it in the library. */
import type { AttachmentView, MessageView } from '#contract/ipc/views.ts';
import { playsHere } from '../../stores/player/playable-type.ts';
import { useToast } from '../../composables/use-toast.ts';
import { useWords } from '../../i18n/use-words.ts';
import { useAccountId } from '../../stores/account/account-store.ts';
import { useMusicStore } from '../../stores/account/music.ts';
import { playableFile, playableTrack } from '../../stores/account/music/playables.ts';
import { usePlayerStore } from '../../stores/player.ts';

export function useMessageMusic() {
  const { t, error } = useWords();
  const accountId = useAccountId();
  const store = useMusicStore();
  const player = usePlayerStore();
  const toast = useToast();

  return {
    /** The library has this file. */
    isListed: (fileId: string): boolean => Boolean(store.track(fileId)),
    queue(files: readonly AttachmentView[], { id, chatId }: MessageView, where: 'playNext' | 'playLater'): void {
      const from = id === null ? null : { chatId, messageId: id };
      const items = files
        .filter(({ mimeType }) => playsHere(mimeType))
        .map((file) => {
          const track = store.track(file.id);
          return track ? playableTrack(accountId, track, from) : playableFile(accountId, file, from);
        });
      if (items.length === 0) return toast(t('library.cannotPlay'), { tone: 'error' });
      player[where](items);
      toast(where === 'playNext' ? t('library.queuedNext', items.length) : t('library.queuedLater', items.length));
    },
    async addAll(files: readonly AttachmentView[]): Promise<void> {
      for (const { id } of files) {
        if (store.track(id)) continue;
        const answer = await store.add(id);
        if (!answer.ok) {
          const noMusic = answer.error.code === 'unsupported_media';
          return toast(noMusic ? t('library.adding.noMusic') : error(answer.error.code), { tone: 'error' });
        }
      }
      toast(t('trackCard.added'));
    },
  };
}
