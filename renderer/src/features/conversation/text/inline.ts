/**
 * The marks inside a line: `code`, *bold* (or **bold**), _italic_ (or __italic__) and links. A mark counts only at the
 * edge of a word (so 2*3*4 and snake_case stay as they are), and one that is never closed is a plain character.
 */
import { findLinks, type FoundLink } from './links.ts';
import type { InlineNode } from './nodes.ts';

/** A part that is what it is, whatever stands around it. */
interface Atom {
  start: number;
  end: number;
  node: InlineNode;
}

const WORD = /[\p{L}\p{N}]/u;
const SPACE = /\s/u;

const MARKS = { '*': 'bold', _: 'italic' } as const;
type Mark = keyof typeof MARKS;

function isMark(character: string | undefined): character is Mark {
  return character === '*' || character === '_';
}

/** Parses the text of a paragraph or a quote. Never throws; joined again, the texts of its leaves hold every word. */
export function parseInline(text: string): InlineNode[] {
  return new InlineParser(text).parse(0, text.length, []);
}

class InlineParser {
  readonly #text: string;
  readonly #atoms: Atom[];
  readonly #atomAt: Map<number, Atom>;

  constructor(text: string) {
    this.#text = text;
    this.#atoms = atomsOf(text);
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
        // What has no end from here has none from further on either: hostile runs of marks stay cheap.
        hopeless.add(mark.repeat(run));
      }
      at += isMark(mark) ? run : 1;
    }
    flush(to);
    return nodes;
  }

  #opens(at: number, run: number, from: number): boolean {
    const before = at === from ? undefined : this.#text[at - 1];
    const after = this.#text[at + run];
    return (before === undefined || !WORD.test(before)) && after !== undefined && !SPACE.test(after);
  }

  /** The place of the mark that closes, skipping code and links; -1 when there is none before `to`. */
  #close(mark: Mark, run: number, from: number, to: number): number {
    let at = from;
    while (at <= to - run) {
      const atom = this.#atomAt.get(at);
      if (atom) {
        at = atom.end;
        continue;
      }
      if (this.#text[at] !== mark) {
        at++;
        continue;
      }
      let length = 1;
      while (this.#text[at + length] === mark) length++;
      const before = this.#text[at - 1];
      const after = this.#text[at + length];
      const ends = before !== undefined && !SPACE.test(before) && (after === undefined || !WORD.test(after));
      if (length === run && at > from && at + length <= to && ends) return at;
      at += length;
    }
    return -1;
  }
}

/** Code and links: code wins over links, and both over bold and italic. */
function atomsOf(text: string): Atom[] {
  const code: Atom[] = [];
  for (const match of text.matchAll(/(?<!`)`([^`\n]+)`(?!`)/g)) {
    const inner = match[1] ?? '';
    code.push({ start: match.index, end: match.index + match[0].length, node: { kind: 'code', text: inner } });
  }
  const free = (link: FoundLink): boolean => code.every((atom) => link.end <= atom.start || link.start >= atom.end);
  return [...code, ...findLinks(text).filter(free)].sort((a, b) => a.start - b.start);
}
