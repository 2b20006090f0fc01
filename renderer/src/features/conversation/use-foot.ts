/** Tells how far from the window's bottom the place for writing reaches, so that notices stand above it. */
import { onBeforeUnmount, onMounted, type Ref } from 'vue';
import { useUiStore } from '../../stores/ui.ts';

/** `foot` is what must not be covered. */
export function useFoot(foot: Readonly<Ref<HTMLElement | null>>): void {
  const ui = useUiStore();
  let observer: ResizeObserver | undefined;
  onMounted(() => {
    // It is told after the layout: measuring here costs none.
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
