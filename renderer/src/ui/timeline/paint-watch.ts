/**
 * Whether what is drawn has been painted, so that a reader can have seen it. Clean: nothing was changed since the last
 * painted frame. Changed: no frame has begun since. Framed: a frame has begun; it is painted for every task that comes
 * after it, and not yet for what runs inside of it (an observer's report). The next frame makes it clean.
 */
export interface PaintWatch {
  /** Something was changed that no frame has painted yet. `inFrame`: by a frame's own callback, so that it paints it. */
  changed(inFrame?: boolean): void;
  /** True when what stands there now has been painted. `inFrame`: asked from inside of a frame. */
  isPainted(inFrame: boolean): boolean;
  stop(): void;
}

/** Watches frames, only while there is something to wait for. */
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
