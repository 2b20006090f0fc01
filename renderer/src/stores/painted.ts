/** Milliseconds after which waiting for a window that does not paint (hidden, minimised) ends. */
const HIDDEN_MS = 500;

/** Resolves when the current document has been painted. */
export function painted(): Promise<void> {
  return new Promise((resolve) => {
    const late = setTimeout(resolve, HIDDEN_MS);
    // The first callback runs before the paint, the second after it.
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        clearTimeout(late);
        resolve();
      }),
    );
  });
}
