import type { Capability } from '#contract/api/capabilities.ts';

/**
 * True when fetching history by cursor does not count as reading: the client reports reading separately. By the
 * published contract, fetching is reading.
 */
export function leavesUnread(server: { has(capability: Capability): boolean }): boolean {
  return server.has('cursors') && server.has('message-read');
}
