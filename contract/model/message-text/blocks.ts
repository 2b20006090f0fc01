/**
 * A message's text as blocks: ``` fences, lines that start with ">" and paragraphs. Pure, never throws, and for every
 * input the output has the same words.
 */
import { parseInline } from './inline.ts';
import type { BlockNode, FindLinks, InlineNode } from './nodes.ts';
import { isOnlyEmoji } from './only-emoji.ts';

/** Longer texts (our clients cannot send them) are shown unformatted. */
const MAX_FORMATTED = 20_000;

const NO_LINKS: FindLinks = () => [];

/** Parses a message's text. All line endings are treated alike. */
export function parseBlocks(given: string, findLinks: FindLinks): BlockNode[] {
  const text = given.replaceAll(/\r\n?/g, '\n');
  if (text.length > MAX_FORMATTED) return [{ kind: 'paragraph', children: [{ kind: 'text', text }] }];
  if (isOnlyEmoji(text)) return [{ kind: 'emoji', text }];
  const blocks: BlockNode[] = [];
  let rest = 0;
  for (const fence of text.matchAll(/(?:^|(?<=\n))```[^\n`]*\n?([\s\S]*?)\n?```(?=\n|$)/g)) {
    const body = fence[1] ?? '';
    if (body.trim() === '') continue;
    blocks.push(...lines(text.slice(rest, fence.index), findLinks));
    blocks.push({ kind: 'code-block', text: body });
    rest = fence.index + fence[0].length;
  }
  blocks.push(...lines(text.slice(rest), findLinks));
  return blocks;
}

function lines(text: string, findLinks: FindLinks): BlockNode[] {
  const blocks: BlockNode[] = [];
  let kind: 'quote' | 'paragraph' = 'paragraph';
  let gathered: string[] = [];
  const flush = (): void => {
    // Drop empty lines around it, but never the first line's indentation.
    const joined = gathered.join('\n').replace(/^(?:[^\S\n]*\n)+|\n+$/g, '');
    gathered = [];
    if (joined !== '') blocks.push({ kind, children: parseInline(joined, findLinks) });
  };
  for (const line of text.split('\n')) {
    const quoted = /^> ?(?=\S)/.exec(line);
    const now = quoted ? 'quote' : 'paragraph';
    if (now !== kind) flush();
    kind = now;
    gathered.push(quoted ? line.slice(quoted[0].length) : line);
  }
  flush();
  return blocks;
}

/** The text as one line without formatting marks: for previews, notifications, quotes and screen reader labels. */
export function plainText(text: string): string {
  return parseBlocks(text, NO_LINKS)
    .map((block) => ('text' in block ? block.text : inlineText(block.children)))
    .join(' ')
    .replace(/\s+/g, ' ')
    .trim();
}

function inlineText(nodes: readonly InlineNode[]): string {
  return nodes.map((node) => ('text' in node ? node.text : inlineText(node.children))).join('');
}

const RIGHT_TO_LEFT = /^[^\p{L}]*[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

/** True when a text is right-to-left, decided as `dir="auto"` does: by its first letter. */
export function isRightToLeft(text: string): boolean {
  return RIGHT_TO_LEFT.test(text);
}
