/**
 * What is sent of a file: parts of it, and bytes in place of others. Found out once, before anything is sent, so that
 * the length is known and an upload can continue anywhere.
 */

/** Bytes of the file, from an offset up to another, which is not included; or bytes of our own. */
export type Segment = { from: number; to: number } | { bytes: Uint8Array };

export interface SendPlan {
  segments: readonly Segment[];
  /** Bytes in all. */
  size: number;
}

/** What is known of a picture. */
export interface PictureScan {
  /** As it is shown, in pixels: after its orientation has been applied. */
  width: number;
  height: number;
  isAnimated: boolean;
  /** The picture without tags; null when there is nothing to remove. */
  plan: SendPlan | null;
}

/** Collects segments; neighbours in the file become one. */
export class PlanBuilder {
  readonly #segments: Segment[] = [];
  #size = 0;
  /** Something of the file is left out or replaced. */
  isChanged = false;

  keep(from: number, to: number): void {
    if (to <= from) return;
    const last = this.#segments.at(-1);
    if (last && 'from' in last && last.to === from) last.to = to;
    else this.#segments.push({ from, to });
    this.#size += to - from;
  }

  write(bytes: Uint8Array): void {
    this.#segments.push({ bytes });
    this.#size += bytes.length;
  }

  /** Bytes so far. */
  get size(): number {
    return this.#size;
  }

  /** The plan; null when the file is sent as it is. */
  end(): SendPlan | null {
    return this.isChanged ? { segments: this.#segments, size: this.#size } : null;
  }
}

/** The part of a plan from an offset on. */
export function planFrom(plan: SendPlan, offset: number): Segment[] {
  const rest: Segment[] = [];
  let at = 0;
  for (const segment of plan.segments) {
    const length = 'bytes' in segment ? segment.bytes.length : segment.to - segment.from;
    const skip = Math.min(Math.max(offset - at, 0), length);
    at += length;
    if (skip === length) continue;
    rest.push(
      'bytes' in segment ? { bytes: segment.bytes.subarray(skip) } : { from: segment.from + skip, to: segment.to },
    );
  }
  return rest;
}
