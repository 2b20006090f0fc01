/** Choices of the settings that concern calls. See views.ts. */
import { z } from 'zod';

const Loudness = z.number().min(0).max(1);

/** How loud each of them is in a call, 0 to 1. */
export const CallVolumes = z.object({ voice: Loudness, share: Loudness, music: Loudness }).strict();
export type CallVolumes = z.infer<typeof CallVolumes>;

export const CALL_SETTINGS = {
  callVolumes: CallVolumes,
  /** True: calls go through the server's relays only, so that the other side does not learn this computer's address. */
  callRelayOnly: z.boolean(),
  /** True: the small window of a call opens when the main window is minimised or hidden. */
  callMini: z.boolean(),
} as const;
export const CallSettings = z.object(CALL_SETTINGS);
export type CallSettings = z.infer<typeof CallSettings>;
