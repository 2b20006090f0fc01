/**
 * The picture of whoever wrote, for a notification. It never keeps a notification waiting: what is not here in time
 * comes for the next one.
 */
import type { MediaProblem, OpenedMedia } from '../../lib/media.ts';
import { errorName } from '../../lib/emitter.ts';
import type { Clock, Logger } from '../ports.ts';

/** How long a notification waits for a picture, in milliseconds. */
export const FACE_WAIT_MS = 300;
/** After that a picture is given up, in milliseconds. */
const LONGEST_MS = 15_000;
/** In bytes; our own are far smaller. */
const LARGEST = 1024 * 1024;
/** Width and height in pixels up to which a picture is decoded for a place of 64. */
const LARGEST_SIDE = 1024;

export interface FacesOptions {
  /** Opens a person's picture by its address, from the disk or with the account's own token. */
  readonly open: (url: string, signal: AbortSignal) => Promise<OpenedMedia | MediaProblem>;
  /** Width and height of a picture that the system can decode; null for anything else. */
  readonly sidesOf: (bytes: Uint8Array) => Promise<{ width: number; height: number } | null>;
  clock: Pick<Clock, 'after'>;
  logger: Logger;
}

/** Resolves with a PNG or a JPEG, within `FACE_WAIT_MS`; null when there is none by then. Never rejects. */
export type Faces = (url: string) => Promise<Uint8Array | null>;

export function createFaces({ open, sidesOf, clock, logger }: FacesOptions): Faces {
  const coming = new Map<string, Promise<Uint8Array | null>>();

  async function read(url: string, signal: AbortSignal): Promise<Uint8Array | null> {
    const opened = await open(url, signal);
    if ('problem' in opened) return null;
    if (opened.size > LARGEST) {
      opened.cancel();
      return null;
    }
    const pieces: Uint8Array[] = [];
    for await (const piece of opened.body) pieces.push(piece);
    const bytes = Buffer.concat(pieces);
    const sides = await sidesOf(bytes);
    return sides && Math.max(sides.width, sides.height) <= LARGEST_SIDE ? bytes : null;
  }

  function fetched(url: string): Promise<Uint8Array | null> {
    const known = coming.get(url);
    if (known) return known;
    const ending = new AbortController();
    const cancel = clock.after(LONGEST_MS, () => ending.abort());
    const picture = read(url, ending.signal)
      .catch((error: unknown) => {
        logger.info('notification.no_picture', { error: errorName(error) });
        return null;
      })
      .finally(() => {
        cancel();
        coming.delete(url);
      });
    coming.set(url, picture);
    return picture;
  }

  return (url) =>
    new Promise((resolve) => {
      const cancel = clock.after(FACE_WAIT_MS, () => resolve(null));
      void fetched(url).then((picture) => {
        cancel();
        resolve(picture);
      });
    });
}
