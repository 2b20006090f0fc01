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
  /** Names of Electron's permissions; all others are denied. */
  readonly permissions: ReadonlySet<string>;
  readonly hearsPushes: boolean;
}

export const ROLES: Readonly<Record<WindowRole, RoleRules>> = {
  main: { channels: new Set(CHANNEL_NAMES), permissions: new Set(), hearsPushes: true },
  call: { channels: new Set(), permissions: new Set(), hearsPushes: false },
  picture: { channels: new Set(), permissions: new Set(), hearsPushes: false },
};
