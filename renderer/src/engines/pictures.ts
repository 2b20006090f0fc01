/**
 * Scales and crops pictures, without a canvas in the document. The results carry no metadata: nothing of where or with
 * what they were taken.
 */

/** The longest edge of a picture that is sent scaled down. */
export const REDUCED_EDGE = 2048;
const QUALITY = 0.86;
/** Pictures above this many pixels are not decoded here: they would need hundreds of megabytes. */
const MOST_PIXELS = 64_000_000;

/** A square of a picture, in its pixels. */
export interface SquareCut {
  x: number;
  y: number;
  edge: number;
}

/** The size within a longest edge; the same size if it is no larger. Pure. */
export function reducedSize(size: { width: number; height: number }, edge: number): { width: number; height: number } {
  const scale = Math.min(1, edge / Math.max(size.width, size.height, 1));
  return { width: Math.max(1, Math.round(size.width * scale)), height: Math.max(1, Math.round(size.height * scale)) };
}

/** Bytes from which a picture is worth scaling down although it has no more pixels than it should. */
const LARGE_BYTES = 2_000_000;

/** True when scaling a picture down would save something, and it may be decoded here. Pure. */
export function worthReducing(picture: { width: number | null; height: number | null; size: number }): boolean {
  const { width, height, size } = picture;
  if (width === null || height === null || width * height > MOST_PIXELS) return false;
  return Math.max(width, height) > REDUCED_EDGE || size > LARGE_BYTES;
}

async function paint(
  bitmap: ImageBitmap,
  from: { x: number; y: number; width: number; height: number },
  size: { width: number; height: number },
  mimeType: string,
): Promise<Blob> {
  const canvas = new OffscreenCanvas(size.width, size.height);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('no 2d context');
  context.imageSmoothingQuality = 'high';
  if (mimeType === 'image/jpeg') {
    // Transparent parts would become black.
    context.fillStyle = 'white';
    context.fillRect(0, 0, size.width, size.height);
  }
  context.drawImage(bitmap, from.x, from.y, from.width, from.height, 0, 0, size.width, size.height);
  return canvas.convertToBlob({ type: mimeType, quality: QUALITY });
}

/** Decodes a picture, upright; null when it cannot be decoded here. The caller closes it. */
export async function openPicture(picture: Blob): Promise<ImageBitmap | null> {
  try {
    return await createImageBitmap(picture, { imageOrientation: 'from-image' });
  } catch (error) {
    console.warn('a picture cannot be decoded here', error);
    return null;
  }
}

/**
 * The picture within REDUCED_EDGE: JPEG stays JPEG, everything else becomes WebP, which keeps transparency. Null when
 * that saves nothing, or when it cannot be decoded here: then the original is sent.
 */
export async function reducePicture(picture: Blob): Promise<Blob | null> {
  const bitmap = await openPicture(picture);
  if (!bitmap) return null;
  try {
    const { width, height } = bitmap;
    if (width * height > MOST_PIXELS) return null;
    const mimeType = picture.type === 'image/jpeg' ? 'image/jpeg' : 'image/webp';
    const reduced = await paint(bitmap, { x: 0, y: 0, width, height }, reducedSize(bitmap, REDUCED_EDGE), mimeType);
    return reduced.size < picture.size ? reduced : null;
  } finally {
    bitmap.close();
  }
}

/** Cuts a square out of a picture and scales it to `edge` pixels: a JPEG. */
export async function cropPicture(bitmap: ImageBitmap, cut: SquareCut, edge: number): Promise<Blob> {
  const from = { x: cut.x, y: cut.y, width: cut.edge, height: cut.edge };
  const size = Math.round(Math.min(edge, cut.edge));
  return paint(bitmap, from, { width: size, height: size }, 'image/jpeg');
}
