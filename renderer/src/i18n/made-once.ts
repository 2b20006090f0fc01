/** A cache for objects that are expensive to create, such as the formatters of `Intl`. */

/** Memoizes `make` by key. The number of keys must be small, since nothing is evicted. */
export function madeOnce<K, V>(make: (key: K) => V): (key: K) => V {
  const made = new Map<K, V>();
  return (key) => {
    const known = made.get(key) ?? make(key);
    made.set(key, known);
    return known;
  };
}
