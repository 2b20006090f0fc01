/** The music library. */
import { LIMITS } from '#contract/model/limits.ts';
import { firstCharacters } from '#contract/model/text.ts';
import { afterPrefix, canBeStored } from '../../folding.ts';
import type { TrackRow } from '../../records.ts';
import type { TrackKeys, Tracks, TrackSort } from '../ports.ts';
import type { Dialect, List } from './dialect.ts';
import { prepare, type Session, type Statement } from './statement.ts';

const COLUMNS = [
  'file_id as fileId',
  'uploaded_by as uploadedBy',
  'title',
  'artist',
  'album',
  'year',
  'genre',
  'track_number as trackNumber',
  'duration',
  'created_at as createdAt',
] as const;

/** What is unknown comes last. */
const LAST = afterPrefix('');

interface Keys {
  titleKey: string;
  artistKey: string;
  albumKey: string;
  searchKey: string;
}

/**
 * What an order compares. Folded, a character may have become eighteen, and PostgreSQL takes at most 2,704 bytes into an
 * index: what comes after as many characters as a title may have is left out.
 */
function orderKey(folded: string | null): string {
  return folded === null ? LAST : firstCharacters(folded, LIMITS.trackTitle.max);
}

function keysOf({ title, artist, album, search }: TrackKeys): Keys {
  return { titleKey: orderKey(title), artistKey: orderKey(artist), albumKey: orderKey(album), searchKey: search };
}

type Words = Readonly<Record<`word${number}`, string>>;
type Page = Words & { limit: number; offset: number };

function wordsOf(words: readonly string[]): Words {
  return Object.fromEntries(words.map((word, index) => [`word${index}`, word]));
}

function prepareAll({ builder, isAmong }: Dialect) {
  return {
    byId: prepare((p: { fileId: string }) =>
      builder.selectFrom('tracks').select(COLUMNS).where('file_id', '=', p.fileId),
    ),
    byIds: prepare((p: { ids: List }) => builder.selectFrom('tracks').select(COLUMNS).where(isAmong('file_id', p.ids))),
    insert: prepare((p: TrackRow & Keys) =>
      builder.insertInto('tracks').values({
        file_id: p.fileId,
        uploaded_by: p.uploadedBy,
        title: p.title,
        artist: p.artist,
        album: p.album,
        year: p.year,
        genre: p.genre,
        track_number: p.trackNumber,
        duration: p.duration,
        created_at: p.createdAt,
        title_key: p.titleKey,
        artist_key: p.artistKey,
        album_key: p.albumKey,
        search_key: p.searchKey,
      }),
    ),
    update: prepare((p: TrackRow & Keys) =>
      builder
        .updateTable('tracks')
        .set({
          title: p.title,
          artist: p.artist,
          album: p.album,
          year: p.year,
          genre: p.genre,
          track_number: p.trackNumber,
          title_key: p.titleKey,
          artist_key: p.artistKey,
          album_key: p.albumKey,
          search_key: p.searchKey,
        })
        .where('file_id', '=', p.fileId),
    ),
    remove: prepare((p: { fileId: string }) => builder.deleteFrom('tracks').where('file_id', '=', p.fileId)),
  };
}

/** The tracks with each of so many words somewhere in their search key. */
function containing({ builder, contains }: Dialect, p: Words, words: number) {
  let query = builder.selectFrom('tracks');
  for (let index = 0; index < words; index += 1) query = query.where(contains('search_key', p[`word${index}`] ?? ''));
  return query;
}

function prepareCount(dialect: Dialect, words: number): Statement<Words, { count: number }> {
  return prepare((p: Words) => containing(dialect, p, words).select((eb) => eb.fn.countAll<number>().as('count')));
}

/**
 * The order alone: what else there is of a track is read when it is its turn. The file's id decides between equals, so
 * that pages do not overlap.
 */
function preparePage(dialect: Dialect, words: number, sort: TrackSort): Statement<Page, { id: string }> {
  return prepare((p: Page) => {
    const page = containing(dialect, p, words).select('file_id as id').limit(p.limit).offset(p.offset);
    switch (sort) {
      case 'added':
        return page.orderBy('created_at', 'desc').orderBy('file_id', 'desc');
      case 'title':
        return page.orderBy('title_key').orderBy('file_id');
      case 'artist':
      case 'album':
        return (sort === 'artist' ? page.orderBy('artist_key') : page)
          .orderBy('album_key')
          .orderBy((eb) => eb.fn.coalesce('track_number', eb.lit(0)))
          .orderBy('title_key')
          .orderBy('file_id');
    }
  });
}

/** Prepares the statements; the result makes the repository for a session. */
export function tracksOn(dialect: Dialect): (session: Session) => Tracks {
  const statements = prepareAll(dialect);
  // Few: the number of words is bounded by the caller.
  const pages = new Map<string, Statement<Page, { id: string }>>();
  const counts = new Map<number, Statement<Words, { count: number }>>();
  function pageOf(words: number, sort: TrackSort): Statement<Page, { id: string }> {
    const key = `${sort} ${words}`;
    const known = pages.get(key) ?? preparePage(dialect, words, sort);
    pages.set(key, known);
    return known;
  }
  function countOf(words: number): Statement<Words, { count: number }> {
    const known = counts.get(words) ?? prepareCount(dialect, words);
    counts.set(words, known);
    return known;
  }

  return (session) => ({
    find: (fileId) => statements.byId.first(session, { fileId }),
    findAll: (fileIds) => statements.byIds.all(session, { ids: dialect.list(fileIds) }),
    async ids({ words, sort, limit, offset }) {
      if (!canBeStored(...words)) return [];
      return (await pageOf(words.length, sort).all(session, { ...wordsOf(words), limit, offset })).map(({ id }) => id);
    },
    async count(words) {
      return canBeStored(...words) ? ((await countOf(words.length).first(session, wordsOf(words)))?.count ?? 0) : 0;
    },
    insert: async (track, keys) => void (await statements.insert.run(session, { ...track, ...keysOf(keys) })),
    update: async (track, keys) => void (await statements.update.run(session, { ...track, ...keysOf(keys) })),
    remove: async (fileId) => void (await statements.remove.run(session, { fileId })),
  });
}
