/** Escape while a requested dialog is still loading: the dialog must not open afterwards. */
import { onBeforeUnmount, onMounted } from 'vue';
import { useUiStore } from '../../stores/ui.ts';

/** Listens while the calling component is mounted. */
export function useEarlyEscape(): void {
  const ui = useUiStore();

  function onKey(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || ui.overlay === null) return;
    // An open dialog handles Escape itself.
    if (document.querySelector('[role="dialog"], [role="alertdialog"]')) return;
    ui.close();
    event.preventDefault();
    event.stopPropagation();
  }

  // In the capture phase, before the focused field handles the key.
  onMounted(() => window.addEventListener('keydown', onKey, { capture: true }));
  onBeforeUnmount(() => window.removeEventListener('keydown', onKey, { capture: true }));
}
