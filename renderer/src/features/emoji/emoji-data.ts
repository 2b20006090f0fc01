/** The emojis with their names and keywords in every language of the page: loaded on first use and cached. */
import { fold } from '#contract/model/search-text.ts';

/** One emoji in one language, as in the data set. */
export interface RawEmoji {
  hexcode: string;
  label: string;
  unicode: string;
  group?: number;
  order?: number;
  tags?: readonly string[];
  skins?: readonly { unicode: string }[];
}

export interface EmojiEntry {
  emoji: string;
  /** The data set's group number. */
  group: number;
  /** Its name in each language, in the order of the catalogues. */
  labels: readonly string[];
  /** Folded keywords of all languages. */
  words: readonly string[];
  /** From light to dark; empty when it has no skin tones. */
  skins: readonly string[];
}

/** The groups shown, in order; group 2 contains components of emojis. */
export const GROUPS = [0, 1, 3, 4, 5, 6, 7, 8, 9] as const;
export type EmojiGroup = (typeof GROUPS)[number];

function wordsOf(text: string): string[] {
  return fold(text).split(/[^\p{L}\p{N}]+/u);
}

/** Merges catalogues of the same emojis in several languages; the first one determines the order. */
export function joinCatalogues(catalogues: readonly (readonly RawEmoji[])[]): EmojiEntry[] {
  const [first = [], ...others] = catalogues;
  const byCode = others.map((catalogue) => new Map(catalogue.map((raw) => [raw.hexcode, raw])));
  return first
    .filter((raw) => raw.group !== undefined && GROUPS.some((group) => group === raw.group))
    .toSorted((a, b) => (a.order ?? 0) - (b.order ?? 0))
    .map((raw) => {
      const all = [raw, ...byCode.map((codes) => codes.get(raw.hexcode))].filter((one) => one !== undefined);
      const words = all.flatMap((one) => [...wordsOf(one.label), ...(one.tags ?? []).flatMap(wordsOf)]);
      return {
        emoji: raw.unicode,
        group: raw.group ?? 0,
        labels: all.map((one) => one.label),
        words: [...new Set(words.filter((word) => word !== ''))],
        // Pairs of people have a form for each pair of tones: only single tones are offered.
        skins: (raw.skins ?? []).slice(0, 5).map((skin) => skin.unicode),
      };
    });
}

let loading: Promise<EmojiEntry[]> | null = null;

/** All emojis; names in the order English, Russian. Rejects when the data cannot be loaded; a later call retries. */
export function loadEmojis(): Promise<EmojiEntry[]> {
  loading ??= Promise.all([import('emojibase-data/en/compact.json'), import('emojibase-data/ru/compact.json')])
    .then(([en, ru]) => joinCatalogues([en.default, ru.default]))
    .catch((error: unknown) => {
      loading = null;
      throw error;
    });
  return loading;
}
