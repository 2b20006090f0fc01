/** The message under the pointer: tools stand beside it. */
import { ref, type Ref } from 'vue';

/** `held`: the tools have a menu open, and stay where they are. */
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
