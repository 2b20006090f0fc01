/** A message's text as blocks with links, ready to render. */
import { parseBlocks } from '#contract/model/message-text/blocks.ts';
import type { BlockNode } from '#contract/model/message-text/nodes.ts';
import { findLinks } from './links.ts';

/** Parses a message's text. Pure, never throws. */
export function parseText(text: string): BlockNode[] {
  return parseBlocks(text, findLinks);
}
