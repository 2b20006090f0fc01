/** Locates search terms in the texts a message is rendered as. Pure. */
import { placesOf, type Needles, type Place } from '#contract/model/found.ts';
import type { BlockNode, InlineNode } from '#contract/model/message-text/nodes.ts';

function inlineLeaves(nodes: readonly InlineNode[]): string[] {
  return nodes.flatMap((node) => ('text' in node ? [node.text] : inlineLeaves(node.children)));
}

/**
 * The matches in each text of the blocks, in rendering order. A phrase may start in one text and end in the next: the
 * search ignores formatting.
 */
export function marksOf(blocks: readonly BlockNode[], needles: Needles): Place[][] {
  const leaves = blocks.flatMap((block) => ('text' in block ? [block.text] : inlineLeaves(block.children)));
  // Words do not continue across texts: there was a formatting character between them.
  const places = placesOf(leaves.join('\n'), needles);
  let from = 0;
  return leaves.map((leaf) => {
    const to = from + leaf.length;
    const here = places.flatMap((place) => {
      const start = Math.max(place.start, from);
      const end = Math.min(place.start + place.length, to);
      return end > start ? [{ start: start - from, length: end - start }] : [];
    });
    from = to + 1;
    return here;
  });
}
