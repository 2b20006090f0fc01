/** Where searched words stand in the texts that a message is drawn with. Pure. */
import { placesOf, type Needles, type Place } from '#contract/model/found.ts';
import type { BlockNode, InlineNode } from '#contract/model/message-text/nodes.ts';

function inlineLeaves(nodes: readonly InlineNode[]): string[] {
  return nodes.flatMap((node) => ('text' in node ? [node.text] : inlineLeaves(node.children)));
}

/**
 * The places found in each text of the blocks, in the order in which these are drawn. A phrase may begin in one and end
 * in the next: the search knows nothing of what is bold.
 */
export function marksOf(blocks: readonly BlockNode[], needles: Needles): Place[][] {
  const leaves = blocks.flatMap((block) => ('text' in block ? [block.text] : inlineLeaves(block.children)));
  // No word goes on from one text into the next: what stood between them was a mark.
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
