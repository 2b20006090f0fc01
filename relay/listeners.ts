/** The subscribers to one event. */
export interface Listeners<A extends unknown[]> {
  /** @returns undoes the subscription. */
  add: (listener: (...args: A) => void) => () => void;
  /** Calls every subscriber, in the order they subscribed. */
  tell: (...args: A) => void;
}

export function createListeners<A extends unknown[]>(): Listeners<A> {
  // Entries of their own: the same function may subscribe twice, and each undo ends one subscription.
  const entries = new Set<{ run: (...args: A) => void }>();
  return {
    add(run) {
      const entry = { run };
      entries.add(entry);
      return () => void entries.delete(entry);
    },
    tell(...args) {
      for (const { run } of entries) run(...args);
    },
  };
}
