/** Files and words that come into a conversation by drop, paste or choice. */
import { onMounted, type Ref } from 'vue';
import { droppedFiles, useFileDrop, type DroppedFiles, type Hovering } from '../../composables/dropped-files.ts';
import { droppedWords, dropKind, pastedName, pasteKind } from '../../composables/dropped.ts';
import { useToast } from '../../composables/use-toast.ts';
import { useWords } from '../../i18n/use-words.ts';
import { useUploadsStore } from '../../stores/account/uploads.ts';

export interface IncomingFiles {
  /** The files that hang over the conversation; null for none. */
  over: Readonly<Ref<Hovering | null>>;
  /** For the conversation's element, with `v-on`. */
  on: Record<'dragenter' | 'dragover' | 'dragleave' | 'drop', (event: DragEvent) => void>;
  readonly onPaste: (event: ClipboardEvent) => void;
}

/** `editing`: a sent text is being changed, which takes no files. `insert` puts words into the composer. */
export function useIncomingFiles(
  chatId: string,
  parts: { editing: () => boolean; insert: (text: string) => void; focus: () => void },
): IncomingFiles {
  const uploads = useUploadsStore();
  const toast = useToast();
  const { t } = useWords();
  // What an earlier visit, or run, left in the composer.
  onMounted(() => uploads.load(chatId));

  function take({ files, folders }: DroppedFiles, original: boolean): void {
    if (parts.editing()) {
      toast(t('files.notWhileEditing'));
      return;
    }
    for (const name of folders) uploads.refuse(chatId, name, 'file_is_folder');
    void uploads.attach(chatId, files, original);
    parts.focus();
  }

  const { over, on } = useFileDrop((dropped, event) => take(dropped, event.shiftKey));

  const isField = (target: EventTarget | null): boolean =>
    target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;

  /** Words dropped beside the field belong into it as well; the field takes its own. */
  const isOurs = (event: DragEvent): boolean =>
    event.dataTransfer !== null && dropKind(event.dataTransfer.types) === 'words' && !isField(event.target);

  return {
    over,
    on: {
      ...on,
      dragover(event) {
        on.dragover(event);
        if (isOurs(event)) event.preventDefault();
      },
      drop(event) {
        on.drop(event);
        if (event.defaultPrevented || !event.dataTransfer || !isOurs(event)) return;
        event.preventDefault();
        parts.insert(droppedWords((type) => event.dataTransfer?.getData(type) ?? ''));
      },
    },
    onPaste(event) {
      const transfer = event.clipboardData;
      if (!transfer) return;
      const dropped = droppedFiles(transfer);
      const files = dropped.files.map((file) => {
        const name = pastedName(file, Date.now());
        // The file itself where it keeps its name: a copy would have no path.
        return name === file.name ? file : new File([file], name, { type: file.type });
      });
      if (files.length + dropped.folders.length === 0) return;
      const names = [...files, ...dropped.folders.map((name) => ({ name, type: '' }))];
      const { kind } = pasteKind(transfer.getData('text/plain'), names);
      if (kind === 'words') return;
      if (kind === 'files') {
        event.preventDefault();
        take({ ...dropped, files }, false);
        return;
      }
      // The words are pasted by the field itself.
      toast(t('files.clipboard'), {
        action: { label: t('files.attachPicture'), run: () => take({ files, folders: [] }, false) },
      });
    },
  };
}
