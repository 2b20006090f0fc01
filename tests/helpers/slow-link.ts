/** A link that takes its time: each packet is delayed by chance and some get lost. Chance is passed in, so it can be replayed. */

export interface LinkTerms {
  /** Milliseconds from one end to the other. */
  delayMs: number;
  /** Milliseconds by which a packet is earlier or later than that, at most. */
  jitterMs: number;
  /** The part of the packets that never arrives, 0 to 1. */
  loss: number;
}

export interface SlowLink {
  /** Delivers later, or never. */
  carry(deliver: () => void): void;
}

/** Milliseconds that a packet takes; null: it is lost. @param random in [0, 1). */
export function delayOf({ delayMs, jitterMs, loss }: LinkTerms, random: () => number): number | null {
  const isLost = random() < loss;
  const delay = Math.max(0, delayMs + (random() * 2 - 1) * jitterMs);
  return isLost ? null : delay;
}

/** Packets may overtake each other, as they do where the delay varies. @param random in [0, 1). */
export function createSlowLink(terms: LinkTerms, random: () => number): SlowLink {
  return {
    carry(deliver) {
      const delay = delayOf(terms, random);
      if (delay !== null) setTimeout(deliver, delay);
    },
  };
}
