/** Escape while a dialog that was asked for is still being loaded: whoever leaves it now does not want to see it come. */
import { onBeforeUnmount, onMounted } from 'vue';
import { useUiStore } from '../../stores/ui.ts';

/** Listens while the calling component stands. */
export function useEarlyEscape(): void {
  const ui = useUiStore();

  function onKey(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || ui.overlay === null) return;
    // A dialog that stands has its own way out.
    if (document.querySelector('[role="dialog"], [role="alertdialog"]')) return;
    ui.close();
    event.preventDefault();
    event.stopPropagation();
  }

  // Before the field that has the focus takes the key for itself.
  onMounted(() => window.addEventListener('keydown', onKey, { capture: true }));
  onBeforeUnmount(() => window.removeEventListener('keydown', onKey, { capture: true }));
}
