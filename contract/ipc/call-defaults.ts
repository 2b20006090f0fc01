/** The settings of calls before the user has changed any. Pure data, for main and page. */
import type { CallSettings } from './call-settings.ts';

export const CALL_DEFAULTS: CallSettings = {
  callVolumes: { voice: 1, share: 1, music: 0.8 },
  callRelayOnly: false,
  callMini: true,
};
