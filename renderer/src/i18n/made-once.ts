/** For what is dear to make and cheap to ask, as the formatters of `Intl` are. */

/** The same function, which makes what it answers once for each `key` and keeps it. The keys must be few. */
export function madeOnce<K, V>(make: (key: K) => V): (key: K) => V {
  const made = new Map<K, V>();
  return (key) => {
    const known = made.get(key) ?? make(key);
    made.set(key, known);
    return known;
  };
}
