/**
 * Tracks whether what is rendered has been painted, so that the reader may have seen it. Clean: no changes since the
 * last painted frame. Changed: no frame has begun since. Framed: a frame has begun; for later tasks it counts as
 * painted, but not for code that runs inside it (an observer's report). The next frame makes it clean.
 */
export interface PaintWatch {
  /**
   * Something has changed that is not painted yet. `inFrame`: by a callback of the current frame, which will paint it.
   */
  changed(inFrame?: boolean): void;
  /** True when the current state has been painted. `inFrame`: called from inside a frame. */
  isPainted(inFrame: boolean): boolean;
  stop(): void;
}

/** Requests frames only while there are unpainted changes. */
export function watchPaint(): PaintWatch {
  let state: 'clean' | 'changed' | 'framed' = 'clean';
  let frame = 0;

  function step(): void {
    frame = 0;
    if (state === 'framed') {
      state = 'clean';
      return;
    }
    state = 'framed';
    frame = requestAnimationFrame(step);
  }

  return {
    changed(inFrame = false) {
      state = inFrame ? 'framed' : 'changed';
      if (frame === 0) frame = requestAnimationFrame(step);
    },
    isPainted: (inFrame) => state === 'clean' || (state === 'framed' && !inFrame),
    stop: () => cancelAnimationFrame(frame),
  };
}
