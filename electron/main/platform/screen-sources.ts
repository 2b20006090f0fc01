import { release } from 'node:os';
import type { DesktopCapturer } from 'electron';
import type { ScreenSource } from '../lib/screen-source.ts';
import type { ScreenSources } from '../services/ports.ts';

/** In pixels: large enough to tell two documents apart, small enough for a hundred windows. */
const THUMBNAIL = { width: 320, height: 200 };
/** Darwin's number of macOS 15, the first with a picker of its own. */
const PICKER_DARWIN = 24;

/** Whether the session runs under Wayland, where the portal asks the user. */
export function isWayland(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): boolean {
  return platform === 'linux' && (env['XDG_SESSION_TYPE'] === 'wayland' || Boolean(env['WAYLAND_DISPLAY']));
}

/** Whether macOS asks the user, and main is not asked at all. */
export function hasSystemPicker(platform: NodeJS.Platform, version = release()): boolean {
  return platform === 'darwin' && Number.parseInt(version, 10) >= PICKER_DARWIN;
}

/** Screens and windows by Electron's capturer. */
export function createScreenSources(
  capturer: Pick<DesktopCapturer, 'getSources'>,
  platform: NodeJS.Platform,
  env: NodeJS.ProcessEnv,
): ScreenSources<ScreenSource> {
  return {
    ownPicker: isWayland(platform, env) || hasSystemPicker(platform),
    // Electron captures the system's sound on Windows only.
    hasSound: platform === 'win32',
    async list() {
      // Both kinds in one request: under Wayland each request is a prompt.
      const found = await capturer.getSources({ types: ['screen', 'window'], thumbnailSize: THUMBNAIL });
      return found.map(({ id, name, thumbnail }) => ({
        source: { id, name },
        view: {
          id,
          name,
          kind: id.startsWith('screen:') ? ('screen' as const) : ('window' as const),
          thumb: thumbnail.isEmpty() ? null : thumbnail.toDataURL(),
        },
      }));
    },
  };
}
