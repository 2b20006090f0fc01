/** What one search finds besides chats, people and commands: messages, files and music, as groups of the palette. */
import { computed, type Ref } from 'vue';
import { MessageSquareText } from '@lucide/vue';
import type { SharedIn } from '#contract/ipc/found-views.ts';
import { fileLook } from '../../composables/file-look.ts';
import { useHits } from '../../composables/use-hits.ts';
import { useNow } from '../../composables/use-now.ts';
import { useToast } from '../../composables/use-toast.ts';
import { foundId, foundWords, useSharedSearch } from '../../composables/use-shared-search.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { useWords } from '../../i18n/use-words.ts';
import type { PickerGroup } from '../../ui/picker.ts';

const MESSAGES = 4;
const SHARED = 5;

export function useFoundGroups(query: Ref<string>) {
  const { t } = useWords();
  const format = useFormat();
  const now = useNow();
  const toast = useToast();
  const messages = useHits(query, null, MESSAGES);
  const shared = useSharedSearch(query, SHARED);

  /** Who shared it and when, and what was said around it. */
  function noteOf(place: SharedIn | null): string | undefined {
    if (!place) return undefined;
    const who = t('library.sharedBy', {
      name: place.mine ? t('common.you') : place.senderName,
      date: format.listTime(place.at, now.value),
    });
    return place.around ? `${who} · ${place.around.text}` : who;
  }

  const groups = computed<PickerGroup[]>(() => {
    const { music, files, understood } = shared.found.value;
    const asMessages: PickerGroup = {
      id: 'messages',
      label: t('search.messages'),
      items: messages.found.value.items.slice(0, MESSAGES).map((hit) => ({
        id: `message:${hit.chatId} ${hit.messageId}`,
        title: hit.mine ? t('common.you') : hit.senderName,
        note: [format.listTime(hit.createdAt, now.value), hit.excerpt].filter((word) => word !== '').join(' · '),
        icon: MessageSquareText,
      })),
    };
    const asFiles: PickerGroup = {
      id: 'files',
      label: t('found.files'),
      items: files.map(({ file, shared: place }) => ({
        id: `file:${place.chatId} ${place.messageId} ${file.id}`,
        title: file.name,
        note: noteOf(place),
        icon: fileLook(file).icon,
      })),
    };
    const asMusic: PickerGroup = {
      id: 'music',
      label: t('found.music'),
      items: music.map((one) => ({
        id: `track:${foundId(one)}`,
        title: foundWords(one).title,
        note: [foundWords(one).artist, noteOf(one.shared)].filter((word) => word).join(' · ') || undefined,
        cover: { tone: one.track?.albumKey ?? foundId(one), url: one.track?.coverUrl ?? one.file?.thumbUrl ?? null },
      })),
    };
    return understood?.music ? [asMusic, asMessages, asFiles] : [asMessages, asFiles, asMusic];
  });

  return {
    groups,
    hasMusic: computed(() => shared.found.value.music.length > 0),
    isOne: (id: string): boolean => /^(?:message|file|track):/.test(id),
    /** Plays a track, or opens the message; `aside`: the message that a track was shared with. @returns whether it did. */
    async pick(id: string, aside: boolean): Promise<boolean> {
      const [kind = '', rest = ''] = id.split(/:(.*)/su);
      if (kind !== 'track') {
        const [chatId = '', messageId = ''] = rest.split(' ');
        await shared.goTo({ chatId, messageId });
        return true;
      }
      const place = shared.found.value.music.find((one) => foundId(one) === rest)?.shared ?? null;
      if (aside) {
        if (place) await shared.goTo(place);
        else toast(t('library.neverShared'));
        return place !== null;
      }
      const plays = shared.play(rest);
      if (!plays) toast(t('library.cannotPlay'), { tone: 'error' });
      return plays;
    },
  };
}
