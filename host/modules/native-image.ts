/** `nativeImage`: an image as bytes, for trays and notifications that are never displayed. */
import { readFileSync } from 'node:fs';
import { guard, guardClass } from '../guard.ts';

function imageOf(bytes: Buffer): Electron.NativeImage {
  let template = false;
  const image: Electron.NativeImage = guard<Electron.NativeImage>('nativeImage', {
    isEmpty: () => bytes.length === 0,
    toPNG: () => bytes,
    toDataURL: () => `data:image/png;base64,${bytes.toString('base64')}`,
    // The size of a PNG is in its header.
    getSize: () =>
      bytes.length < 24 ? { width: 0, height: 0 } : { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) },
    setTemplateImage: (option) => {
      template = option;
    },
    isTemplateImage: () => template,
    resize: () => image,
    addRepresentation: () => undefined,
  });
  return image;
}

function isPngOrJpeg(bytes: Buffer): boolean {
  return (
    bytes.subarray(0, 4).equals(Buffer.from('\x89PNG', 'latin1')) ||
    bytes.subarray(0, 2).equals(Buffer.from([0xff, 0xd8]))
  );
}

function bytesOf(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    // As in Electron, a missing file makes an empty image.
    if (error instanceof Error && 'code' in error) return Buffer.alloc(0);
    throw error;
  }
}

/** Creates the module. */
export function createNativeImage(): typeof Electron.NativeImage {
  const make = (): Electron.NativeImage => {
    throw new Error('An image is made by nativeImage.createFrom...');
  };
  return guardClass<typeof Electron.NativeImage>('nativeImage', make, {
    createEmpty: () => imageOf(Buffer.alloc(0)),
    createFromPath: (path) => imageOf(bytesOf(path)),
    // As in Electron, what is neither PNG nor JPEG makes an empty image.
    createFromBuffer: (buffer) => imageOf(isPngOrJpeg(buffer) ? buffer : Buffer.alloc(0)),
    createFromDataURL: (url) => imageOf(Buffer.from(url.slice(url.indexOf(',') + 1), 'base64')),
  });
}
