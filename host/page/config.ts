/** What the host tells the script of a document. */
export interface PageConfig {
  /** Path of the WebSocket on the host. */
  socketPath: string;
  /** Named as in Node. */
  platform: string;
  /** Where copies of the user's files lie, and how they get there: see given-files.ts. */
  files: { folder: string; separator: string; address: string; key: string };
}
