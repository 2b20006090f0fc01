/**
 * Reads a search as a person says it: "that song from March", "the plan Anna sent in May 2025", "песня от Анны за март".
 * What is understood becomes filters, and the rest stays words. Pure: who a name means is asked of the caller.
 */
import { fold, foldedWords } from '#contract/model/search-text.ts';
import { parseQuery, type ParsedQuery } from './search-query.ts';

/** A search in everyday words. */
export interface Wish {
  /** With the filters that were understood. */
  query: ParsedQuery;
  /** A time or a person was understood; otherwise the query is what was typed. */
  understood: boolean;
  /** Music was asked for by name, such as "song". */
  music: boolean;
}

/** The ids of the people that a name may mean, in whatever case it stands; none when nobody is called so. */
export type WhoIs = (name: string) => readonly string[];

const ENGLISH = [
  'january february march april may june july august september october november december'.split(' '),
  'jan feb mar apr may jun jul aug sep oct nov dec'.split(' '),
] as const;
/** Without the endings of their cases. */
const RUSSIAN = 'январ феврал март апрел ма июн июл август сентябр октябр ноябр декабр'.split(' ');
const RUSSIAN_ENDING = /^(?:ь|й|я|а|е|ю|у|ем|ом)?$/u;

const OF_TIME = new Set(['in', 'from', 'of', 'during', 'since', 'в', 'во', 'из', 'за', 'с', 'от', 'на']);
const OF_PERSON = new Set(['from', 'by', 'от', 'у']);
const SENT = new Set([
  ...['sent', 'shared', 'posted', 'прислал', 'прислала', 'отправил', 'отправила', 'скинул', 'скинула'],
]);
const MUSIC = new Set([
  ...[
    'song',
    'songs',
    'track',
    'tracks',
    'music',
    'tune',
    'песня',
    'песню',
    'песни',
    'песен',
    'трек',
    'треки',
    'музыка',
  ],
  ...['музыку', 'мелодия', 'мелодию'],
]);
const FILLERS = new Set([
  ...[
    'that',
    'the',
    'this',
    'those',
    'a',
    'an',
    'та',
    'ту',
    'тот',
    'то',
    'те',
    'эта',
    'эту',
    'этот',
    'которую',
    'которая',
  ],
  ...['который', 'что', 'which', 'year', 'год', 'года', 'году'],
]);
/** Too common as other words to be months by themselves. */
const DOUBTFUL = new Set(['may', 'мае', 'мая', 'маю']);

/** The month of a folded word, 0 to 11; `sure`: it needs no "in" before it and no year beside it. */
function monthOf(word: string): { month: number; sure: boolean } | null {
  const full = ENGLISH[0].indexOf(word);
  if (full >= 0) return { month: full, sure: !DOUBTFUL.has(word) };
  const short = word === 'sept' ? 8 : ENGLISH[1].indexOf(word);
  if (short >= 0) return { month: short, sure: false };
  const russian = RUSSIAN.findIndex((stem) => word.startsWith(stem) && RUSSIAN_ENDING.test(word.slice(stem.length)));
  // "ма" is a month only with an ending of its own.
  if (russian < 0 || (russian === 4 && !/^ма[йяею]$/u.test(word))) return null;
  return { month: russian, sure: !DOUBTFUL.has(word) };
}

function yearOf(word: string | undefined): number | null {
  return word !== undefined && /^(?:19|20)\d\d$/.test(word) ? Number(word) : null;
}

interface Token {
  text: string;
  /** Folded; empty for what is quoted or a filter of its own. */
  word: string;
}

function tokensOf(text: string): Token[] {
  return [...text.matchAll(/(?:\p{L}+:)?["“”„«»][^"“”„«»]*["“”„«»]?|\S+/gu)].map(([part]) => {
    const isOwn = /["“”„«»]/u.test(part) || /^\p{L}+:/u.test(part);
    const folded = isOwn ? '' : foldedWords(part);
    return { text: part, word: folded.includes(' ') ? '' : folded };
  });
}

type Span = { after: number; before: number };

/** A month, the latest that has begun unless a year is given; or a year. Days are those of this computer. */
function spanOf(month: number | null, year: number | null, now: number): Span {
  const today = new Date(now);
  if (month === null) {
    const of = year ?? today.getFullYear();
    return { after: new Date(of, 0, 1).getTime(), before: new Date(of + 1, 0, 1).getTime() };
  }
  const of = year ?? (month > today.getMonth() ? today.getFullYear() - 1 : today.getFullYear());
  return { after: new Date(of, month, 1).getTime(), before: new Date(of, month + 1, 1).getTime() };
}

interface Read {
  span: Span | null;
  people: readonly string[] | null;
  used: Set<number>;
}

/** Where a time begins at `index`: the tokens it takes; null when none does. */
function timeAt(tokens: readonly Token[], index: number, now: number): { span: Span; length: number } | null {
  const named = OF_TIME.has(tokens[index]?.word ?? '');
  const first = tokens[index + Number(named)]?.word ?? '';
  const second = tokens[index + Number(named) + 1]?.word;
  const found = monthOf(first);
  const length = Number(named) + 1;
  if (found) {
    const year = yearOf(second);
    // Short forms such as "mar" are the beginnings of names, and need a year.
    const short = !ENGLISH[0].includes(first) && (first === 'sept' || ENGLISH[1].includes(first));
    if (year === null && (short || (!found.sure && !named && tokens.length > 1))) return null;
    return { span: spanOf(found.month, year, now), length: year === null ? length : length + 1 };
  }
  const year = yearOf(first);
  if (year === null) return null;
  const after = second === undefined ? null : monthOf(second);
  if (after) return { span: spanOf(after.month, year, now), length: length + 1 };
  return named ? { span: spanOf(null, year, now), length } : null;
}

/** A person named at `index`, by two words or one. */
function personAt(
  tokens: readonly Token[],
  index: number,
  whoIs: WhoIs,
): { people: readonly string[]; length: number } | null {
  const word = (at: number): string => tokens[at]?.word ?? '';
  const names = OF_PERSON.has(word(index)) ? index + 1 : SENT.has(word(index + 1)) ? index : null;
  if (names === null || word(names) === '') return null;
  const before = names - index;
  if (word(names + 1) !== '' && names === index + 1) {
    const people = whoIs(`${word(names)} ${word(names + 1)}`);
    if (people.length > 0) return { people, length: before + 2 };
  }
  const people = whoIs(word(names));
  return people.length > 0 ? { people, length: before + 1 } : null;
}

function read(tokens: readonly Token[], now: number, whoIs: WhoIs): Read {
  const found: Read = { span: null, people: null, used: new Set() };
  const use = (index: number, length: number): number => {
    for (let at = index; at < index + length; at += 1) found.used.add(at);
    return index + length;
  };
  for (let index = 0; index < tokens.length;) {
    const time = found.span === null ? timeAt(tokens, index, now) : null;
    if (time) {
      found.span = time.span;
      index = use(index, time.length);
      continue;
    }
    const person = found.people === null ? personAt(tokens, index, whoIs) : null;
    if (person) {
      found.people = person.people;
      index = use(index, person.length);
      continue;
    }
    index += 1;
  }
  return found;
}

/**
 * What a search means. A month without a year is the last one that has begun. Only beside a time or a person are words
 * such as "that" and "song" more than words.
 * @param now milliseconds since the epoch
 */
export function readWish(text: string, now: number, whoIs: WhoIs): Wish {
  const tokens = tokensOf(text);
  const { span, people, used } = read(tokens, now, whoIs);
  if (span === null && people === null) return { query: parseQuery(text), understood: false, music: false };
  let music = false;
  const rest = tokens.filter(({ word }, index) => {
    if (used.has(index)) return false;
    if (MUSIC.has(word)) music = true;
    return !MUSIC.has(word) && !FILLERS.has(word) && !SENT.has(word);
  });
  // A word is still being typed only where it is the last thing that was typed.
  const isTyped = rest.length > 0 && rest.at(-1) === tokens.at(-1) && !/\s$/u.test(text);
  const query = parseQuery(rest.map((token) => token.text).join(' ') + (isTyped ? '' : ' '));
  if (span) {
    query.after = Math.max(query.after ?? -Infinity, span.after);
    query.before = Math.min(query.before ?? Infinity, span.before);
  }
  if (people) query.from = [...people];
  return { query, understood: true, music };
}

const ENDING = /^[аяыиуюеойьм]*$/u;

/** Whether a folded word may be a form of a folded name: its beginning, or, in Russian, another case of it. */
export function isNamed(name: string, word: string): boolean {
  if (name.startsWith(word)) return true;
  if (!/^\p{Script=Cyrillic}+$/u.test(word) || word.length < 3) return false;
  let common = 0;
  while (common < name.length && name[common] === word[common]) common += 1;
  const [ofName, ofWord] = [name.slice(common), word.slice(common)];
  return common >= 2 && ofName.length <= 1 && ofWord.length <= 2 && ENDING.test(ofName) && ENDING.test(ofWord);
}

/** Whether each word of what was typed is a form of one of a person's folded names. */
export function isCalled(foldedNames: string, typed: string): boolean {
  const names = foldedNames.split(' ');
  const asked = fold(typed).split(' ');
  return asked.every((word) => names.some((name) => isNamed(name, word)));
}
