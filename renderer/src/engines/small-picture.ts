/**
 * A received picture as small JPEGs, several times a second, for a window that has no connection of its own. It is read from
 * the track itself: an element would stop painting as soon as its window is minimised.
 */

/** Pixels. */
const WIDTH = 344;
/** Milliseconds from one picture to the next. */
const GAP_MS = 125;
const QUALITY = 0.7;

type Jpeg = Uint8Array<ArrayBuffer>;

/** Chromium's reader of a track's frames, which the standard library does not know yet. */
declare class MediaStreamTrackProcessor {
  constructor(options: { track: MediaStreamTrack });
  readonly readable: ReadableStream<VideoFrame>;
}

export interface SmallPicture {
  /** Shows this track from now on. Null: there is nothing to show; undefined: nobody looks. */
  show(track: MediaStreamTrack | null | undefined): void;
  close(): void;
}

/** `send` takes one picture, or null for none; the next one waits until it has. */
export function createSmallPicture(send: (jpeg: Jpeg | null) => Promise<unknown>): SmallPicture {
  const canvas = new OffscreenCanvas(WIDTH, 1);
  /** Counts what was to be shown: only the last one counts. */
  let turn = 0;
  let stop = (): void => undefined;

  async function jpegOf(frame: VideoFrame): Promise<Jpeg> {
    const { displayWidth, displayHeight } = frame;
    canvas.height = Math.max(1, Math.round((WIDTH * displayHeight) / Math.max(1, displayWidth)));
    canvas.getContext('2d')?.drawImage(frame, 0, 0, WIDTH, canvas.height);
    frame.close();
    const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: QUALITY });
    return new Uint8Array(await blob.arrayBuffer());
  }

  async function follow(own: MediaStreamTrack, isCurrent: () => boolean): Promise<void> {
    const reader = new MediaStreamTrackProcessor({ track: own }).readable.getReader();
    let last = Number.NEGATIVE_INFINITY;
    for (;;) {
      const { value: frame, done } = await reader.read();
      if (done) return;
      const now = performance.now();
      if (!isCurrent() || now - last < GAP_MS) {
        frame.close();
        if (!isCurrent()) return void (await reader.cancel());
        continue;
      }
      last = now;
      const jpeg = await jpegOf(frame);
      if (isCurrent()) await send(jpeg);
    }
  }

  return {
    show(track) {
      const mine = (turn += 1);
      stop();
      stop = () => undefined;
      if (track === undefined) return;
      if (track === null) return void send(null);
      // A copy of its own, so that ending it here ends nothing else.
      const own = track.clone();
      stop = () => own.stop();
      follow(own, () => mine === turn).catch((error: unknown) => {
        if (mine !== turn) return;
        console.warn('the small window gets no picture', error);
        void send(null);
      });
    },
    close() {
      turn += 1;
      stop();
    },
  };
}
