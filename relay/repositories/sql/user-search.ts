/** The indexes by which people are found: their usernames, and all their search terms. */
import { afterPrefix, canBeStored } from '../../folding.ts';
import type { FoundUser, TermPlace, UserReads } from '../ports.ts';
import type { Dialect } from './dialect.ts';
import { prepare, type Session, type Statement } from './statement.ts';

const FOUND = ['u.id', 'u.search_name as searchName', 'u.username_folded as usernameFolded'] as const;

/** A scanned part of the terms, and the other words of the query with the ends of their ranges. */
type Part = TermPlace & { lastTerm: string; lastUserId: string } & Readonly<
    Record<`${'word' | 'end'}${number}`, string>
  >;

function prepareAll({ builder }: Dialect) {
  return {
    terms: prepare((p: TermPlace & { end: string; limit: number }) =>
      builder
        .selectFrom('user_terms')
        .select(['term', 'user_id as userId'])
        .where((eb) => eb(eb.refTuple('term', 'user_id'), '>', eb.tuple(p.term, p.userId)))
        .where('term', '<', p.end)
        .orderBy('term')
        .orderBy('user_id')
        .limit(p.limit),
    ),
    named: prepare((p: { prefix: string; end: string; limit: number }) =>
      builder
        .selectFrom('users as u')
        .select(FOUND)
        .where('u.search_name', '>=', p.prefix)
        .where('u.search_name', '<', p.end)
        .where('u.role', '=', 'user')
        .where('u.deleted_at', 'is', null)
        .orderBy('u.search_name')
        .orderBy('u.username_folded')
        .limit(p.limit),
    ),
  };
}

/** The people in a scanned part of the terms who match all other words, once per term. */
function prepareMatch({ builder }: Dialect, others: number): Statement<Part, FoundUser> {
  return prepare((p: Part) => {
    let query = builder
      .selectFrom('user_terms as t')
      .innerJoin('users as u', 'u.id', 't.user_id')
      .select(FOUND)
      .where((eb) => eb(eb.refTuple('t.term', 't.user_id'), '>', eb.tuple(p.term, p.userId)))
      .where((eb) => eb(eb.refTuple('t.term', 't.user_id'), '<=', eb.tuple(p.lastTerm, p.lastUserId)))
      .where('u.deleted_at', 'is', null);
    for (let index = 0; index < others; index += 1) {
      query = query.where((eb) =>
        eb.exists(
          eb
            .selectFrom('user_terms as o')
            .select('o.term')
            .whereRef('o.user_id', '=', 'u.id')
            .where('o.term', '>=', p[`word${index}`] ?? '')
            .where('o.term', '<', p[`end${index}`] ?? ''),
        ),
      );
    }
    return query;
  });
}

/** Prepares the statements; the result makes the searches for a session. */
export function searchOn(dialect: Dialect): (session: Session) => Pick<UserReads, 'match' | 'named'> {
  const statements = prepareAll(dialect);
  /** By the number of other words. */
  const matches = new Map<number, Statement<Part, FoundUser>>();
  const matchOf = (others: number): Statement<Part, FoundUser> => {
    const known = matches.get(others) ?? prepareMatch(dialect, others);
    matches.set(others, known);
    return known;
  };
  return (session) => ({
    async match(prefix, others, after, limit) {
      if (!canBeStored(prefix, ...others)) return { found: [], last: null };
      const places = await statements.terms.all(session, { ...after, end: afterPrefix(prefix), limit });
      const last = places.at(-1);
      if (!last) return { found: [], last: null };
      const ranges = others.flatMap((word, at): [string, string][] => [
        [`word${at}`, word],
        [`end${at}`, afterPrefix(word)],
      ]);
      const part = { ...after, lastTerm: last.term, lastUserId: last.userId, ...Object.fromEntries(ranges) };
      const found = await matchOf(others.length).all(session, part);
      return { found, last: places.length < limit ? null : last };
    },
    named: async (prefix, limit) =>
      canBeStored(prefix) ? statements.named.all(session, { prefix, end: afterPrefix(prefix), limit }) : [],
  });
}
