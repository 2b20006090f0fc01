/** The words of a track: as they are shown, and folded as they are ordered, grouped and found by. Pure. */
import { createHash } from 'node:crypto';
import { LIMITS } from '#contract/model/limits.ts';
import { fold, foldedWords } from '#contract/model/search-text.ts';
import { hasVisibleText, stripBidiControls } from '#contract/model/text.ts';

export interface TrackWords {
  title: string;
  artist: string | null;
  album: string | null;
  genre: string | null;
}

/** Words in place of the server's. Null takes one away; one that is missing stays. */
export type TrackEdit = { [K in keyof TrackWords]?: string | null };

export interface TrackKeys {
  titleKey: string;
  artistKey: string | null;
  /** The folded name of its album: albums of several artists may share it. */
  albumName: string | null;
  /** Everything it is found by, as folded words with a blank before each. */
  words: string;
}

/** Longer keys are cut, and told apart by a hash of the whole. */
const LONGEST_KEY = 200;

/** Text fit to be shown: without what reorders it, and no longer than the contract allows; null when none is left. */
export function shownWord(text: string | null | undefined): string | null {
  const plain = stripBidiControls(text ?? '')
    .toWellFormed()
    .replace(/\s+/gu, ' ')
    .trim();
  return hasVisibleText(plain) ? plain.slice(0, LIMITS.trackTitle.max).toWellFormed() : null;
}

/** What stands for an artist or an album by its name: the same for spellings that a search takes for the same. */
export function groupKey(name: string): string {
  const folded = fold(name).replace(/\s+/gu, ' ').trim() || name;
  if (folded.length <= LONGEST_KEY) return folded;
  return `${folded.slice(0, LONGEST_KEY - 20).toWellFormed()} ${createHash('sha256').update(folded).digest('hex').slice(0, 16)}`;
}

/** The folded form of a track's words. */
export function keysOf({ title, artist, album, genre }: TrackWords): TrackKeys {
  const all = [title, artist, album, genre].filter((text) => text !== null).join(' ');
  return {
    // A title that is no word, such as "...", is ordered by its characters.
    titleKey: foldedWords(title) || fold(title),
    artistKey: artist === null ? null : groupKey(artist),
    albumName: album === null ? null : groupKey(album),
    words: ` ${foldedWords(all)}`,
  };
}

/** The words as this person wants them. */
export function editedWords(said: TrackWords, edit: TrackEdit): TrackWords {
  const pick = (name: 'artist' | 'album' | 'genre'): string | null =>
    edit[name] === undefined ? said[name] : shownWord(edit[name]);
  // A track is always called something.
  return {
    title: shownWord(edit.title) ?? said.title,
    artist: pick('artist'),
    album: pick('album'),
    genre: pick('genre'),
  };
}

/** An edit with what was changed last; null when nothing of it differs from the server's words. */
export function mergedEdit(said: TrackWords, known: TrackEdit, change: TrackEdit): TrackEdit | null {
  const merged = { ...known, ...change };
  const shown = editedWords(said, merged);
  const names = ['title', 'artist', 'album', 'genre'] as const;
  const kept = names.filter((name) => shown[name] !== said[name]).map((name) => [name, shown[name]]);
  return kept.length === 0 ? null : (Object.fromEntries(kept) as TrackEdit);
}
