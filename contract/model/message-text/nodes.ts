/** Formatted text as a tree of plain data: the parser's output, the renderer's input. */

/** A link and its place in the text, in UTF-16 units. */
export interface FoundLink {
  start: number;
  end: number;
  node: LinkNode;
}

/** Finds the links of a text, in order and without overlaps. */
export type FindLinks = (text: string) => FoundLink[];

export interface LinkNode {
  kind: 'link';
  /** As written, without characters that reorder adjacent text. */
  text: string;
  /** The target: http, https or mailto, without credentials. */
  href: string;
  /** The host in ASCII if the written one could be mistaken for another; else null. */
  realHost: string | null;
}

export type InlineNode =
  | { kind: 'text'; text: string }
  | { kind: 'code'; text: string }
  | { kind: 'bold' | 'italic'; children: InlineNode[] }
  | LinkNode;

export type BlockNode =
  | { kind: 'paragraph'; children: InlineNode[] }
  | { kind: 'quote'; children: InlineNode[] }
  | { kind: 'code-block'; text: string }
  /** One to three emojis and nothing else. */
  | { kind: 'emoji'; text: string };
