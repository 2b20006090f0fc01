/** How a browser is started for calls. */
import { CALL_TRIALS } from '../../electron/main/lib/call-trials.ts';

/** A microphone that beeps, a camera that moves, and calls as main sets them up. */
export const CALL_FLAGS: readonly string[] = [
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
  `--force-fieldtrials=${CALL_TRIALS}`,
];
