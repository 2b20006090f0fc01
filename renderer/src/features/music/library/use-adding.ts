/** Brings files into the library: chosen, dropped, or in folders that were dropped. Words say what was left out. */
import { droppedEntries, isMusicFile, musicIn } from '../../../composables/music-files.ts';
import { useFileDrop } from '../../../composables/dropped-files.ts';
import { useToast } from '../../../composables/use-toast.ts';
import { useFormat } from '../../../i18n/use-format.ts';
import { useWords } from '../../../i18n/use-words.ts';
import { useMusicAddingStore } from '../../../stores/account/music-adding.ts';

export function useAdding() {
  const { t } = useWords();
  const format = useFormat();
  const toast = useToast();
  const adding = useMusicAddingStore();
  void adding.look();

  function add(files: readonly File[], others: number): void {
    adding.add(files);
    if (others > 0) toast(t('library.adding.leftOut', { n: format.number(others) }, others));
    else if (files.length === 0) toast(t('library.adding.nothing'));
  }

  const { over, on } = useFileDrop((_dropped, event) => {
    if (!event.dataTransfer) return;
    // Folders are read from their entries, which are only there during the event.
    const entries = droppedEntries(event.dataTransfer);
    void musicIn(entries).then((found) => add(found.files, found.others));
  });

  return {
    over,
    on,
    /** What was chosen in the system's dialog. */
    take(input: HTMLInputElement): void {
      const files = [...(input.files ?? [])];
      // The same file can be chosen again.
      input.value = '';
      const music = files.filter(isMusicFile);
      if (files.length > 0) add(music, files.length - music.length);
    },
  };
}
