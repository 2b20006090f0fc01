/** The account of the conversation's benchmarks: one chat of 100,000 messages and thirty usual ones. */
export const LARGE = (quick: boolean): number[] => [quick ? 10_000 : 100_000, ...Array.from({ length: 30 }, () => 300)];
