/** The name of a codec as a container writes it. */
export const CODEC = /^[\w.-]{1,4}$/;

/** What the container of a sound or a video says of it. */
export interface Timing {
  /** In seconds; null when the container does not tell. */
  duration: number | null;
  /** In pixels, as shown: turned, where the container turns it. */
  width: number | null;
  height: number | null;
  /** Of the sound, where it is not the usual one of its container: `alac`, `ac-3`, or `drms` for a protected one. */
  codec?: string;
}
