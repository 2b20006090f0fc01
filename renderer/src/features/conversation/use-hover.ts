/** The message under the pointer, which shows the toolbar. */
import { ref, type Ref } from 'vue';

/** `held`: a menu of the toolbar is open, so it stays where it is. */
export function useHover(held: Readonly<Ref<boolean>>) {
  const hovered = ref<string | null>(null);

  function onPointer(event: PointerEvent): void {
    if (held.value || event.pointerType !== 'mouse' || !(event.target instanceof Element)) return;
    const key = event.target.closest('[data-message-key]')?.getAttribute('data-message-key');
    if (key !== undefined) hovered.value = key;
  }

  function onLeave(): void {
    if (!held.value) hovered.value = null;
  }

  return { hovered, onPointer, onLeave };
}
