/** The administrator's view of the whole node. */
import { TOP_REACTIONS, type AdminUser, type UserSortName } from '#contract/api/admin.ts';
import type { Message, Reaction } from '#contract/api/message.ts';
import type { User } from '#contract/api/user.ts';
import { LIMITS } from '#contract/model/limits.ts';
import type { RouteAnswer } from '#contract/routes.ts';
import type { Bus } from '../delivery/ports.ts';
import { invalidField } from '../errors.ts';
import type { UserRow } from '../records.ts';
import type { Reads, TimeList, TimePlace, Totals } from '../repositories/ports.ts';
import type { Turns } from '../turns.ts';
import type { AdminLists } from './admin-lists.ts';
import { readSeries, type SeriesQuery } from './admin-series.ts';
import { cursorOf, placeOf, walkOn, type Walk, type WalkPart } from './admin-walks.ts';
import { createDeepPages } from './deep-pages.ts';
import { ownUser, publicUser, reactionView, type ViewsFor } from './views.ts';

export interface AdministrationOptions {
  reads: Pick<Reads, 'users' | 'messages' | 'reactions' | 'totals' | 'hours' | 'activity'>;
  lists: AdminLists;
  bus: Pick<Bus, 'count'>;
  turns: Turns;
  viewsFor: ViewsFor;
  /** Whether orders, searches, cursors and series are offered. */
  isExtended: boolean;
  /** Size of the database on disk in bytes; files are added to it. */
  storageBytes: () => Promise<number>;
  uptimeSeconds: () => number;
  now: () => number;
}

export interface ListQuery {
  limit?: number | undefined;
  offset?: number | undefined;
  q?: string | undefined;
  sort?: UserSortName | undefined;
  cursor?: string | undefined;
}

/** How far a page by offset may lie back in a search, or in an order that has no numbers. */
const MOST_OFFSET = 1000;

/** Rows of a page, where the next one begins, and how many there are if that is known. */
interface Page<Row> {
  rows: Row[];
  next?: string;
  total?: number;
}

function pageOf<Row>({ rows, next }: WalkPart<Row>, total?: number): Page<Row> {
  return { rows, ...(next ? { next: cursorOf(next) } : {}), ...(total === undefined ? {} : { total }) };
}

export type Administration = ReturnType<typeof createAdministration>;

export function createAdministration(options: AdministrationOptions) {
  const { reads, lists, bus, turns, viewsFor, isExtended, storageBytes, uptimeSeconds, now } = options;
  const { totals, hours, activity } = reads;

  function numbered<Row extends TimePlace>(list: TimeList<Row>, name: keyof Totals, isKept: boolean) {
    const count = async (): Promise<number> => (await totals.read())[name];
    const reaching = (offset: number) => hours.reaching(name, offset);
    return { count, ...createDeepPages(list, count, isKept, { turns, reaching }) };
  }
  const users = numbered(reads.users, 'users', true);
  const messages = numbered(reads.messages, 'messages', true);
  // They can be taken back.
  const reactions = numbered(reads.reactions, 'reactions', false);

  interface Listed<Row> {
    walk: (sort: UserSortName | undefined) => Walk<Row>;
    matches: (q: string) => Promise<(row: Row) => boolean>;
    pages: ReturnType<typeof numbered<Row & TimePlace>>;
  }

  /** From the top of an order: the rows before the offset are read as well. */
  async function counted<Row>(walk: Walk<Row>, limit: number, offset: number, matches: ((row: Row) => boolean) | null) {
    if (offset > MOST_OFFSET) throw invalidField('offset', 'too_large', 'That is too far: go on by cursor.');
    const part = await walkOn(walk, null, offset + limit, matches, turns);
    return { ...part, rows: part.rows.slice(offset) };
  }

  /** By number, newest first; and from the other end, the same rows turned round. */
  async function byNumber<Row extends TimePlace>(
    pages: Listed<Row>['pages'],
    walk: Walk<Row>,
    limit: number,
    offset: number,
    isUp: boolean,
  ): Promise<Page<Row>> {
    const total = await pages.count();
    const from = isUp ? Math.max(0, total - offset - limit) : offset;
    const wanted = isUp ? Math.min(limit, Math.max(0, total - offset)) : limit;
    const found = wanted === 0 ? [] : await pages.page(wanted, from);
    const rows = isUp ? found.toReversed() : found;
    const last = rows.at(-1);
    const isMore = last !== undefined && offset + rows.length < total;
    return pageOf({ rows, next: isMore ? walk.placeOf(last) : null }, total);
  }

  async function read<Row extends TimePlace>(query: ListQuery, listed: Listed<Row>): Promise<Page<Row>> {
    const { limit = LIMITS.page.default, offset = 0 } = query;
    const { q, sort, cursor } = isExtended ? query : {};
    const walk = listed.walk(sort);
    const matches = q === undefined ? null : await listed.matches(q);
    if (cursor !== undefined) {
      const part = await walkOn(walk, placeOf(cursor), limit, matches, turns);
      return pageOf(part, matches ? undefined : await listed.pages.count());
    }
    if (matches) return pageOf(await counted(walk, limit, offset, matches));
    if (sort === undefined || sort === 'newest' || sort === 'oldest') {
      return byNumber(listed.pages, walk, limit, offset, sort === 'oldest');
    }
    return pageOf(await counted(walk, limit, offset, null), await listed.pages.count());
  }

  /** A search for people finds all of them at once: its pages are parts of that. */
  async function foundUsers(q: string, { limit = LIMITS.page.default, offset = 0, sort, cursor }: ListQuery) {
    const found = await lists.foundUsers(q, sort);
    const from = cursor === undefined ? offset : Number(placeOf(cursor).key);
    const end = from + limit;
    const rows = found.slice(from, end);
    return pageOf({ rows, next: end < found.length ? { key: end, tie: '' } : null }, found.length);
  }

  /** With what they have done, where that is offered. */
  async function shown(rows: UserRow[]): Promise<AdminUser[]> {
    if (!isExtended) return rows.map(ownUser);
    const done = await activity.of(rows.map(({ id }) => id));
    return rows.map((row, at) => {
      const { messages: sent = 0, storedBytes = 0 } = done[at] ?? {};
      return { ...ownUser(row), messages: sent, storedBytes };
    });
  }

  /** What stands beside the rows. */
  const beside = ({ next, total }: Page<unknown>) => ({
    ...(total === undefined ? {} : { total }),
    ...(next === undefined || !isExtended ? {} : { next }),
  });

  return {
    async statistics(query: SeriesQuery): Promise<RouteAnswer<'statistics'>> {
      const counts = await totals.read();
      const series = isExtended ? await readSeries(hours, query, now()) : undefined;
      return {
        users: counts.users,
        messages: counts.messages,
        chats: counts.chats,
        files: counts.files,
        calls: counts.calls,
        online: await bus.count(),
        storageBytes: (await storageBytes()) + counts.fileBytes,
        uptime: uptimeSeconds(),
        ...(series
          ? { series, topReactions: { among: counts.reactions, emojis: await totals.emojis(TOP_REACTIONS) } }
          : {}),
      };
    },
    async users(query: ListQuery): Promise<{ items: AdminUser[]; rest: { total?: number; next?: string } }> {
      const q = isExtended ? query.q : undefined;
      const page =
        q === undefined
          ? await read(query, { walk: (sort) => lists.users(sort), matches: async () => () => true, pages: users })
          : await foundUsers(q, query);
      return { items: await shown(page.rows), rest: beside(page) };
    },
    async messages(
      query: ListQuery,
    ): Promise<{ items: AsyncIterable<Message>; rest: { total?: number; next?: string } }> {
      const page = await read(query, {
        walk: (sort) => lists.messages(sort),
        matches: (q) => lists.messageMatches(q),
        pages: messages,
      });
      return { items: viewsFor(null).messages(page.rows), rest: beside(page) };
    },
    async reactions(
      query: ListQuery,
    ): Promise<{ items: Reaction[]; rest: { total?: number; next?: string; people?: User[] } }> {
      const page = await read(query, {
        walk: (sort) => lists.reactions(sort),
        matches: (q) => lists.reactionMatches(q),
        pages: reactions,
      });
      const ids = [...new Set(page.rows.map(({ userId }) => userId))];
      const people = isExtended ? { people: (await reads.users.findAllEver(ids)).map(publicUser) } : {};
      return { items: page.rows.map(reactionView), rest: { ...beside(page), ...people } };
    },
  };
}
