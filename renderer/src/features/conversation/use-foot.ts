/** Reports how far the composer extends from the bottom of the window, so that toasts appear above it. */
import { onBeforeUnmount, onMounted, type Ref } from 'vue';
import { useUiStore } from '../../stores/ui.ts';

/** `foot` is the element that must not be covered. */
export function useFoot(foot: Readonly<Ref<HTMLElement | null>>): void {
  const ui = useUiStore();
  let observer: ResizeObserver | undefined;
  onMounted(() => {
    // Runs after layout, so measuring here is free.
    observer = new ResizeObserver(() => {
      if (foot.value?.isConnected) ui.foot = Math.max(0, innerHeight - foot.value.getBoundingClientRect().top);
    });
    if (foot.value) observer.observe(foot.value);
  });
  onBeforeUnmount(() => {
    observer?.disconnect();
    ui.foot = 0;
  });
}
