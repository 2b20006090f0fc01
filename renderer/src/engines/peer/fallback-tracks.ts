/** Silence and a black picture, sent where there is no microphone or no camera: turning one on needs no new description. */

export interface FallbackTracks {
  /** A track of silence. */
  silence(): MediaStreamTrack | null;
  /** A black picture, once a second. */
  black(): MediaStreamTrack | null;
  /** Stops both. */
  close(): void;
}

const FRAME_MS = 1_000;

/** Makes the tracks when they are first needed. */
export function createFallbackTracks(): FallbackTracks {
  let context: AudioContext | null = null;
  let silent: MediaStreamTrack | null = null;
  let dark: MediaStreamTrack | null = null;
  let timer: ReturnType<typeof setInterval> | undefined;
  return {
    silence() {
      if (silent) return silent;
      context = new AudioContext();
      const out = context.createMediaStreamDestination();
      const source = new ConstantSourceNode(context, { offset: 0 });
      source.connect(out);
      source.start();
      return (silent = out.stream.getAudioTracks()[0] ?? null);
    },
    black() {
      if (dark) return dark;
      const canvas = document.createElement('canvas');
      canvas.width = 160;
      canvas.height = 90;
      const drawing = canvas.getContext('2d', { alpha: false });
      // An encoder needs a frame from time to time: a picture that is asked for again is made of the last one.
      const draw = (): void => drawing?.fillRect(0, 0, canvas.width, canvas.height);
      dark = canvas.captureStream().getVideoTracks()[0] ?? null;
      draw();
      timer = setInterval(draw, FRAME_MS);
      return dark;
    },
    close() {
      clearInterval(timer);
      silent?.stop();
      dark?.stop();
      void context?.close();
      [context, silent, dark] = [null, null, null];
    },
  };
}
