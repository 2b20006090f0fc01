/** What each kind of window may do: which commands it may send, what Chromium may grant it, whether it hears pushes. */
import { CHANNEL_NAMES, type ChannelName } from '#contract/ipc/channels.ts';

/** `main`: the whole application. `call` and `picture`: windows of one thing, which have no commands until that thing exists. */
export type WindowRole = 'main' | 'call' | 'picture';

export interface RoleRules {
  readonly channels: ReadonlySet<ChannelName>;
  /** Names of Electron's permissions; none is granted that is not here. */
  readonly permissions: ReadonlySet<string>;
  readonly hearsPushes: boolean;
}

export const ROLES: Readonly<Record<WindowRole, RoleRules>> = {
  main: { channels: new Set(CHANNEL_NAMES), permissions: new Set(), hearsPushes: true },
  call: { channels: new Set(), permissions: new Set(), hearsPushes: false },
  picture: { channels: new Set(), permissions: new Set(), hearsPushes: false },
};
