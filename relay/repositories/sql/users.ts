/** Users and their search terms. */
import { fold } from '#contract/model/search-text.ts';
import { canBeStored, foldUsername, searchTerms } from '../../folding.ts';
import type { NewUser, ProfileChange, TermPlace, Users } from '../ports.ts';
import type { Dialect, List, Tally } from './dialect.ts';
import { USER_COLUMNS } from './user-columns.ts';
import { searchOn } from './user-search.ts';
import { sortedUsersOn } from './user-sorts.ts';
import { prepare, type Session } from './statement.ts';
import { prepareTimeList, timeList } from './time-list.ts';

function prepareAll({ builder, isAmong }: Dialect) {
  const users = builder.selectFrom('users').select(USER_COLUMNS);
  const alive = users.where('deleted_at', 'is', null);
  return {
    byIds: prepare((p: { ids: List }) => users.where(isAmong('id', p.ids))),
    byIdEver: prepare((p: { id: string }) => users.where('id', '=', p.id)),
    byId: prepare((p: { id: string }) => alive.where('id', '=', p.id)),
    byName: prepare((p: { name: string }) => alive.where('username_folded', '=', p.name)),
    named: prepare((p: { name: string }) =>
      builder.selectFrom('users').select('id').where('username_folded', '=', p.name),
    ),
    admin: prepare(() => alive.where('role', '=', 'admin').orderBy('created_at').limit(1)),
    ...prepareTimeList(alive.where('role', '=', 'user')),
    insert: prepare((p: NewUser & { folded: string; searchName: string }) =>
      builder.insertInto('users').values({
        id: p.id,
        username: p.username,
        username_folded: p.folded,
        search_name: p.searchName,
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
  };
}

/** Prepares the statements; the result makes the repository for a session. */
export function usersOn(dialect: Dialect): (session: Session, tally: Tally) => Users {
  const statements = prepareAll(dialect);
  const search = searchOn(dialect);
  const sorted = sortedUsersOn(dialect);

  return (session, tally) => {
    async function index(user: Pick<NewUser, 'id' | 'username' | 'firstName' | 'lastName'>): Promise<void> {
      await statements.deleteTerms.run(session, user);
      for (const term of searchTerms(user)) await statements.insertTerm.run(session, { term, userId: user.id });
    }

    return {
      find: (id) => statements.byId.first(session, { id }),
      findAllEver(ids) {
        const [id] = ids;
        // The sender of a new message, most of the time: a list of one takes twice as long.
        if (ids.length === 1 && id !== undefined) return statements.byIdEver.all(session, { id });
        return statements.byIds.all(session, { ids: dialect.list(ids) });
      },
      async findByName(username) {
        const name = foldUsername(username);
        return canBeStored(name) ? statements.byName.first(session, { name }) : null;
      },
      async isNameTaken(username) {
        const name = foldUsername(username);
        return canBeStored(name) && (await statements.named.first(session, { name })) !== null;
      },
      findAdmin: () => statements.admin.first(session, {}),
      async insert(user) {
        const { username } = user;
        const names = { folded: foldUsername(username), searchName: fold(username) };
        await statements.insert.run(session, { ...user, ...names });
        // The administrator is a role, not a person to write to, so it is neither searchable nor counted.
        if (user.role !== 'user') return;
        tally('users', 1, user.createdAt);
        await index(user);
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
      ...search(session),
      sorted: sorted(session),
      ...timeList(statements, session),
    };
  };
}
