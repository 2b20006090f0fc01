/** The words of listening together. */
import { stripBidiControls } from '#contract/model/text.ts';
import { useWords } from '../../i18n/use-words.ts';
import type { TogetherView } from '../../stores/together/together.ts';

export function useTogetherWords() {
  const { t } = useWords();
  return {
    /** The track's name, or what stands for it while it is not known. */
    title: ({ track, problem }: TogetherView): string => {
      if (track) return stripBidiControls(track.title);
      return problem === 'unknown' ? t('calls.together.unknownTitle') : t('calls.together.finding');
    },
    /** What is going on. @param name the other side's */
    state({ here, there, playing, problem, waiting }: TogetherView, name: string): string {
      if (problem === 'unknown') return t('calls.together.unknown');
      if (problem === 'failed') return t('calls.together.failed');
      if (!here) return there ? t('calls.together.without', { name }) : t('calls.together.nobody');
      if (!there) return t('calls.together.alone', { name });
      if (!playing) return t('calls.together.paused');
      return waiting ? t('calls.together.waiting') : t('calls.together.both', { name });
    },
  };
}
