/** What the runner and the process that runs the tests tell each other. */

/** The runner's word to the test process, for one test file. */
export interface Order {
  /** The number of the mutant that is on; null: none, and what is asked is written down. */
  active: number | null;
  /** How often the active mutant may be asked before it counts as a loop without an end. */
  mostAsked: number;
  /** Milliseconds of one test or hook; null: as configured. */
  testTimeoutMs: number | null;
}

declare module 'vitest' {
  interface ProvidedContext {
    order: Order;
  }
  interface TaskMeta {
    /** How often each mutant was asked while the file ran, by its number. */
    asked?: [id: number, times: number][];
  }
}
