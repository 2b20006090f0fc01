/**
 * Inline marks: `code`, *bold* (or **bold**), _italic_ (or __italic__) and links. A mark counts only at a word
 * boundary, with a word or a picture between the pair: 2*3*4, snake_case, ^_^, a shrug and paths with asterisks stay as
 * they are. An unclosed mark is a plain character.
 */
import type { FindLinks, FoundLink, InlineNode } from './nodes.ts';

/** An indivisible part, whatever surrounds it. */
interface Atom {
  start: number;
  end: number;
  node: InlineNode;
}

/** Something that a mark can enclose. */
const WORD = /[\p{L}\p{N}\p{Extended_Pictographic}]/u;
/** What may precede an opening mark and follow a closing one: nothing, white space, a bracket, a quote, punctuation. */
const BEFORE = /[\s\p{Ps}\p{Pi}"'\-–—*_~]/u;
const AFTER =
  /[\s\p{Pe}\p{Pf}"'\-–—.,;:!?…*_~\u060C\u061B\u061F\u0964\u3001\u3002\uFF01\uFF0C\uFF0E\uFF1A\uFF1B\uFF1F]/u;
/** What may directly follow opening marks: the start of a word, or something that opens one. */
const BEGINS = /[\p{L}\p{N}\p{M}\p{Extended_Pictographic}\p{Sc}\p{Ps}\p{Pi}"'`#@+\-–—…¿¡~]/u;
const SPACE = /\s/u;

const MARKS = { '*': 'bold', _: 'italic' } as const;
type Mark = keyof typeof MARKS;

function isMark(character: string | undefined): character is Mark {
  return character === '*' || character === '_';
}

/** Parses the text of a paragraph or a quote. Never throws; the joined texts of its leaves contain every word. */
export function parseInline(text: string, findLinks: FindLinks): InlineNode[] {
  return new InlineParser(text, findLinks).parse(0, text.length, []);
}

class InlineParser {
  readonly #text: string;
  readonly #atoms: Atom[];
  readonly #atomAt: Map<number, Atom>;

  constructor(text: string, findLinks: FindLinks) {
    this.#text = text;
    this.#atoms = atomsOf(text, findLinks);
    this.#atomAt = new Map(this.#atoms.map((atom) => [atom.start, atom]));
  }

  parse(from: number, to: number, inside: readonly Mark[]): InlineNode[] {
    const nodes: InlineNode[] = [];
    const hopeless = new Set<string>();
    let plainFrom = from;
    let at = from;
    const flush = (end: number): void => {
      if (end > plainFrom) nodes.push({ kind: 'text', text: this.#text.slice(plainFrom, end) });
    };
    while (at < to) {
      const atom = this.#atomAt.get(at);
      if (atom) {
        flush(at);
        nodes.push(atom.node);
        plainFrom = at = atom.end;
        continue;
      }
      const mark = this.#text[at];
      const run = isMark(mark) && this.#text[at + 1] === mark ? 2 : 1;
      if (isMark(mark) && !inside.includes(mark) && !hopeless.has(mark.repeat(run)) && this.#opens(at, run, from)) {
        const close = this.#close(mark, run, at + run, to);
        if (close >= 0) {
          flush(at);
          nodes.push({ kind: MARKS[mark], children: this.parse(at + run, close, [...inside, mark]) });
          plainFrom = at = close + run;
          continue;
        }
        // A mark without an end from here has none from further on either: hostile runs of marks stay cheap.
        hopeless.add(mark.repeat(run));
      }
      at += isMark(mark) ? run : 1;
    }
    flush(to);
    return nodes;
  }

  #opens(at: number, run: number, from: number): boolean {
    const before = at === from ? undefined : this.#text[at - 1];
    let next = at + run;
    // At most marks of both kinds, doubled: a row of a thousand marks opens nothing.
    while (isMark(this.#text[next]) && next - at < 6) next += 1;
    return (before === undefined || BEFORE.test(before)) && BEGINS.test(this.#character(next));
  }

  /** The whole character at an offset: half a surrogate pair says nothing. */
  #character(at: number): string {
    return String.fromCodePoint(this.#text.codePointAt(at) ?? 0);
  }

  /** Offset of the closing mark, skipping code and links; -1 when there is none before `to`. */
  #close(mark: Mark, run: number, from: number, to: number): number {
    let at = from;
    let holds = false;
    while (at <= to - run) {
      const atom = this.#atomAt.get(at);
      if (atom) {
        holds = true;
        at = atom.end;
        continue;
      }
      if (this.#text[at] !== mark) {
        holds ||= WORD.test(this.#character(at));
        at++;
        continue;
      }
      let length = 1;
      while (this.#text[at + length] === mark) length++;
      const before = this.#text[at - 1];
      const after = this.#text[at + length];
      const ends = before !== undefined && !SPACE.test(before) && (after === undefined || AFTER.test(after));
      if (length === run && at > from && at + length <= to && ends && holds) return at;
      at += length;
    }
    return -1;
  }
}

/** Code and links: code takes precedence over links, and both over bold and italic. */
function atomsOf(text: string, findLinks: FindLinks): Atom[] {
  const code: Atom[] = [];
  for (const match of text.matchAll(/(?<!`)`([^`\n]+)`(?!`)/g)) {
    const inner = match[1] ?? '';
    code.push({ start: match.index, end: match.index + match[0].length, node: { kind: 'code', text: inner } });
  }
  const free = (link: FoundLink): boolean => code.every((atom) => link.end <= atom.start || link.start >= atom.end);
  return [...code, ...findLinks(text).filter(free)].sort((a, b) => a.start - b.start);
}
