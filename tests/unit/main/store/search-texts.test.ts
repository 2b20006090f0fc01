import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { fold } from '../../../../contract/model/search-text.ts';
import { arrive, CHAT, message, type OpenStore } from './open-store.ts';
import { hits, ids, openChats, WAYS } from './search-world.ts';

let store: OpenStore;
afterEach(() => store.close());

/** Words as they are written, and what they are to a search; some begin with others. */
const WORDS: readonly [string, string][] = [
  ['tea', 'tea'],
  ['Team', 'team'],
  ['TEAPOT', 'teapot'],
  ['чай', 'чай'],
  ['Чайник', 'чайник'],
  ['Ёлка', 'елка'],
  ['café', 'cafe'],
  ['Cafe\u0301s', 'cafes'],
  ['naïve', 'naive'],
  ['OR', 'or'],
  ['near', 'near'],
  ['海', '海'],
  ['カ', 'カ'],
  ['カ\u3099', 'ガ'],
  ['❤️', '❤'],
  ['42', '42'],
];
const SEPARATORS = [' ', ', ', '-', ' — ', '\n', '_', '"', '*', ' (', '\0', '→ '];

type WordOf = { shown: string; folded: string; start: number };
type Text = { content: string; words: WordOf[] };

const word = fc.constantFrom(...WORDS);
const text = fc
  .array(fc.tuple(word, fc.constantFrom(...SEPARATORS)), { minLength: 1, maxLength: 8 })
  .map((parts): Text => {
    const words: WordOf[] = [];
    let content = '';
    for (const [[shown, folded], separator] of parts) {
      words.push({ shown, folded, start: content.length });
      content += `${shown}${separator}`;
    }
    return { content, words };
  });
/** A query: phrases of whole words, and perhaps the beginning of one. */
const query = fc.record({
  phrases: fc.array(fc.array(word, { minLength: 1, maxLength: 2 }), { maxLength: 2 }),
  prefix: fc.option(
    fc.tuple(word, fc.integer({ min: 1, max: 4 })).map(([[, folded], length]) => folded.slice(0, length)),
  ),
});
type Query = { phrases: [string, string][][]; prefix: string | null };

function typed({ phrases, prefix }: Query): string {
  return [...phrases.map((phrase) => `"${phrase.map(([shown]) => shown).join(' ')}"`), prefix ?? ''].join(' ');
}

/** Every place in a text that a query asks for: the first word and how many. */
function places({ words }: Text, { phrases, prefix }: Query): { phrase: number; first: number; count: number }[] {
  return words.flatMap((one, first) => [
    ...phrases.flatMap((parts, phrase) =>
      parts.every(([, folded], n) => words[first + n]?.folded === folded)
        ? [{ phrase, first, count: parts.length }]
        : [],
    ),
    ...(prefix !== null && one.folded.startsWith(prefix) ? [{ phrase: phrases.length, first, count: 1 }] : []),
  ]);
}

function matches(one: Text, asked: Query): boolean {
  const wanted = asked.phrases.length + Number(asked.prefix !== null);
  return wanted > 0 && new Set(places(one, asked).map(({ phrase }) => phrase)).size === wanted;
}

describe.each(WAYS)('any query of any texts, searched %s', (_name, useFts) => {
  it('finds exactly what holds all of it, and marks exactly that', () => {
    store = openChats(useFts);
    let run = 0;
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 10 }), query, (texts, asked) => {
        run += 1;
        const chatId = `chat ${run}`;
        const id = (n: number): string => `${run} ${n}`;
        arrive(store.context, ...texts.map(({ content }, n) => message(n, { id: id(n), chatId, content })));
        const found = hits(store, typed(asked), { chatId });
        expect(found.map(({ messageId }) => messageId).sort()).toEqual(
          texts.flatMap((one, n) => (matches(one, asked) ? [id(n)] : [])).sort(),
        );
        for (const hit of found) {
          const one = texts[Number(hit.messageId.split(' ')[1])];
          if (!one) throw new Error(`found ${hit.messageId}`);
          // These texts are short: at most their beginning is left out, with one sign in its place.
          const isCut = hit.excerpt.startsWith('…');
          const shown = isCut ? hit.excerpt.slice(1) : hit.excerpt;
          const before = one.content.length - shown.length;
          expect(shown).toBe(one.content.slice(before).replaceAll('\n', ' '));
          expect(before > 0).toBe(isCut);
          const shift = before - Number(isCut);
          const all = places(one, asked).map(({ first, count }) => {
            const last = one.words[first + count - 1];
            const start = one.words[first]?.start ?? -1;
            return { start, length: last ? last.start + last.shown.length - start : 0 };
          });
          // Each mark is a place, they stand apart in their order, and no place is without one.
          const marks = hit.marks.map(({ start, length }) => ({ start: start + shift, length }));
          for (const mark of marks) expect(all).toContainEqual(mark);
          marks.reduce((end, mark) => {
            expect(mark.start).toBeGreaterThanOrEqual(end);
            return mark.start + mark.length;
          }, 0);
          for (const place of all) {
            const isMarked = marks.some(
              (mark) => mark.start < place.start + place.length && place.start < mark.start + mark.length,
            );
            expect(isMarked).toBe(true);
          }
        }
      }),
      { numRuns: 150 },
    );
  });

  it('never fails, and never finds a message without words by a word', () => {
    store = openChats(useFts);
    arrive(store.context, message(1, { content: '👍 … —' }), message(2, { content: 'words tags OR NOT tea near' }));
    const piece = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc.constantFrom('"', '*', '-', ' ', '(', ')', ':', '^', '+', '{', '}', "'", ';', '%', '_', '\0', '\\', '\n'),
      fc.constantFrom('tea', 'OR', 'AND', 'NOT', 'NEAR', 'NEAR(', 'words:', 'tags:', 'has:', 'from:"', 'in:', 'after:'),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        expect(ids(store, `tea ${pieces.join('')}`)).not.toContain(message(1).id);
        expect(ids(store, `${pieces.join('')} nowhere `)).toEqual([]);
        expect(ids(store, `${pieces.join('')}`, { chatId: 'nowhere' })).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it('finds a text of any writing by each of its words', () => {
    store = openChats(useFts);
    let run = 0;
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }), (random) => {
        // What is for private use is a letter, but has no case and no marks of its own: left out here.
        const content = random.replace(/\p{Co}/gu, ' ');
        run += 1;
        const id = `any ${run}`;
        arrive(store.context, message(run, { id, content }));
        for (const [shown] of content.matchAll(/[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu)) {
          // A line that stretches a word and has none to stretch, a vowel sign that stands by itself: no word is left.
          if (!/[\p{L}\p{N}]/u.test(fold(shown))) continue;
          expect(ids(store, `"${shown}"`, { limit: 1000 })).toContain(id);
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('an excerpt', () => {
  const around = fc.record({
    before: fc.array(fc.constantFrom('word ', 'слово ', '👍', '\n', 'e\u0301 ', '\ud83d '), { maxLength: 200 }),
    after: fc.array(fc.constantFrom(' word', ' слово', '👍', '\n', ' \udc4d'), { maxLength: 200 }),
  });

  it('shows the word wherever it stands, marked, in a length for one line', () => {
    store = openChats(true);
    let run = 0;
    fc.assert(
      fc.property(around, ({ before, after }) => {
        run += 1;
        const chatId = `chat ${run}`;
        arrive(
          store.context,
          message(run, { id: `m ${run}`, chatId, content: `${before.join('')} needle${after.join('')}` }),
        );
        const [hit] = hits(store, 'needle ', { chatId });
        expect(hit?.marks.map(({ start, length }) => hit.excerpt.slice(start, start + length))).toEqual(['needle']);
        expect(hit?.excerpt.length).toBeLessThanOrEqual(162);
        expect(hit?.excerpt).not.toMatch(/\n/);
        expect(hit?.excerpt.isWellFormed()).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  it.each([0, 1])('is whole where the cut falls into a sign of two units (%i)', (units) => {
    store = openChats(true);
    arrive(store.context, message(1, { content: `needle ${'-'.repeat(units)}${'👍'.repeat(100)}` }));
    const excerpt = hits(store, 'needle')[0]?.excerpt;
    expect(excerpt).toHaveLength(161);
    expect(excerpt?.isWellFormed()).toBe(true);
  });

  it('is the beginning where no word was asked for', () => {
    store = openChats(true);
    const content = `https://example.org ${'word '.repeat(100)}`;
    arrive(store.context, message(1, { content }));
    expect(hits(store, 'has:link', { chatId: CHAT })).toMatchObject([
      { excerpt: `${content.slice(0, 160)}…`, marks: [] },
    ]);
  });
});
