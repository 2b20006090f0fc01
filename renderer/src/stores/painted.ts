/** Milliseconds after which a window that does not paint (hidden, minimised) is not waited for. */
const HIDDEN_MS = 500;

/** Resolves when what stands in the document now has been painted. */
export function painted(): Promise<void> {
  return new Promise((resolve) => {
    const late = setTimeout(resolve, HIDDEN_MS);
    // The first callback comes before the painting, the second after it.
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        clearTimeout(late);
        resolve();
      }),
    );
  });
}
