/**
 * What each kind of window may do: which commands it may send, what Chromium may grant it, whether it receives pushes.
 */
import { CHANNEL_NAMES, type ChannelName } from '#contract/ipc/channels.ts';

/**
 * `main`: the whole application. `call` and `picture`: windows with one purpose, without commands until it is
 * implemented.
 */
export type WindowRole = 'main' | 'call' | 'picture';

export interface RoleRules {
  readonly channels: ReadonlySet<ChannelName>;
  /** Names of Electron's permissions, with `microphone` and `camera` for its `media`; all others are denied. */
  readonly permissions: ReadonlySet<string>;
  readonly hearsPushes: boolean;
}

export const ROLES: Readonly<Record<WindowRole, RoleRules>> = {
  // The microphone for voice messages, which the page asks for after a click only; the whole screen for videos. Camera and
  // display for calls only, see windows/permissions.ts.
  main: {
    channels: new Set(CHANNEL_NAMES),
    permissions: new Set(['microphone', 'camera', 'display-capture', 'fullscreen']),
    hearsPushes: true,
  },
  call: { channels: new Set(), permissions: new Set(), hearsPushes: false },
  picture: { channels: new Set(), permissions: new Set(), hearsPushes: false },
};
