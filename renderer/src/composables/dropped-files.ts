/** The files of a drop or a paste. Folders are named, so that they can be refused in words. */
import { onScopeDispose, ref, type Ref } from 'vue';
import { dropKind } from './dropped.ts';

export interface DroppedFiles {
  files: File[];
  /** The names of folders: they cannot be sent. */
  folders: string[];
}

/** What was dropped. Call during the event: afterwards the browser empties it. */
export function droppedFiles(transfer: DataTransfer): DroppedFiles {
  const files: File[] = [];
  const folders: string[] = [];
  for (const item of transfer.items) {
    if (item.kind !== 'file') continue;
    const entry = item.webkitGetAsEntry();
    const file = item.getAsFile();
    if (entry?.isDirectory) folders.push(entry.name);
    else if (file) files.push(file);
  }
  return { files, folders };
}

/**
 * Milliseconds without an event after which a drag has ended without a word: browsers repeat them several times a second,
 * even for a pointer that rests.
 */
const SILENCE_MS = 2_000;

/** What hangs over a place: how many files, of which types, and whether Shift is held. */
export interface Hovering {
  count: number;
  types: string[];
  shift: boolean;
}

/** Describes a drag of files over a place; null for anything else. The names are unknown until the drop. */
export function hovering(event: DragEvent): Hovering | null {
  const transfer = event.dataTransfer;
  if (!transfer || dropKind(transfer.types) !== 'files') return null;
  const files = [...transfer.items].filter(({ kind }) => kind === 'file');
  return { count: files.length, types: files.map(({ type }) => type), shift: event.shiftKey };
}

/**
 * Follows drags of files over an element and its children: `over` is what hangs there. Spread `on` onto the element with
 * `v-on`. `drop` gets the files.
 */
export function useFileDrop(drop: (dropped: DroppedFiles, event: DragEvent) => void): {
  over: Readonly<Ref<Hovering | null>>;
  on: Record<'dragenter' | 'dragover' | 'dragleave' | 'drop', (event: DragEvent) => void>;
} {
  const over = ref<Hovering | null>(null);
  let silence: ReturnType<typeof setTimeout> | undefined;

  function end(): void {
    clearTimeout(silence);
    over.value = null;
  }

  function hover(event: DragEvent): void {
    const now = hovering(event);
    if (!now || !event.dataTransfer) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'copy';
    clearTimeout(silence);
    silence = setTimeout(end, SILENCE_MS);
    const before = over.value;
    // Fires every few milliseconds.
    if (!before || before.count !== now.count || before.shift !== now.shift) over.value = now;
  }

  // The drag has ended or left the window without a word.
  window.addEventListener('dragend', end);
  window.addEventListener('drop', end);
  onScopeDispose(() => {
    clearTimeout(silence);
    window.removeEventListener('dragend', end);
    window.removeEventListener('drop', end);
  });

  return {
    over,
    on: {
      dragenter: hover,
      dragover: hover,
      dragleave(event) {
        const { currentTarget, relatedTarget } = event;
        const inside =
          currentTarget instanceof Element && relatedTarget instanceof Node && currentTarget.contains(relatedTarget);
        if (!inside) end();
      },
      drop(event) {
        end();
        if (!hovering(event) || !event.dataTransfer) return;
        event.preventDefault();
        drop(droppedFiles(event.dataTransfer), event);
      },
    },
  };
}
