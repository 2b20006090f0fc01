/**
 * What each kind of window may do: which commands it may send, what Chromium may grant it, whether it receives pushes.
 */
import { CHANNEL_NAMES, type ChannelName } from '#contract/ipc/channels.ts';
import type { PushEvent } from '#contract/ipc/push.ts';

/**
 * `main`: the whole application. `call`: the small window of a call, without media of its own. `picture`: without commands
 * until it is implemented.
 */
export type WindowRole = 'main' | 'call' | 'picture';

export interface RoleRules {
  readonly channels: ReadonlySet<ChannelName>;
  /** Names of Electron's permissions, with `microphone` and `camera` for its `media`; all others are denied. */
  readonly permissions: ReadonlySet<string>;
  readonly hearsPushes: boolean;
  /** True for an event that such a window hears. */
  readonly hears: (push: PushEvent) => boolean;
}

/** Commands of the small window of a call that the main window has no use for. */
const OF_CALL_WINDOW = ['mini.ready', 'mini.command', 'mini.close'] as const satisfies readonly ChannelName[];

const isOfMini = (push: PushEvent): boolean => 'kind' in push && (push.kind === 'mini' || push.kind === 'mini:picture');
const nothing = (): boolean => false;

export const ROLES: Readonly<Record<WindowRole, RoleRules>> = {
  // The microphone for voice messages, which the page asks for after a click only; the whole screen for videos. Camera and
  // display for calls only, see windows/permissions.ts.
  main: {
    channels: new Set(CHANNEL_NAMES.filter((name) => !OF_CALL_WINDOW.some((other) => other === name))),
    permissions: new Set(['microphone', 'camera', 'display-capture', 'fullscreen']),
    hearsPushes: true,
    hears: (push) => !isOfMini(push),
  },
  call: { channels: new Set(OF_CALL_WINDOW), permissions: new Set(), hearsPushes: true, hears: isOfMini },
  picture: { channels: new Set(), permissions: new Set(), hearsPushes: false, hears: nothing },
};
