/** Where a picture is loaded from: never so large that showing it would take hundreds of megabytes. Pure. */
import type { AttachmentView } from '#contract/ipc/views.ts';
import { mediaAddress } from '#contract/model/media-address.ts';

type Source = Pick<AttachmentView, 'url' | 'thumbUrl' | 'previewUrl' | 'width' | 'height'>;

/** Pixels up to which the file itself is decoded: in a message, and in the viewer. */
const INLINE_PIXELS = 16_000_000;
const VIEWER_PIXELS = 24_000_000;

/** Addresses in the order in which to try them. While its size is unknown it may be a bomb: only previews are loaded. */
function sources({ url, thumbUrl, previewUrl, width, height }: Source, most: number): string[] {
  const isSafe = width !== null && height !== null && width * height <= most;
  const wanted = isSafe ? [url, previewUrl, thumbUrl] : [previewUrl, thumbUrl];
  return wanted.flatMap((one) => mediaAddress(one) ?? []);
}

/** For a picture in a message. */
export const inlineSources = (file: Source): string[] => sources(file, INLINE_PIXELS);

/** For the viewer: the preview above 24 megapixels. */
export const viewerSources = (file: Source): string[] => sources(file, VIEWER_PIXELS);

/** For a small square: the thumbnail first. */
export function tileSources(file: Source): string[] {
  return [...new Set([mediaAddress(file.thumbUrl), ...inlineSources(file)])].filter((one) => one !== null);
}
