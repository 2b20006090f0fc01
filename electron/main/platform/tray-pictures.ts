/**
 * The drawn signs as the system takes them. Windows and Linux use the first picture of an image whatever the display's
 * scale, so it is drawn in the pixels that are shown; macOS chooses among two.
 */
import type * as Electron from 'electron';
import { encodePng } from '../lib/drawing/png.ts';
import { drawOverlay, drawTemplate, drawTray, type TraySign } from '../lib/drawing/tray-drawing.ts';

export interface TrayPictures {
  /** For the tray. */
  tray(sign: TraySign): Electron.NativeImage;
  /** To lay over the app's button in the taskbar. */
  overlay(text: string): Electron.NativeImage;
}

/** Width of a small icon at 100 %, in pixels, on Windows and macOS. */
const SMALL = 16;
/** A panel on Linux scales it to its own height, in general 16, 22 or 24: halves and thirds stay sharp. */
const ON_LINUX = 48;
/** More have not been asked for: a count that changes often must not fill the memory. */
const MOST_KEPT = 64;

/** @param scale of the primary display, as it is when a picture is asked for; 1.25 for 125 %. */
export function createTrayPictures(
  nativeImage: Pick<typeof Electron.nativeImage, 'createFromBuffer'>,
  platform: NodeJS.Platform,
  scale: () => number,
): TrayPictures {
  const kept = new Map<string, Electron.NativeImage>();

  function keep(key: string, make: () => Electron.NativeImage): Electron.NativeImage {
    const known = kept.get(key);
    if (known) return known;
    if (kept.size >= MOST_KEPT) kept.clear();
    const made = make();
    kept.set(key, made);
    return made;
  }

  function template(sign: TraySign): Electron.NativeImage {
    const image = nativeImage.createFromBuffer(encodePng(drawTemplate(SMALL, sign)));
    const twice = encodePng(drawTemplate(SMALL * 2, sign)).toString('base64');
    image.addRepresentation({ scaleFactor: 2, dataURL: `data:image/png;base64,${twice}` });
    image.setTemplateImage(true);
    return image;
  }

  const pixels = (): number => (platform === 'linux' ? ON_LINUX : Math.round(SMALL * scale()));

  return {
    tray(sign) {
      // A count is text there, so it has no picture of its own.
      if (platform === 'darwin') return keep(sign.kind === 'dot' ? 'dot' : 'none', () => template(sign));
      const size = pixels();
      const name = sign.kind === 'count' ? sign.text : sign.kind;
      return keep(`${String(size)} ${name}`, () => nativeImage.createFromBuffer(encodePng(drawTray(size, sign))));
    },
    overlay(text) {
      const size = pixels();
      return keep(`${String(size)} over ${text}`, () =>
        nativeImage.createFromBuffer(encodePng(drawOverlay(size, text))),
      );
    },
  };
}
