import type { Capability } from '#contract/api/capabilities.ts';

/**
 * True when a fetch of history by cursor does not count as reading: the server is told of reading by a word of its own.
 * By the published contract to fetch is to read.
 */
export function leavesUnread(server: { has(capability: Capability): boolean }): boolean {
  return server.has('cursors') && server.has('message-read');
}
