/** A picture with its size, read from its first bytes where the server does not state it. */
import { computed, watch, type ComputedRef } from 'vue';
import type { AttachmentView } from '#contract/ipc/views.ts';
import { usePictureSizesStore } from '../../stores/picture-sizes.ts';

/** Follows a picture; the size stays unknown when nothing says it. */
export function useSized(picture: () => AttachmentView | null): ComputedRef<AttachmentView | null> {
  const sizes = usePictureSizesStore();
  const isUnknown = (file: AttachmentView | null): file is AttachmentView =>
    file !== null && (file.width === null || file.height === null);
  watch(
    picture,
    (file) => {
      if (isUnknown(file)) void sizes.want(file.url);
    },
    { immediate: true },
  );
  return computed(() => {
    const file = picture();
    return isUnknown(file) ? { ...file, ...sizes.of(file.url) } : file;
  });
}
