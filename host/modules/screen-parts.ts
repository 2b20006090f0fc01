/** `desktopCapturer` and `powerSaveBlocker`: what a call needs of the computer's screen. */
import { guard } from '../guard.ts';
import type { SystemUi } from '../system-ui.ts';

/** What there is to share here. */
const SOURCES = [
  { id: 'screen:0:0', name: 'Entire screen', display_id: '0' },
  { id: 'window:1:0', name: 'Another window', display_id: '' },
];

/** `desktopCapturer`: a screen and a window, without pictures. */
export function createDesktopCapturer(
  nativeImage: typeof Electron.NativeImage,
  isReady: () => boolean,
): Electron.DesktopCapturer {
  return guard<Electron.DesktopCapturer>('desktopCapturer', {
    async getSources({ types }) {
      if (!isReady()) throw new Error('Cannot get sources before app is ready');
      if (types.length === 0) throw new TypeError('Invalid options');
      const found = SOURCES.filter(({ id }) => types.some((type) => id.startsWith(`${type}:`)));
      return found.map((source) =>
        guard<Electron.DesktopCapturerSource>('DesktopCapturerSource', {
          ...source,
          thumbnail: nativeImage.createEmpty(),
          appIcon: nativeImage.createEmpty(),
        }),
      );
    },
  });
}

/** `powerSaveBlocker`: which of them are running, as a record. */
export function createPowerSaveBlocker(outside: SystemUi): Electron.PowerSaveBlocker {
  const running = new Map<number, string>();
  let nextId = 0;
  const note = (): void => outside.note('power-save', [...running.values()]);
  return guard<Electron.PowerSaveBlocker>('powerSaveBlocker', {
    start(type) {
      const id = nextId++;
      running.set(id, type);
      note();
      return id;
    },
    stop(id) {
      const was = running.delete(id);
      note();
      return was;
    },
    isStarted: (id) => running.has(id),
  });
}
