/** Why a device could not be had. */
export type DeviceProblem = 'denied' | 'none' | 'busy' | 'failed';

/** The reason behind an exception of `getUserMedia`, `getDisplayMedia` or a recorder, by its name. */
export function deviceProblem(error: unknown): DeviceProblem {
  switch (error instanceof Error || error instanceof DOMException ? error.name : '') {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'denied';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'none';
    case 'NotReadableError':
    case 'AbortError':
      return 'busy';
    default:
      return 'failed';
  }
}
