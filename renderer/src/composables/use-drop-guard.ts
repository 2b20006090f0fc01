/** Files dropped beside a place for them: nothing happens, where the browser would open them. */
import { onBeforeUnmount, onMounted } from 'vue';
import { dropKind } from './dropped.ts';

function refuse(event: DragEvent): void {
  if (event.defaultPrevented || !event.dataTransfer || dropKind(event.dataTransfer.types) !== 'files') return;
  event.preventDefault();
  event.dataTransfer.dropEffect = 'none';
}

/** Active while the calling component lives. */
export function useDropGuard(): void {
  onMounted(() => {
    window.addEventListener('dragover', refuse);
    window.addEventListener('drop', refuse);
  });
  onBeforeUnmount(() => {
    window.removeEventListener('dragover', refuse);
    window.removeEventListener('drop', refuse);
  });
}
