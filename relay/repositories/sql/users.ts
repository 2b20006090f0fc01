/** Users and their search terms. */
import { afterPrefix, foldUsername, searchTerms } from '../../folding.ts';
import type { FoundUser, NewUser, ProfileChange, TermPlace, Users } from '../ports.ts';
import type { Dialect, List } from './dialect.ts';
import { prepare, type Session, type Statement } from './statement.ts';

const COLUMNS = [
  'id',
  'username',
  'first_name as firstName',
  'last_name as lastName',
  'age',
  'bio',
  'avatar_url as avatarUrl',
  'password_hash as passwordHash',
  'role',
  'token_version as tokenVersion',
  'seq',
  'created_at as createdAt',
  'last_seen_at as lastSeenAt',
] as const;

interface Scan extends TermPlace {
  end: string;
  limit: number;
}
/** The part of the index that was scanned, and the other words with the ends of their ranges. */
type Match = TermPlace & { lastTerm: string; lastUserId: string } & Readonly<
    Record<`${'word' | 'end'}${number}`, string>
  >;

function prepareAll({ builder, isAmong }: Dialect) {
  const users = builder.selectFrom('users').select(COLUMNS);
  const alive = users.where('deleted_at', 'is', null);
  const people = alive.where('role', '=', 'user');
  return {
    byIds: prepare((p: { ids: List }) => users.where(isAmong('id', p.ids))),
    byId: prepare((p: { id: string }) => alive.where('id', '=', p.id)),
    byName: prepare((p: { name: string }) => alive.where('username_folded', '=', p.name)),
    named: prepare((p: { name: string }) =>
      builder.selectFrom('users').select('id').where('username_folded', '=', p.name),
    ),
    admin: prepare(() => alive.where('role', '=', 'admin').orderBy('created_at').limit(1)),
    page: prepare((p: { limit: number; offset: number }) =>
      people.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(p.limit).offset(p.offset),
    ),
    count: prepare(() =>
      builder
        .selectFrom('users')
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .where('role', '=', 'user')
        .where('deleted_at', 'is', null),
    ),
    insert: prepare((p: NewUser & { folded: string }) =>
      builder.insertInto('users').values({
        id: p.id,
        username: p.username,
        username_folded: p.folded,
        first_name: p.firstName,
        last_name: p.lastName,
        age: p.age,
        bio: p.bio,
        password_hash: p.passwordHash,
        role: p.role,
        created_at: p.createdAt,
      }),
    ),
    update: prepare((p: Required<ProfileChange> & { id: string }) =>
      builder
        .updateTable('users')
        .set({ first_name: p.firstName, last_name: p.lastName, bio: p.bio, avatar_url: p.avatarUrl })
        .where('id', '=', p.id),
    ),
    setPassword: prepare((p: { id: string; hash: string }) =>
      builder
        .updateTable('users')
        .set((eb) => ({ password_hash: p.hash, token_version: eb('token_version', '+', 1) }))
        .where('id', '=', p.id),
    ),
    setSeen: prepare((p: { id: string; at: number }) =>
      builder.updateTable('users').set({ last_seen_at: p.at }).where('id', '=', p.id),
    ),
    insertTerm: prepare((p: TermPlace) =>
      builder
        .insertInto('user_terms')
        .values({ term: p.term, user_id: p.userId })
        .onConflict((conflict) => conflict.doNothing()),
    ),
    deleteTerms: prepare((p: { id: string }) => builder.deleteFrom('user_terms').where('user_id', '=', p.id)),
    nextTerms: prepare((p: Scan) =>
      builder
        .selectFrom('user_terms')
        .select(['term', 'user_id as userId'])
        .where((eb) => eb(eb.refTuple('term', 'user_id'), '>', eb.tuple(p.term, p.userId)))
        .where('term', '<', p.end)
        .orderBy('term')
        .orderBy('user_id')
        .limit(p.limit),
    ),
  };
}

/** The people in a scanned part of the index whose terms match all other words as well. */
function prepareMatch({ builder }: Dialect, others: number): Statement<Match, FoundUser> {
  return prepare((p: Match) => {
    let query = builder
      .selectFrom('user_terms as t')
      .innerJoin('users as u', 'u.id', 't.user_id')
      .select(['u.id', 'u.username_folded as usernameFolded'])
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

/** Prepares the statements; the result makes the repository for a session. */
export function usersOn(dialect: Dialect): (session: Session) => Users {
  const statements = prepareAll(dialect);
  const matches = new Map<number, Statement<Match, FoundUser>>();
  const matchOf = (others: number): Statement<Match, FoundUser> => {
    const known = matches.get(others) ?? prepareMatch(dialect, others);
    matches.set(others, known);
    return known;
  };

  return (session) => {
    async function index(user: Pick<NewUser, 'id' | 'username' | 'firstName' | 'lastName'>): Promise<void> {
      await statements.deleteTerms.run(session, user);
      for (const term of searchTerms(user)) await statements.insertTerm.run(session, { term, userId: user.id });
    }

    return {
      find: (id) => statements.byId.first(session, { id }),
      findAllEver: (ids) => statements.byIds.all(session, { ids: dialect.list(ids) }),
      findByName: (username) => statements.byName.first(session, { name: foldUsername(username) }),
      isNameTaken: async (username) =>
        (await statements.named.first(session, { name: foldUsername(username) })) !== null,
      findAdmin: () => statements.admin.first(session, {}),
      async insert(user) {
        await statements.insert.run(session, { ...user, folded: foldUsername(user.username) });
        // The administrator is a role, not a person to write to, so it is not searchable.
        if (user.role === 'user') await index(user);
      },
      async update(id, change) {
        const before = await statements.byId.first(session, { id });
        if (!before) return null;
        const after = { ...before, ...change };
        await statements.update.run(session, after);
        if (after.role === 'user') await index(after);
        return after;
      },
      setPassword: async (id, hash) => void (await statements.setPassword.run(session, { id, hash })),
      setSeen: async (id, at) => void (await statements.setSeen.run(session, { id, at })),
      async match(prefix, others, after, limit) {
        const places = await statements.nextTerms.all(session, { ...after, end: afterPrefix(prefix), limit });
        const last = places.at(-1);
        if (!last) return { found: [], last: null };
        const ranges = others.flatMap((word, at): [string, string][] => [
          [`word${at}`, word],
          [`end${at}`, afterPrefix(word)],
        ]);
        const scanned = { ...after, lastTerm: last.term, lastUserId: last.userId };
        const found = await matchOf(others.length).all(session, { ...scanned, ...Object.fromEntries(ranges) });
        return { found, last: places.length < limit ? null : last };
      },
      page: (limit, offset) => statements.page.all(session, { limit, offset }),
      count: async () => (await statements.count.first(session, {}))?.count ?? 0,
    };
  };
}
