/** Bytes of a file that are sent as others of the same number: nothing moves, so that no offset in it has to change. */
import { PlanBuilder, type SendPlan } from '../pictures/plan.ts';

/** Zeros for any length: a plan holds the same bytes many times. */
const ZEROS = new Uint8Array(64 * 1024);

interface Patch {
  from: number;
  to: number;
  /** Null: zeros. */
  bytes: Uint8Array | null;
}

export class Patches {
  readonly #patches: Patch[] = [];
  /** All of the file was understood. Else tags may be left in it. */
  isWhole = true;

  zero(from: number, to: number): void {
    if (to > from) this.#patches.push({ from, to, bytes: null });
  }

  write(at: number, bytes: Uint8Array): void {
    this.#patches.push({ from: at, to: at + bytes.length, bytes });
  }

  /** What is sent of a file of that size; null when nothing of it changes. Of patches that overlap the first one counts. */
  plan(size: number): SendPlan | null {
    const plan = new PlanBuilder();
    let at = 0;
    for (const patch of this.#patches.toSorted((a, b) => a.from - b.from)) {
      const from = Math.max(patch.from, at);
      const to = Math.min(patch.to, size);
      if (to <= from) continue;
      plan.keep(at, from);
      if (patch.bytes) plan.write(patch.bytes.subarray(from - patch.from, to - patch.from));
      else for (let n = from; n < to; n += ZEROS.length) plan.write(ZEROS.subarray(0, Math.min(ZEROS.length, to - n)));
      plan.isChanged = true;
      at = to;
    }
    plan.keep(at, size);
    return plan.end();
  }
}
