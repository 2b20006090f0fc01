/** The node's version, as reported by its API. */
export const VERSION = '0.1.0';
