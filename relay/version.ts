/** The node's version, as it tells it. */
export const VERSION = '0.1.0';
