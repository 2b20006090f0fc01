/**
 * Parses what the user types into the search field: words, "quoted phrases", and filters `from:`, `in:`, `has:`,
 * `before:`, `after:`. Pure and total: any text is a query; an invalid filter is listed in `problems` and left out, and
 * the rest is searched.
 */
import { words } from '#contract/model/search-text.ts';
import type { Needles } from '#contract/model/found.ts';

/** What `has:` can ask for. */
export const HAS_KINDS = ['file', 'image', 'audio', 'video', 'link'] as const;
export type HasKind = (typeof HAS_KINDS)[number];

/** A query, ready for the index: folded words. */
export interface ParsedQuery extends Needles {
  from: string[];
  in: string[];
  has: HasKind[];
  /** Written before this time; milliseconds since the epoch, the start of a day on this computer. */
  before: number | null;
  /** Written at this time or later. */
  after: number | null;
  /** Filters that were not understood, as typed. */
  problems: string[];
}

/** More words than anyone types; the rest is ignored. */
const MOST_PARTS = 32;

// key: with nothing after it, key:"quoted", key:word, "quoted", word. Quotes are those of any keyboard, which may
// insert curly ones by itself. A missing closing quote means the end of the text.
const PART = /(\p{L}+):(?=\s|$)|(?:(\p{L}+):)?(?:["“”„«»]([^"“”„«»]*)(["“”„«»]|$)|(\S+))/gu;

const HAS_WORDS: Record<string, HasKind> = {
  file: 'file',
  files: 'file',
  image: 'image',
  images: 'image',
  photo: 'image',
  audio: 'audio',
  music: 'audio',
  video: 'video',
  videos: 'video',
  link: 'link',
  links: 'link',
};

/** The start of a day on this computer, in milliseconds since the epoch; null if there is no such day. */
function dayStart(text: string): number | null {
  const match = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text);
  if (!match) return null;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const date = new Date(year, month - 1, day);
  const isReal = date.getFullYear() === year && date.getMonth() === month - 1 && date.getDate() === day;
  return isReal ? date.getTime() : null;
}

function applyFilter(query: ParsedQuery, key: string, value: string): boolean {
  switch (key) {
    case 'from':
    case 'in':
      if (value.trim() === '') return false;
      query[key].push(value.trim());
      return true;
    case 'has': {
      const kind = Object.hasOwn(HAS_WORDS, value.toLowerCase()) ? HAS_WORDS[value.toLowerCase()] : undefined;
      if (!kind) return false;
      if (!query.has.includes(kind)) query.has.push(kind);
      return true;
    }
    case 'before':
    case 'after': {
      const time = dayStart(value);
      if (time === null) return false;
      query[key] =
        key === 'before' ? Math.min(query.before ?? Infinity, time) : Math.max(query.after ?? -Infinity, time);
      return true;
    }
    default:
      return false;
  }
}

const FILTERS: ReadonlySet<string> = new Set(['from', 'in', 'has', 'before', 'after']);

/**
 * Parses a query. `before:` means before that day, `after:` that day or later. The last word counts as still being
 * typed, unless white space, a closing quote or another part follows it.
 */
export function parseQuery(text: string): ParsedQuery {
  const query: ParsedQuery = {
    phrases: [],
    prefix: null,
    from: [],
    in: [],
    has: [],
    before: null,
    after: null,
    problems: [],
  };
  let lastWord: { end: number; phrase: string[] } | null = null;
  for (const match of text.matchAll(PART)) {
    if (query.phrases.length + query.from.length + query.in.length >= MOST_PARTS) break;
    const key = (match[1] ?? match[2] ?? '').toLowerCase();
    const value = match[3] ?? match[5] ?? '';
    if (FILTERS.has(key)) {
      if (!applyFilter(query, key, value)) query.problems.push(match[0].slice(0, 60));
      continue;
    }
    const isQuoted = match[3] !== undefined;
    // "note:this" is not one of our filters: it is searched as words.
    const parts = words(isQuoted && key !== '' ? `${key} ${value}` : isQuoted ? value : match[0]);
    if (parts.length === 0) continue;
    const phrase = parts.map((word) => word.folded);
    query.phrases.push(phrase);
    const isTyped = isQuoted ? match[4] === '' && !/\s$/u.test(value) : true;
    lastWord = isTyped && parts.at(-1)?.isLetter !== true ? { end: match.index + match[0].length, phrase } : null;
  }
  if (lastWord && lastWord.end === text.length) {
    const typed = lastWord.phrase.pop();
    if (lastWord.phrase.length === 0) query.phrases.pop();
    query.prefix = typed ?? null;
  }
  return query;
}
