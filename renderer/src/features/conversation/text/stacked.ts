/** Marks that are put on one letter without an end leave their line; Thai and Hindi put two on one, and stay. */
import type { InlineNode } from '#contract/model/message-text/nodes.ts';

/** More marks in a row than a written language needs. */
const STACKED = /\p{M}{3}/u;

function textOf(nodes: readonly InlineNode[]): string {
  return nodes.map((node) => ('text' in node ? node.text : textOf(node.children))).join('');
}

/**
 * True where marks may reach beyond the bubble: its text is clipped then. Only then, because each clipped text above the
 * moving list is a layer of the compositor, which costs more at each change of chat than all that is painted in it.
 */
export function hasStackedMarks(nodes: readonly InlineNode[]): boolean {
  return STACKED.test(textOf(nodes));
}
